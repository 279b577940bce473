import { createHash } from 'node:crypto';
import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  GetItemCommand,
  type GetItemCommandInput,
  QueryCommand,
  type QueryCommandInput,
  TransactionCanceledException,
  TransactionConflictException,
  TransactWriteItemsCommand,
  type TransactWriteItemsCommandInput,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { conditionHolds, type Item, placeholdersUsed, textOf, updated } from './fake-dynamodb-expressions.ts';
import { known, turn, unknownCommand } from './known-fields.ts';

const $metadata = { httpStatusCode: 400 };
const invalid = (message: string) =>
  Object.assign(new Error(message), { name: 'ValidationException', $metadata });
const bytewise = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));

const itemBytes = (item: Item): number =>
  Object.entries(item).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name + (value.S ?? value.N ?? '')),
    0,
  );

const keyOf = (key: Item | undefined): string => {
  const [partition, sort] = [textOf(key?.partition), textOf(key?.sort)];
  if (Object.keys(key ?? {}).length !== 2 || partition === '' || sort === '')
    throw invalid('the key does not match the schema');
  if (Buffer.byteLength(partition) > 2048 || Buffer.byteLength(sort) > 1024)
    throw invalid('the key is too long');
  return JSON.stringify([partition, sort]);
};

/**
 * DynamoDB as far as the store uses it, in memory: one table with keys `partition` and `sort` and the index `by-index`,
 * updates with conditions, strongly consistent queries in pages of at most 1 MB, and transactions that collide.
 * It throws when asked what it was not told about.
 */
export class FakeDynamoDb {
  readonly client = new DynamoDBClient({ region: 'eu-central-1' });
  /** Does the next update twice, as the SDK does when the first answer is lost. */
  repeatsNextUpdate = false;
  readonly calls: string[] = [];
  private readonly items = new Map<string, Item>();
  /** The items themselves, as the table holds them. */
  get stored(): readonly Item[] {
    return [...this.items.values()];
  }
  /** Keys held by transactions under way. */
  private readonly locked = new Set<string>();

  constructor(options: { readonly table: string }) {
    const mock = mockClient(this.client);
    mock.onAnyCommand().callsFake(unknownCommand);
    const checked =
      <I extends { TableName?: string | undefined }, O>(name: string, answer: (input: I) => O) =>
      async (input: I) => {
        this.calls.push(name);
        await turn();
        if (input.TableName !== options.table) throw new Error(`there is no table ${input.TableName}`);
        return answer(input);
      };
    mock.on(GetItemCommand).callsFake(checked('GetItem', (input: GetItemCommandInput) => this.get(input)));
    mock.on(QueryCommand).callsFake(checked('Query', (input: QueryCommandInput) => this.query(input)));
    mock
      .on(UpdateItemCommand)
      .callsFake(checked('UpdateItem', (input: UpdateItemCommandInput) => this.update(input)));
    mock.on(TransactWriteItemsCommand).callsFake((input: TransactWriteItemsCommandInput) => {
      this.calls.push('TransactWriteItems');
      return this.transact(input, options.table);
    });
  }

  private get(input: GetItemCommandInput) {
    known('GetItem', input, ['TableName', 'Key', 'ConsistentRead']);
    if (input.ConsistentRead !== true) throw new Error('the fake DynamoDB was not told about stale reads');
    const item = this.items.get(keyOf(input.Key));
    return item === undefined ? {} : { Item: item };
  }

  private update(input: UpdateItemCommandInput) {
    known('UpdateItem', input, [
      'TableName',
      'Key',
      'UpdateExpression',
      'ConditionExpression',
      'ExpressionAttributeNames',
      'ExpressionAttributeValues',
      'ReturnValues',
      'ReturnValuesOnConditionCheckFailure',
    ]);
    const isRepeated = this.repeatsNextUpdate;
    this.repeatsNextUpdate = false;
    if (isRepeated) this.updateOnce(input);
    return this.updateOnce(input);
  }

  private updateOnce(input: UpdateItemCommandInput) {
    const key = keyOf(input.Key);
    if (this.locked.has(key))
      throw new TransactionConflictException({ message: 'a transaction is under way', $metadata });
    const old = this.items.get(key);
    if (!conditionHolds(old, input)) {
      const Item =
        input.ReturnValuesOnConditionCheckFailure === 'ALL_OLD' && old !== undefined ? { Item: old } : {};
      throw new ConditionalCheckFailedException({
        message: 'The conditional request failed',
        $metadata,
        ...Item,
      });
    }
    const item = this.checkedItem({ ...input.Key, ...updated(old, input) });
    placeholdersUsed(input, [input.UpdateExpression, input.ConditionExpression]);
    this.items.set(key, item);
    return input.ReturnValues === 'ALL_NEW' ? { Attributes: item } : {};
  }

  private checkedItem(item: Item): Item {
    if (itemBytes(item) > 400 * 1024) throw invalid('Item size has exceeded the maximum allowed size');
    return item;
  }

