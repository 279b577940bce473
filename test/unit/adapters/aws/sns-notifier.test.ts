import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dynamodbRecordStore } from '../../../../lib/adapters/aws/dynamodb-record-store.ts';
import { messageOf, subjectOf } from '../../../../lib/adapters/aws/sns-message.ts';
import { snsNotifier } from '../../../../lib/adapters/aws/sns-notifier.ts';
import type { Notification, Notifier } from '../../../../lib/ports/notifier.ts';
import { FakeDynamoDb } from '../../../contract/fake-dynamodb.ts';
import { FakeSns } from '../../../contract/fake-sns.ts';
import { type FixedClock, fixedClock, manualClock } from '../../../support/index.ts';

const approval: Notification = {
  id: 'approval 7 / flight-delay',
  kind: 'approval-requested',
  model: 'flight-delay',
  subject: 'version 7 waits for approval',
  text: 'AUC 0.71',
  links: [{ title: 'Look and decide', url: 'https://x.example/approvals/7?signature=abc' }],
};

describe('the SNS notifier', () => {
  let sns: FakeSns;
  let dynamodb: FakeDynamoDb;
  let clock: FixedClock;
  const notifierWith = (at: FixedClock): Notifier => {
    const records = dynamodbRecordStore({ table: 'millrace', client: dynamodb.client, clock: at });
    return snsNotifier({ topicArn: sns.topicArn, records, clock: at, client: sns.client });
  };
  beforeEach(() => {
    sns = new FakeSns();
    dynamodb = new FakeDynamoDb({ table: 'millrace' });
    clock = fixedClock();
  });
  afterEach(() => sns.client.destroy());

  it('lets people filter by kind and model', async () => {
    await notifierWith(clock).notify(approval);

    expect(sns.published[0]).toMatchObject({
      Subject: '[flight-delay] version 7 waits for approval',
      MessageAttributes: {
        kind: { DataType: 'String', StringValue: 'approval-requested' },
        model: { DataType: 'String', StringValue: 'flight-delay' },
      },
    });
  });

  it('takes the name of a model that can be none, as it may stand in the drop zone', async () => {
    await notifierWith(clock).notify({ ...approval, model: 'a\u0001\nb' });

    expect(sns.published[0]).toMatchObject({
      MessageAttributes: { model: { StringValue: 'a\ufffd\ufffdb' } },
    });
  });

  it('shows a message once also when two functions send it at once, each with its own memory', async () => {
    const [one, other] = [notifierWith(clock), notifierWith(clock)];

    await Promise.all([one.notify(approval), other.notify(approval), one.notify(approval)]);

    expect(sns.published).toHaveLength(1);
  });

  it('sends it again at once after a failure that it was told of', async () => {
    sns.failing = 1;
    const notifier = notifierWith(clock);
    const before = clock.now();

    await expect(notifier.notify(approval)).rejects.toThrow('not to be reached');
    await notifier.notify(approval);

    expect(sns.published).toHaveLength(1);
    expect(clock.now()).toBe(before);
  });

  it('takes over from a sender that died, after its claim has lapsed and not before', async () => {
    const dead = manualClock();
    sns.client.send = () => new Promise<never>(() => undefined);
    void notifierWith(dead).notify(approval);
    await settle();
    sns = new FakeSns();
    const later = manualClock();
    const second = notifierWith(later).notify(approval);

    await later.advance(19_000);
    await settle();
    const early = sns.published.length;
    await later.advance(1500);
    await settle();
    await second;

    expect([early, sns.published.length]).toEqual([0, 1]);
  });

  it('keeps its record under a hash, and lets it vanish after 90 days', async () => {
    await notifierWith(clock).notify(approval);

    const [item] = dynamodb.stored;
    expect(item?.partition?.S).toMatch(/^notification#[0-9a-f]{64}$/u);
    expect(Number(item?.expiresAt?.N) - clock.now() / 1000).toBe(90 * 86_400);
    expect(JSON.stringify(dynamodb.stored)).not.toContain('signature');
  });
});

/** Gives pending promises some turns. */
const settle = async () => {
  for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

describe('what SNS is given to show', () => {
  it('makes a subject of one line of printable ASCII, 99 characters at most', () => {
    const subject = subjectOf({ ...approval, subject: `Zürich\r\n\u001b[2J “late” ${'x'.repeat(100)}` });

    expect(subject).toMatch(/^\[flight-delay\] Zurich \?\[2J \?late\? x+\.\.\.$/u);
    expect(subject).toHaveLength(99);
  });

  it('keeps the subject in full, and the links after a text too long for SNS, cut between characters', () => {
    const message = messageOf({ ...approval, subject: 'Zürich', text: '😀'.repeat(100_000) });

    expect(message.startsWith('[flight-delay] Zürich\n\n😀')).toBe(true);
    expect(
      message.endsWith(
        '(cut: 400000 bytes in all)\n\nLook and decide:\nhttps://x.example/approvals/7?signature=abc',
      ),
    ).toBe(true);
    expect(message).not.toContain('\ufffd');
    expect(Buffer.byteLength(message)).toBeLessThan(250 * 1024);
  });
});
