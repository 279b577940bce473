import type { JsonValue } from '../../wire/json.ts';

/** A value as every format writes it: 3 and 3.0 and "3" are one. */
const textOf = (value: JsonValue | undefined): string | undefined => {
  if (value === undefined || value === null) return undefined;
  const text = (typeof value === 'string' ? value : JSON.stringify(value)).trim();
  if (text === '') return undefined;
  return /^[+-]?\d+\.0+$/.test(text) ? text.replace(/\.0+$/, '') : text;
};

/**
 * The values of the key columns as one text, equal for equal rows whether they came as JSON, CSV or Parquet; `undefined`
 * when a column is missing or empty.
 */
export const rowKeyOf = (
  columns: readonly string[],
  values: { readonly [column: string]: JsonValue | undefined },
): string | undefined => {
  const texts = columns.map((name) => (Object.hasOwn(values, name) ? textOf(values[name]) : undefined));
  return columns.length === 0 || texts.includes(undefined) ? undefined : JSON.stringify(texts);
};
