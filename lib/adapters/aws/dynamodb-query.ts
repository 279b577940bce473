import { type AttributeValue, QueryCommand } from '@aws-sdk/client-dynamodb';
import type { RecordQuery, StoredRecord } from '../../ports/record-store.ts';
import { keyItem, namesIn } from './dynamodb-items.ts';

/** What the store asks of its table: keys `partition` and `sort`, and this index over `indexPartition` and `indexSort`. */
export const dynamodbIndexName = 'by-index';

const startKeyOf = (query: RecordQuery, after: readonly string[]): Record<string, AttributeValue> => {
  const [first = '', partition = '', sort = ''] = after;
  if (!query.useIndex) return keyItem({ partition: query.partition, sort: first });
  return { ...keyItem({ partition, sort }), indexPartition: { S: query.partition }, indexSort: { S: first } };
};

/** Where a page ended, for its cursor. */
export const positionOf = (record: StoredRecord, useIndex: boolean): readonly string[] =>
  useIndex ? [record.index?.sort ?? '', record.partition, record.sort] : [record.sort];

/** One page: strongly consistent from the table, eventually so from the index. */
export const queryCommand = (
  table: string,
  query: RecordQuery,
  limit: number,
  after: readonly string[] | undefined,
) => {
  const [partition, sort] = query.useIndex ? ['#indexPartition', '#indexSort'] : ['#partition', '#sort'];
  const prefix = query.sortPrefix ? ` AND begins_with(${sort}, :prefix)` : '';
  const condition = `${partition} = :partition${prefix}`;
  return new QueryCommand({
    TableName: table,
    KeyConditionExpression: condition,
    ExpressionAttributeNames: namesIn(condition),
    ExpressionAttributeValues: {
      ':partition': { S: query.partition },
      ...(query.sortPrefix ? { ':prefix': { S: query.sortPrefix } } : {}),
    },
    ScanIndexForward: query.direction !== 'descending',
    // One more than asked for tells whether there is more.
    Limit: limit + 1,
    ...(query.useIndex ? { IndexName: dynamodbIndexName } : { ConsistentRead: true }),
    ...(after === undefined ? {} : { ExclusiveStartKey: startKeyOf(query, after) }),
  });
};