  private async transact(input: TransactWriteItemsCommandInput, table: string) {
    known('TransactWriteItems', input, ['TransactItems', 'ClientRequestToken']);
    await turn();
    const actions = (input.TransactItems ?? []).map((item) => {
      known('TransactWriteItems', item, ['Update', 'ConditionCheck']);
      const action = item.Update ?? item.ConditionCheck;
      if (action?.TableName !== table) throw new Error('there is no such table');
      placeholdersUsed(action, [item.Update?.UpdateExpression, action.ConditionExpression]);
      return { action, update: item.Update, key: keyOf(action.Key) };
    });
    const keys = actions.map(({ key }) => key);
    if (keys.length === 0 || keys.length > 100) throw invalid('a transaction has 1 to 100 items');
    if (new Set(keys).size < keys.length)
      throw invalid('Transaction request cannot include multiple operations on one item');
    if (keys.some((key) => this.locked.has(key))) {
      throw this.canceled(keys.map((key) => (this.locked.has(key) ? 'TransactionConflict' : 'None')));
    }
    for (const key of keys) this.locked.add(key);
    try {
      await turn();
      const codes = actions.map(({ action, key }) =>
        conditionHolds(this.items.get(key), action) ? 'None' : 'ConditionalCheckFailed',
      );
      if (codes.some((code) => code !== 'None')) throw this.canceled(codes);
      const written = actions.flatMap(({ update, key }) =>
        update === undefined
          ? []
          : [{ key, item: this.checkedItem({ ...update.Key, ...updated(this.items.get(key), update) }) }],
      );
      if (written.reduce((sum, { item }) => sum + itemBytes(item), 0) > 4 * 1024 * 1024)
        throw invalid('over 4 MB');
      for (const { key, item } of written) this.items.set(key, item);
      return {};
    } finally {
      for (const key of keys) this.locked.delete(key);
    }
  }

  private canceled(codes: readonly string[]) {
    const CancellationReasons = codes.map((Code) => ({ Code }));
    const message = `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes.join(', ')}]`;
    return new TransactionCanceledException({ message, $metadata, CancellationReasons });
  }

  private query(input: QueryCommandInput) {
    known('Query', input, [
      'TableName',
      'IndexName',
      'KeyConditionExpression',
      'ExpressionAttributeNames',
      'ExpressionAttributeValues',
      'ScanIndexForward',
      'Limit',
      'ConsistentRead',
      'ExclusiveStartKey',
    ]);
    const { IndexName, ConsistentRead, ExclusiveStartKey: start, ScanIndexForward = true } = input;
    const isIndex = IndexName !== undefined;
    if (isIndex && IndexName !== 'by-index') throw invalid(`there is no index ${IndexName}`);
    if (isIndex && ConsistentRead)
      throw invalid('Consistent reads are not supported on global secondary indexes');
    if (!isIndex && !ConsistentRead) throw new Error('the fake DynamoDB was not told about stale queries');
    const keyNames = isIndex ? ['indexPartition', 'indexSort', 'partition', 'sort'] : ['partition', 'sort'];
    if (start !== undefined && Object.keys(start).toSorted().join() !== keyNames.toSorted().join()) {
      throw invalid('The provided starting key is invalid');
    }
    const [order, matches] = [this.orderOf(isIndex), this.matcher(input, isIndex)];
    const sign = ScanIndexForward ? 1 : -1;
    const all = [...this.items.values()].filter(matches).sort((a, b) => sign * order(a, b));
    const left = start === undefined ? all : all.filter((item) => sign * order(item, start) > 0);
    return this.page(left, input.Limit, keyNames);
  }

  /** As the real one does, it gives a last key when the limit is reached, whether or not more follows. */
  private page(left: readonly Item[], limit: number | undefined, keyNames: readonly string[]) {
    const page: Item[] = [];
    let bytes = 0;
    for (const item of left) {
      page.push(item);
      bytes += itemBytes(item);
      if (page.length === limit || bytes > 1024 * 1024) break;
    }
    const last = page.at(-1);
    const hasEnded = page.length === left.length && page.length !== limit;
    const lastKey = Object.fromEntries(
      keyNames.flatMap((name) => (last?.[name] ? [[name, last[name]]] : [])),
    );
    return { Items: page, Count: page.length, ...(hasEnded ? {} : { LastEvaluatedKey: lastKey }) };
  }

  /** Items under one index key come in an order of DynamoDB's own. */
  private orderOf(isIndex: boolean) {
    const scrambled = (item: Item) =>
      createHash('sha256')
        .update(JSON.stringify([item.partition, item.sort]))
        .digest('hex');
    if (!isIndex) return (a: Item, b: Item) => bytewise(textOf(a.sort), textOf(b.sort));
    return (a: Item, b: Item) =>
      bytewise(textOf(a.indexSort), textOf(b.indexSort)) || bytewise(scrambled(a), scrambled(b));
  }

  private matcher(input: QueryCommandInput, isIndex: boolean) {
    const [partition, sort] = isIndex
      ? (['indexPartition', 'indexSort'] as const)
      : (['partition', 'sort'] as const);
    const condition = `#${partition} = :partition`;
    const withPrefix = `${condition} AND begins_with(#${sort}, :prefix)`;
    const asked = input.KeyConditionExpression;
    if (asked !== condition && asked !== withPrefix)
      throw new Error(`the fake DynamoDB was not told about ${asked}`);
    placeholdersUsed(input, [asked]);
    const values = input.ExpressionAttributeValues ?? {};
    const prefix = asked === withPrefix ? textOf(values[':prefix']) : '';
    return (item: Item) =>
      textOf(item[partition]) === textOf(values[':partition']) && textOf(item[sort]).startsWith(prefix);
  }
}
