import { ArnFormat, Aws, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { nameOf } from '../wire/names.ts';
import { keepsData, type Settings } from '../wire/settings.ts';
import type { Principal } from './principal.ts';

/** The stage's own key, for teams that must hold it: buckets, table, topic, queue, stream and logs are encrypted with it. */
export class HouseKey extends Construct {
  readonly key: Key;
  readonly #stage: string;

  constructor(scope: Construct, id: string, { settings }: { readonly settings: Settings }) {
    super(scope, id);
    this.#stage = settings.stage;
    this.key = new Key(this, 'Key', {
      description: `Millrace, stage ${settings.stage}`,
      enableKeyRotation: true,
      // The shortest there is in stages that leave nothing behind; a retained key is never scheduled for deletion.
      pendingWindow: Duration.days(7),
      removalPolicy: keepsData(settings) ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    this.#letServicesEncrypt();
  }

  /** Lets one of our roles read and write what is encrypted with the key. */
  grantUse(principal: Principal): void {
    principal.allow({ actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [this.key.keyArn] });
  }

  /** Services that write on their own account: alarms to the topic, events to the queue, logs to their groups. */
  #letServicesEncrypt(): void {
    const account = { 'aws:SourceAccount': Aws.ACCOUNT_ID };
    const senders = ['cloudwatch', 'events', 'sns'].map(
      (name) => new ServicePrincipal(`${name}.amazonaws.com`),
    );
    this.key.addToResourcePolicy(
      new PolicyStatement({
        sid: 'ServicesThatSend',
        principals: senders,
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        resources: ['*'],
        conditions: { StringEquals: account },
      }),
    );
    const logs = Stack.of(this).formatArn({
      service: 'logs',
      resource: 'log-group',
      resourceName: nameOf(this.#stage, '*'),
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    this.key.addToResourcePolicy(
      new PolicyStatement({
        sid: 'Logs',
        principals: [new ServicePrincipal(`logs.${Aws.REGION}.amazonaws.com`)],
        actions: [
          'kms:Encrypt',
          'kms:Decrypt',
          'kms:GenerateDataKey',
          'kms:ReEncryptFrom',
          'kms:ReEncryptTo',
          'kms:DescribeKey',
        ],
        resources: ['*'],
        conditions: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': logs } },
      }),
    );
  }
}
