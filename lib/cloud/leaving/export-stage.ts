import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { finished } from 'node:stream/promises';
import { type AttributeValue, DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { toRecord } from '../../adapters/aws/dynamodb-items.ts';
import { clientDefaults } from '../../adapters/aws/sdk-errors.ts';
import type { ObjectStore } from '../../ports/object-store.ts';
import type { StoredRecord } from '../../ports/record-store.ts';

/** Every record of the table, in no order. */
export async function* allRecords(
  table: string,
  client = new DynamoDBClient(clientDefaults),
): AsyncGenerator<StoredRecord> {
  let from: Record<string, AttributeValue> | undefined;
  do {
    const page = await client.send(
      new ScanCommand({ TableName: table, ConsistentRead: true, ...(from && { ExclusiveStartKey: from }) }),
    );
    for (const item of page.Items ?? []) yield toRecord(item);
    from = page.LastEvaluatedKey;
  } while (from !== undefined);
}

export interface Exported {
  readonly objects: number;
  readonly records: number;
  readonly registryFile: string;
}

const exportRecords = async (file: string, records: AsyncIterable<StoredRecord>): Promise<number> => {
  const out = createWriteStream(file);
  let count = 0;
  for await (const record of records) {
    if (!out.write(`${JSON.stringify(record)}\n`)) await once(out, 'drain');
    count += 1;
  }
  out.end();
  await finished(out);
  return count;
};

/** Keys are relative paths without `..`, so each object lands under the folder. */
const exportObjects = async (
  prefix: string,
  folder: string,
  objects: ObjectStore,
  tell: (text: string) => void,
): Promise<number> => {
  let count = 0;
  let cursor: string | undefined;
  do {
    const page = await objects.list(prefix, { ...(cursor !== undefined && { cursor }) });
    for (const { key } of page.objects) {
      const file = path.join(folder, ...key.split('/'));
      await mkdir(path.dirname(file), { recursive: true });
      await objects.download(key, file);
      count += 1;
    }
    tell(`exported  ${count} objects of ${prefix}`);
    cursor = page.cursor;
  } while (cursor !== undefined);
  return count;
};

/** Copies every model version and the whole registry (as `registry.jsonl`, one record a line) into a folder. */
export const exportStage = async (
  folder: string,
  from: {
    readonly objects: ObjectStore;
    readonly records: AsyncIterable<StoredRecord>;
    readonly tell: (text: string) => void;
  },
): Promise<Exported> => {
  await mkdir(folder, { recursive: true });
  const registryFile = path.join(folder, 'registry.jsonl');
  const records = await exportRecords(registryFile, from.records);
  from.tell(`exported  ${records} records to ${registryFile}`);
  const objects = await exportObjects('models/', folder, from.objects, from.tell);
  return { objects, records, registryFile };
};
