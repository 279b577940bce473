import { randomUUID } from 'node:crypto';
import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  GetItemCommand,
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { Clock } from '../../ports/clock.ts';
import type {
  RecordCheck,
  RecordPage,
  RecordQuery,
  RecordStore,
  RecordWrite,
} from '../../ports/record-store.ts';
import { systemClock } from '../local/system-clock.ts';
import { encodeCursor } from '../shared/cursor.ts';
import {
  checkedBody,
  checkedQuery,
  checkKey,
  checkTransaction,
  recordConflict,
} from '../shared/record-rules.ts';
import { conditionOf, keyItem, namesIn, toRecord, updateOf, writerOf } from './dynamodb-items.ts';
import { positionOf, queryCommand } from './dynamodb-query.ts';
import { clientDefaults, isNamed, lazily, retrying } from './sdk-errors.ts';

/** Reasons why a transaction was cancelled that pass; the SDK sees a refusal for good and does not try again. */
const passingReasons: readonly unknown[] = [
  'TransactionConflict',
  'ThrottlingError',
  'ProvisionedThroughputExceeded',
];

/** A write met a transaction at work on its item, or was throttled: nothing was written, trying again may succeed. */
const isPassing = (error: unknown): boolean => {
  if (isNamed(error, 'TransactionConflictException', 'TransactionInProgressException')) return true;
  if (!(error instanceof TransactionCanceledException)) return false;
  const codes = (error.CancellationReasons ?? []).map((reason) => reason.Code);
  return codes.some((code) => passingReasons.includes(code)) && !codes.includes('ConditionalCheckFailed');
};

/**
 * Records in one DynamoDB table, the body as JSON text.
 *
 * Each write leaves a random `writer` in the item. A conditional write whose answer is lost is sent again by the SDK and
 * then fails its own condition; finding its own writer in the item tells that from a conflict. Transactions carry a
 * client token for the same reason.
 */
export const dynamodbRecordStore = (options: {
  readonly table: string;
  /** @default - one client for the process's credentials and region, made at the first request */
  readonly client?: DynamoDBClient;
  /** What waits between tries. @default - the machine's clock */
  readonly clock?: Clock;
}): RecordStore => {
  const { table, clock = systemClock } = options;
  const client = lazily(options.client, () => new DynamoDBClient(clientDefaults));

  const get: RecordStore['get'] = async (key) => {
    checkKey(key);
    const { Item } = await client().send(
      new GetItemCommand({ TableName: table, Key: keyItem(key), ConsistentRead: true }),
    );
    return Item === undefined ? undefined : toRecord(Item);
  };

  const put: RecordStore['put'] = async (write) => {
    const writer = randomUUID();
    const update = updateOf(table, write, checkedBody(write), writer);
    const command = new UpdateItemCommand({
      ...update,
      ReturnValues: 'ALL_NEW',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    try {
      const { Attributes } = await retrying(clock, isPassing, () => client().send(command));
      return toRecord(Attributes);
    } catch (error) {
      if (isPassing(error)) throw recordConflict([write], error);
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      if (writerOf(error.Item) === writer) return toRecord(error.Item);
      throw recordConflict([write], error);
    }
  };

  const query = async (asked: RecordQuery): Promise<RecordPage> => {
    const { limit, after } = checkedQuery(asked);
    const output = await client().send(queryCommand(table, asked, limit, after));
    const found = (output.Items ?? []).map(toRecord);
    const records = found.slice(0, limit);
    const last = records.at(-1);
    // DynamoDB also ends a page at 1 MB, before the limit.
    const hasMore = found.length > limit || output.LastEvaluatedKey !== undefined;
    if (!hasMore || last === undefined) return { records };
    return { records, cursor: encodeCursor(positionOf(last, asked.useIndex === true)) };
  };

  const transactionItem = (item: RecordWrite | RecordCheck): TransactWriteItem => {
    if (!('check' in item)) return { Update: updateOf(table, item, checkedBody(item), randomUUID()) };
    const { expression, values } = conditionOf(item.check);
    const given = Object.keys(values).length === 0 ? {} : { ExpressionAttributeValues: values };
    const names = { ExpressionAttributeNames: namesIn(expression) };
    return {
      ConditionCheck: {
        TableName: table,
        Key: keyItem(item),
        ConditionExpression: expression,
        ...names,
        ...given,
      },
    };
  };

  const transact: RecordStore['transact'] = async (items) => {
    checkTransaction(items);
    if (items.length === 0) return;
    const input = { TransactItems: items.map(transactionItem), ClientRequestToken: randomUUID() };
    try {
      await retrying(clock, isPassing, () => client().send(new TransactWriteItemsCommand(input)));
    } catch (error) {
      if (!(error instanceof TransactionCanceledException)) throw error;
      const codes = (error.CancellationReasons ?? []).map((reason) => reason.Code);
      const isLost = (code: string | undefined) =>
        code === 'ConditionalCheckFailed' || code === 'TransactionConflict';
      const failed = items.filter((_, at) => isLost(codes[at]));
      if (failed.length === 0) throw error;
      throw recordConflict(failed, error);
    }
  };

  return { get, put, query, transact };
};
