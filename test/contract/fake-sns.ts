import { PublishCommand, type PublishInput, SNSClient } from '@aws-sdk/client-sns';
import { mockClient } from 'aws-sdk-client-mock';
import { known, turn, unknownCommand } from './known-fields.ts';

/** SNS as far as the notifier uses it, in memory: it knows the topic's rules and no message that comes twice. */
export class FakeSns {
  readonly client = new SNSClient({ region: 'eu-central-1' });
  readonly topicArn = 'arn:aws:sns:eu-central-1:123456789012:millrace-dev-notifications';
  readonly published: PublishInput[] = [];
  /** Publications that fail before they reach anybody. */
  failing = 0;

  constructor() {
    const mock = mockClient(this.client);
    mock.onAnyCommand().callsFake(unknownCommand);
    mock.on(PublishCommand).callsFake(async (input: PublishInput) => {
      await turn();
      known('Publish', input, ['TopicArn', 'Subject', 'Message', 'MessageAttributes']);
      if (this.failing > 0) {
        this.failing -= 1;
        throw new Error('SNS is not to be reached');
      }
      if (input.TopicArn !== this.topicArn) throw new Error('there is no such topic');
      if (!/^[\x20-\x7e]{1,99}$/u.test(input.Subject ?? '')) throw new Error('Invalid parameter: Subject');
      if (Buffer.byteLength(input.Message ?? '') > 250 * 1024) throw new Error('Invalid parameter: Message');
      this.published.push(input);
      return { MessageId: `${this.published.length}` };
    });
  }
}
