import type { ColumnKind } from '../dataset/index.ts';
import { parseDatetime } from './parse-datetime.ts';
import type { SignatureColumn } from './signature.ts';

/** Nothing was sent: no such key, null, or an empty string where text is expected. */
export const missing = Symbol('missing');
/** Something was sent that the column cannot hold. */
export const wrong = Symbol('wrong');

/** What a column table holds for one value: numbers and booleans as number, datetimes as bigint, the rest as string. */
export type Cell = number | bigint | string | typeof missing | typeof wrong;

/** Reads one JSON value as a column of that kind holds it. */
export const readCell = (value: unknown, kind: ColumnKind, maxTextLength: number): Cell => {
  if (value === undefined || value === null) return missing;
  switch (kind) {
    case 'number':
      return typeof value === 'number' && Number.isFinite(value) ? value : wrong;
    case 'boolean':
      return typeof value === 'boolean' ? Number(value) : wrong;
    case 'datetime':
      return typeof value === 'string' || typeof value === 'number' ? (parseDatetime(value) ?? wrong) : wrong;
    case 'category':
    case 'text':
      return readText(value, maxTextLength);
  }
};

/** Whole numbers and booleans have one spelling everywhere ("101", "true"); 1.0 and 1e21 have not, so they are wrong. */
const readText = (value: unknown, maxLength: number): Cell => {
  if (typeof value === 'string') {
    if (value.length > maxLength) return wrong;
    return value === '' ? missing : value;
  }
  return typeof value === 'boolean' || Number.isSafeInteger(value) ? String(value) : wrong;
};

/** What a column accepts, in words. */
export const expectedOf = ({ kind, isNullable }: SignatureColumn, maxTextLength: number): string => {
  const words: Record<ColumnKind, string> = {
    number: 'a finite number',
    boolean: 'true or false',
    datetime: 'an ISO 8601 datetime or epoch milliseconds',
    category: `a string of at most ${maxTextLength} characters`,
    text: `a string of at most ${maxTextLength} characters`,
  };
  return isNullable ? `${words[kind]}, or null` : words[kind];
};

/** What came, short enough for a message. */
export const describeValue = (value: unknown): string => {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  switch (typeof value) {
    case 'string':
      return value.length > 60
        ? `a string of ${value.length} characters, "${value.slice(0, 40)}…"`
        : `the string ${JSON.stringify(value)}`;
    case 'number':
      return `the number ${value}`;
    case 'boolean':
      return String(value);
    case 'object':
      return 'an object';
    default:
      return `a ${typeof value}`;
  }
};
