import { beforeEach, describe, expect, it } from 'vitest';
import { dynamodbRecordStore } from '../../../../lib/adapters/aws/dynamodb-record-store.ts';
import type { RecordStore } from '../../../../lib/ports/record-store.ts';
import { FakeDynamoDb } from '../../../contract/fake-dynamodb.ts';
import { fixedClock } from '../../../support/index.ts';

describe('the DynamoDB store', () => {
  let dynamodb: FakeDynamoDb;
  let store: RecordStore;
  const key = { partition: 'p', sort: 's' };
  beforeEach(() => {
    dynamodb = new FakeDynamoDb({ table: 'millrace' });
    store = dynamodbRecordStore({ table: 'millrace', client: dynamodb.client, clock: fixedClock() });
  });

  it('touches neither network nor settings until it is asked for something', () => {
    expect(() => dynamodbRecordStore({ table: 'millrace' })).not.toThrow();
  });

  it('does not take its own write for a conflict when the answer was lost and the SDK sent it again', async () => {
    dynamodb.repeatsNextUpdate = true;
    const created = await store.put({ ...key, body: { n: 1 }, condition: 'absent' });
    dynamodb.repeatsNextUpdate = true;
    const changed = await store.put({ ...key, body: { n: 2 }, condition: { revision: 1 } });

    expect([created.revision, changed.revision]).toEqual([1, 2]);
    await expect(store.put({ ...key, body: { n: 3 }, condition: { revision: 1 } })).rejects.toMatchObject({
      name: 'RECORD_CONFLICT',
    });
  });

  it('tries again when it meets a transaction at work, and then answers by the condition', async () => {
    await store.put({ ...key, body: {} });
    const write = { ...key, body: {}, condition: { revision: 1 } };

    const outcomes = await Promise.allSettled([store.transact([write]), store.transact([write])]);

    expect(outcomes.map((outcome) => outcome.status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(outcomes.find((outcome) => outcome.status === 'rejected')?.reason).toMatchObject({
      name: 'RECORD_CONFLICT',
      details: { conflicts: [key] },
    });
    expect(dynamodb.calls.filter((call) => call === 'TransactWriteItems')).toHaveLength(3);
  });

  it('goes on over the 1 MB at which DynamoDB ends a page', async () => {
    const body = { text: 'x'.repeat(300_000) };
    for (const sort of ['1', '2', '3', '4', '5', '6']) await store.put({ partition: 'p', sort, body });

    const first = await store.query({ partition: 'p' });
    const rest = await store.query({ partition: 'p', cursor: first.cursor ?? '' });

    expect(first.records.map((record) => record.sort)).toEqual(['1', '2', '3', '4']);
    expect(rest.records.map((record) => record.sort)).toEqual(['5', '6']);
    expect(rest.cursor).toBeUndefined();
  });

  it('tells the table when a record may vanish, and takes that back with a write that does not say so', async () => {
    await store.put({ ...key, body: {}, expiresAtSeconds: 1_800_000_000 });
    const expiring = dynamodb.stored.map((item) => item.expiresAt);
    await store.put({ ...key, body: {} });

    expect(expiring).toEqual([{ N: '1800000000' }]);
    expect(dynamodb.stored.map((item) => item.expiresAt)).toEqual([undefined]);
  });

  it('does not take a missing table for a missing record', async () => {
    const elsewhere = dynamodbRecordStore({ table: 'mistyped', client: dynamodb.client });

    await expect(elsewhere.get(key)).rejects.toThrow('no table mistyped');
  });
});
