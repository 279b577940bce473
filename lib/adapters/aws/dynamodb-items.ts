import type { AttributeValue, Update } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import type { Condition, RecordKey, RecordWrite, StoredRecord } from '../../ports/record-store.ts';
import type { JsonObject } from '../../wire/json.ts';

/** Every name goes in by placeholder: `partition`, `index` and many more are reserved words of DynamoDB. */
const names = {
  '#partition': 'partition',
  '#sort': 'sort',
  '#revision': 'revision',
  '#body': 'body',
  '#writer': 'writer',
  '#indexPartition': 'indexPartition',
  '#indexSort': 'indexSort',
  // The table's time-to-live attribute.
  '#expiresAt': 'expiresAt',
};

/** Only the names an expression uses: DynamoDB refuses one that is not used. */
export const namesIn = (...expressions: readonly (string | undefined)[]): Record<string, string> => {
  const used = new Set(expressions.flatMap((expression) => expression?.match(/#\w+/gu) ?? []));
  return Object.fromEntries(Object.entries(names).filter(([name]) => used.has(name)));
};

const Text = z.object({ S: z.string() });
const Item = z.object({
  partition: Text,
  sort: Text,
  revision: z.object({ N: z.string() }),
  body: Text,
  writer: Text.optional(),
  indexPartition: Text.optional(),
  indexSort: Text.optional(),
});

export const keyItem = (key: RecordKey): Record<string, AttributeValue> => ({
  partition: { S: key.partition },
  sort: { S: key.sort },
});

/** The record an item holds. */
export const toRecord = (item: unknown): StoredRecord => {
  const { partition, sort, revision, body, indexPartition, indexSort } = Item.parse(item);
  const index =
    indexPartition === undefined || indexSort === undefined
      ? {}
      : { index: { partition: indexPartition.S, sort: indexSort.S } };
  // The text was made by JSON.stringify from a JsonObject, so it parses to one.
  const parsed = JSON.parse(body.S) as JsonObject;
  return { partition: partition.S, sort: sort.S, revision: Number(revision.N), body: parsed, ...index };
};

/** Which write made the item, see `dynamodbRecordStore`. */
export const writerOf = (item: unknown): string | undefined => Item.safeParse(item).data?.writer?.S;

/** A condition as an expression with its value. */
export const conditionOf = (condition: Condition) =>
  condition === 'absent'
    ? { expression: 'attribute_not_exists(#partition)', values: {} }
    : { expression: '#revision = :expected', values: { ':expected': { N: `${condition.revision}` } } };

/** One write as an update: ADD counts the revision in the same atomic step, from nothing to 1. */
export const updateOf = (
  table: string,
  write: RecordWrite,
  body: string,
  writer: string,
): Update & { readonly UpdateExpression: string } => {
  const { index, expiresAtSeconds } = write;
  const values = {
    '#body': { S: body },
    '#writer': { S: writer },
    '#indexPartition': index && { S: index.partition },
    '#indexSort': index && { S: index.sort },
    '#expiresAt': expiresAtSeconds === undefined ? undefined : { N: `${expiresAtSeconds}` },
  };
  const set = Object.entries(values).flatMap(([name, value]) => (value ? [{ name, value }] : []));
  const gone = Object.entries(values).flatMap(([name, value]) => (value ? [] : [name]));
  const valueName = (name: string) => name.replace('#', ':');
  const sets = set.map(({ name }) => `${name} = ${valueName(name)}`).join(', ');
  const update = `SET ${sets}${gone.length === 0 ? '' : ` REMOVE ${gone.join(', ')}`} ADD #revision :one`;
  const condition = write.condition === undefined ? undefined : conditionOf(write.condition);
  return {
    TableName: table,
    Key: keyItem(write),
    UpdateExpression: update,
    ...(condition === undefined ? {} : { ConditionExpression: condition.expression }),
    ExpressionAttributeNames: namesIn(update, condition?.expression),
    ExpressionAttributeValues: {
      ...Object.fromEntries(set.map(({ name, value }) => [valueName(name), value])),
      ':one': { N: '1' },
      ...condition?.values,
    },
  };
};
