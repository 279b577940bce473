import type { RecordCheck, RecordKey, RecordQuery, RecordWrite } from '../../ports/record-store.ts';
import { MillraceError } from '../../wire/errors.ts';
import { decodeCursor } from './cursor.ts';

/** An item of DynamoDB holds 400 KB, keys and names included; 350 leaves them room. */
export const maxBodyBytes = 350 * 1024;
/** TransactWriteItems takes 100 items and 4 MB in all: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html */
export const maxTransactionItems = 100;
export const maxTransactionBytes = 4 * 1024 * 1024;
/** DynamoDB's bounds on keys, kept everywhere so that what works on a laptop works in the cloud. */
const maxPartitionBytes = 2048;
const maxSortBytes = 1024;
/** A page without a limit; DynamoDB also ends a page at 1 MB. */
export const defaultPageRecords = 1000;

const invalid = (what: string, details: Record<string, unknown> = {}) =>
  new MillraceError('RECORD_INVALID', what, details);

const checkText = (name: string, text: string, maxBytes: number) => {
  const isText = typeof text === 'string' && text.isWellFormed() && !text.includes('\0');
  if (!isText || text === '') {
    throw invalid(`${name} is ${JSON.stringify(text)}, expected non-empty Unicode text without NUL`);
  }
  const bytes = Buffer.byteLength(text);
  if (bytes > maxBytes) throw invalid(`${name} has ${bytes} bytes, at most ${maxBytes} fit`);
};

/** Throws RECORD_INVALID for keys that some adapter could not hold. */
export const checkKey = (key: RecordKey, name = 'key') => {
  checkText(`${name}.partition`, key.partition, maxPartitionBytes);
  checkText(`${name}.sort`, key.sort, maxSortBytes);
};

/** Where a value stops being plain JSON, as a path; JSON.stringify would turn NaN into null without a word. */
const findNotJson = (value: unknown, path: string): string | undefined => {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return undefined;
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : path;
  if (Array.isArray(value)) return firstNotJson(value.map((item, at) => [`${path}[${at}]`, item]));
  const isPlain =
    typeof value === 'object' && [Object.prototype, null].includes(Object.getPrototypeOf(value));
  if (!isPlain) return path;
  const named = Object.entries(value).filter(([, item]) => item !== undefined);
  return firstNotJson(named.map(([key, item]) => [`${path}.${key}`, item]));
};

const firstNotJson = (items: readonly (readonly [string, unknown])[]): string | undefined => {
  for (const [path, item] of items) {
    const found = findNotJson(item, path);
    if (found !== undefined) return found;
  }
  return undefined;
};

/** The body as JSON text. Properties that are undefined are left out, as JSON does. Throws RECORD_INVALID. */
export const bodyText = (write: RecordWrite): string => {
  const at = `record ${write.partition} / ${write.sort}`;
  const notJson = findNotJson(write.body, 'body');
  if (notJson !== undefined) throw invalid(`${at}: ${notJson} is not plain JSON`);
  const text = JSON.stringify(write.body);
  const bytes = Buffer.byteLength(text);
  if (bytes > maxBodyBytes) throw invalid(`${at}: the body has ${bytes} bytes, at most ${maxBodyBytes} fit`);
  return text;
};

/** Checks a write's keys and gives its body as JSON text. */
export const checkedBody = (write: RecordWrite): string => {
  checkKey(write);
  if (write.index !== undefined) checkKey(write.index, 'index');
  const expires = write.expiresAtSeconds;
  if (expires !== undefined && !(Number.isSafeInteger(expires) && expires > 0))
    throw invalid(`expiresAtSeconds is ${expires}, expected whole seconds since the epoch`);
  return bodyText(write);
};

/** Throws RECORD_INVALID for a transaction that DynamoDB would refuse. */
export const checkTransaction = (items: readonly (RecordWrite | RecordCheck)[]) => {
  if (items.length > maxTransactionItems) {
    throw invalid(`the transaction has ${items.length} items, at most ${maxTransactionItems} fit`);
  }
  const seen = new Set<string>();
  let bytes = 0;
  for (const item of items) {
    if ('check' in item) checkKey(item);
    else bytes += Buffer.byteLength(checkedBody(item));
    const key = JSON.stringify([item.partition, item.sort]);
    if (seen.has(key)) throw invalid(`the transaction names ${item.partition} / ${item.sort} twice`);
    seen.add(key);
  }
  if (bytes > maxTransactionBytes) {
    throw invalid(`the transaction's bodies have ${bytes} bytes, at most ${maxTransactionBytes} fit`);
  }
};

/** Checks a query and gives its page size and the position its cursor names. */
export const checkedQuery = (query: RecordQuery) => {
  checkText('partition', query.partition, maxPartitionBytes);
  if (query.sortPrefix) checkText('sortPrefix', query.sortPrefix, maxSortBytes);
  const limit = query.limit ?? defaultPageRecords;
  if (!Number.isInteger(limit) || limit < 1)
    throw invalid(`limit is ${limit}, expected a whole number of 1 or more`);
  const parts = query.useIndex ? 3 : 1;
  const after = query.cursor === undefined ? undefined : decodeCursor(query.cursor, parts);
  if (query.cursor !== undefined && after === undefined) {
    throw invalid('the cursor is not one this query gave', { cursor: query.cursor });
  }
  return { limit, after };
};

/** The error of writes whose conditions did not hold; `details.conflicts` names the keys. */
export const recordConflict = (keys: readonly RecordKey[], cause?: unknown): MillraceError => {
  const conflicts = keys.map(({ partition, sort }) => ({ partition, sort }));
  const named = conflicts.map(({ partition, sort }) => `${partition} / ${sort}`).join(', ');
  return new MillraceError(
    'RECORD_CONFLICT',
    `the condition on ${named} does not hold`,
    { conflicts },
    { cause },
  );
};
