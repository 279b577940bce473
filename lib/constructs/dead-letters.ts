import { Duration } from 'aws-cdk-lib';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { nameOf } from '../wire/names.ts';
import type { Settings } from '../wire/settings.ts';
import type { HouseKey } from './house-key.ts';
import { acknowledge } from './permissions.ts';

/** Where every event ends that could not be delivered or worked on; an alarm rings while it is not empty. */
export class DeadLetters extends Construct {
  readonly queue: Queue;

  constructor(
    scope: Construct,
    id: string,
    props: { readonly settings: Settings; readonly key?: HouseKey | undefined },
  ) {
    super(scope, id);
    const { settings, key } = props;
    this.queue = new Queue(this, 'Queue', {
      queueName: nameOf(settings.stage, 'dead-letters'),
      enforceSSL: true,
      // The longest there is: time for people to come back from a holiday.
      retentionPeriod: Duration.days(14),
      ...(key === undefined
        ? { encryption: QueueEncryption.SQS_MANAGED }
        : { encryption: QueueEncryption.KMS, encryptionMasterKey: key.key }),
    });
    acknowledge(this, { 'Serverless-SQSRedrivePolicy': 'this is the dead-letter queue itself' });
  }
}
