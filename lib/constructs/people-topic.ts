import { Aws } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { nameOf } from '../wire/names.ts';
import type { Settings } from '../wire/settings.ts';
import type { DeadLetters } from './dead-letters.ts';
import type { HouseFunction } from './house-function.ts';
import type { HouseKey } from './house-key.ts';

export interface PeopleTopicProps {
  readonly settings: Settings;
  readonly deadLetters: DeadLetters;
  readonly key?: HouseKey | undefined;
}

/** What people are asked and told: each address in the settings confirms once by mail, and then gets every notice. */
export class PeopleTopic extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string, { settings, deadLetters, key }: PeopleTopicProps) {
    super(scope, id);
    this.topic = new Topic(this, 'Topic', {
      topicName: nameOf(settings.stage, 'people'),
      displayName: `Millrace ${settings.stage}`,
      enforceSSL: true,
      // Not under the key AWS manages for SNS: alarms cannot publish to a topic under it. Notices name models and runs,
      // never rows; `customerManagedKey` encrypts them with a key alarms may use, for $1 a month.
      ...(key === undefined ? {} : { masterKey: key.key }),
    });
    for (const address of settings.notificationEmails)
      this.topic.addSubscription(new EmailSubscription(address, { deadLetterQueue: deadLetters.queue }));
    this.#letAlarmsPublish();
  }

  grantPublish(fn: HouseFunction): void {
    fn.tell('topicArn', this.topic.topicArn);
    fn.allow({ actions: ['sns:Publish'], resources: [this.topic.topicArn] });
  }

  /** Alarms of this account, which have no role of their own. */
  #letAlarmsPublish(): void {
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AlarmsOfThisAccount',
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [this.topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
    );
  }
}
