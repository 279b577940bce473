import type * as z from 'zod';
import type { RecordKey, RecordQuery, RecordStore } from '../ports/record-store.ts';
import { isMillraceError } from '../wire/errors.ts';
import type { JsonObject } from '../wire/json.ts';

/** A record parsed by its schema, with the revision an optimistic lock needs. */
export interface Found<T> {
  readonly revision: number;
  readonly body: T;
}

/**
 * A parsed record as a body. Absent optional fields may be `undefined`: the store leaves them out. It is not a round trip
 * through JSON, which would turn NaN into null without a word where the store refuses it by its path.
 */
export const toBody = (value: object): JsonObject => value as JsonObject;

export const find = async <T>(
  records: RecordStore,
  key: RecordKey,
  schema: z.ZodType<T>,
): Promise<Found<T> | undefined> => {
  const record = await records.get(key);
  return record && { revision: record.revision, body: schema.parse(record.body) };
};

/** The condition that a record is still as it was read. */
export const unchangedSince = (
  found: Found<unknown> | undefined,
): 'absent' | { readonly revision: number } =>
  found === undefined ? 'absent' : { revision: found.revision };

/** Every record of a query over all its pages, or the first `limit` of them. */
export const listFound = async <T>(
  records: RecordStore,
  query: RecordQuery,
  schema: z.ZodType<T>,
): Promise<readonly Found<T>[]> => {
  const { limit = Number.POSITIVE_INFINITY, ...rest } = query;
  const found: Found<T>[] = [];
  let cursor: string | undefined;
  do {
    const pageLimit = Number.isFinite(limit) ? { limit: limit - found.length } : {};
    const page = await records.query({ ...rest, ...pageLimit, ...(cursor !== undefined && { cursor }) });
    for (const { revision, body } of page.records) found.push({ revision, body: schema.parse(body) });
    cursor = page.cursor;
  } while (cursor !== undefined && found.length < limit);
  return found;
};

/** As `listFound`, where nobody asks for revisions. */
export const listAll = async <T>(
  records: RecordStore,
  query: RecordQuery,
  schema: z.ZodType<T>,
): Promise<readonly T[]> => (await listFound(records, query, schema)).map(({ body }) => body);

/**
 * Reads, decides and writes again when another writer was first. Each conflict means that somebody got on, so ten tries
 * see off ten rivals; after that the conflict is the caller's.
 */
export const untilWon = async <T>(attempt: () => Promise<T>): Promise<T> => {
  for (let triesLeft = 9; triesLeft > 0; triesLeft -= 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!isMillraceError(error, 'RECORD_CONFLICT')) throw error;
    }
  }
  return attempt();
};
