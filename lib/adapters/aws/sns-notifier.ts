import { createHash } from 'node:crypto';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import type { Clock } from '../../ports/clock.ts';
import type { Notification, Notifier } from '../../ports/notifier.ts';
import type { RecordKey, RecordStore } from '../../ports/record-store.ts';
import { isMillraceError } from '../../wire/errors.ts';
import { clientDefaults, lazily } from './sdk-errors.ts';
import { attributeOf, messageOf, subjectOf } from './sns-message.ts';

/**
 * How long whoever claimed a message may take to publish it (50 ms as a rule) before another takes over: through any
 * throttling (15 s), and well inside the 60 s of a function that is tried again after one that died.
 */
const claimMs = 20_000;
const lookAgainMs = 500;
/** Events are delivered again for a day, executions' names kept for 90: after that nobody sends the same message. */
const keptSeconds = 90 * 86_400;

const keyOf = (id: string): RecordKey => ({
  partition: `notification#${createHash('sha256').update(id).digest('hex')}`,
  sort: 'sent',
});

/**
 * Mails by SNS. SNS does not know a message that is sent twice, so a record does: it is claimed, the message published,
 * the record marked. Another that sends the same meanwhile waits for the outcome. People see a message twice only when
 * its sender dies, or loses SNS's answer, between publishing and marking; they never miss one.
 */
export const snsNotifier = (options: {
  readonly topicArn: string;
  readonly records: RecordStore;
  readonly clock: Clock;
  /** @default - one client for the process's credentials and region, made at the first request */
  readonly client?: SNSClient;
}): Notifier => {
  const { topicArn, records, clock } = options;
  const client = lazily(options.client, () => new SNSClient(clientDefaults));

  const write = async (key: RecordKey, state: 'claimed' | 'free' | 'sent', revision: number) => {
    const condition = revision === 0 ? 'absent' : { revision };
    const body = { state, at: clock.now() };
    const expiresAtSeconds = Math.floor(clock.now() / 1000) + keptSeconds;
    return (await records.put({ ...key, body, condition, expiresAtSeconds })).revision;
  };

  /** The revision of our claim; `undefined` when the message has been sent, `busy` while another sends it. */
  const claim = async (key: RecordKey): Promise<number | 'busy' | undefined> => {
    const found = await records.get(key);
    if (found?.body.state === 'sent') return undefined;
    if (found?.body.state === 'claimed' && clock.now() < Number(found.body.at) + claimMs) return 'busy';
    try {
      return await write(key, 'claimed', found?.revision ?? 0);
    } catch (error) {
      if (isMillraceError(error, 'RECORD_CONFLICT')) return 'busy';
      throw error;
    }
  };

  const publish = async (notification: Notification) => {
    const attribute = (text: string) => ({ DataType: 'String', StringValue: attributeOf(text) });
    await client().send(
      new PublishCommand({
        TopicArn: topicArn,
        Subject: subjectOf(notification),
        Message: messageOf(notification),
        MessageAttributes: { kind: attribute(notification.kind), model: attribute(notification.model) },
      }),
    );
  };

  /** Who took over a claim that lapsed marks it instead. */
  const mark = async (key: RecordKey, claimed: number) => {
    try {
      await write(key, 'sent', claimed);
    } catch (error) {
      if (!isMillraceError(error, 'RECORD_CONFLICT')) throw error;
    }
  };

  const notify: Notifier['notify'] = async (notification) => {
    const key = keyOf(notification.id);
    let claimed = await claim(key);
    while (claimed === 'busy') {
      await clock.sleep(lookAgainMs);
      claimed = await claim(key);
    }
    if (claimed === undefined) return;
    try {
      await publish(notification);
    } catch (error) {
      // Free at once for the next try; should this fail too, the claim lapses by itself.
      await write(key, 'free', claimed).catch(() => undefined);
      throw error;
    }
    await mark(key, claimed);
  };

  return { notify };
};
