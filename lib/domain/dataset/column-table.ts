/**
 * A table held by columns: the one currency between preparing data, fitting features, evaluating and serving.
 *
 * | kind     | values         | a missing value is        |
 * | -------- | -------------- | ------------------------- |
 * | number   | Float64Array   | NaN                       |
 * | boolean  | Float64Array   | NaN (false 0, true 1)     |
 * | datetime | BigInt64Array  | `missingDatetime`; milliseconds since the epoch, UTC |
 * | category | string[]       | '' (an empty string is missing) |
 * | text     | string[]       | ''                        |
 */
export type ColumnKind = 'number' | 'boolean' | 'datetime' | 'category' | 'text';

export type Column =
  | { readonly kind: 'number' | 'boolean'; readonly values: Float64Array }
  | { readonly kind: 'datetime'; readonly values: BigInt64Array }
  | { readonly kind: 'category' | 'text'; readonly values: readonly string[] };

/** Every column has exactly `rows` values. */
export interface ColumnTable {
  readonly rows: number;
  readonly columns: ReadonlyMap<string, Column>;
}

/** The smallest int64: a datetime that is not there. */
export const missingDatetime = -(2n ** 63n);

/** What a model is asked to learn: class indices into `classes`, or numbers. Never missing. */
export type Target =
  | { readonly kind: 'classes'; readonly classes: readonly string[]; readonly indices: Int32Array }
  | { readonly kind: 'values'; readonly values: Float64Array };
