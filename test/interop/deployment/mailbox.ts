import { SubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SetQueueAttributesCommand,
} from '@aws-sdk/client-sqs';
import * as z from 'zod';
import type { Clients } from './clients.ts';
import { until } from './timeline.ts';

const Envelope = z.object({ Subject: z.string().optional(), Message: z.string() });

export interface Mail {
  readonly subject: string;
  readonly text: string;
}

/** A queue that hears what people are told: it stands for an inbox, which no test can open. */
export const openMailbox = async ({ sqs, sns }: Pick<Clients, 'sqs' | 'sns'>, topicArn: string) => {
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'mailbox' }));
  const wanted = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] });
  const { Attributes } = await sqs.send(wanted);
  const queueArn = Attributes?.QueueArn ?? '';
  const policy = {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 'sns.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: queueArn,
        Condition: { ArnEquals: { 'aws:SourceArn': topicArn } },
      },
    ],
  };
  const attributes = { Policy: JSON.stringify(policy) };
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: attributes }));
  await sns.send(new SubscribeCommand({ TopicArn: topicArn, Protocol: 'sqs', Endpoint: queueArn }));

  const heard: Mail[] = [];
  const listen = async (): Promise<void> => {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 0 }),
    );
    for (const { Body = '', ReceiptHandle } of Messages) {
      const { Subject = '', Message } = Envelope.parse(JSON.parse(Body));
      heard.push({ subject: Subject, text: Message });
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    }
  };
  return {
    /** Everything heard so far, oldest first. */
    heard: heard as readonly Mail[],
    /** The first mail that fits, now or when it comes. */
    next: (what: string, timeoutSeconds: number, fits: (mail: Mail) => boolean): Promise<Mail> =>
      until(
        `${what}; heard: ${JSON.stringify(heard.map(({ subject }) => subject))}`,
        timeoutSeconds,
        async () => {
          await listen();
          return heard.find(fits);
        },
      ),
  };
};
