import type { ColumnKind } from '../dataset/index.ts';

/** The datatypes of the Open Inference Protocol, version 2. */
export const openInferenceDatatypes = [
  'BOOL',
  'UINT8',
  'UINT16',
  'UINT32',
  'UINT64',
  'INT8',
  'INT16',
  'INT32',
  'INT64',
  'FP16',
  'FP32',
  'FP64',
  'BYTES',
] as const;
export type OpenInferenceDatatype = (typeof openInferenceDatatypes)[number];

/** One tensor as JSON: a column of the request or of the answer. */
export interface OpenInferenceTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly datatype: OpenInferenceDatatype;
  readonly data: readonly unknown[];
}

export interface TensorMetadata {
  readonly name: string;
  readonly datatype: OpenInferenceDatatype;
  readonly shape: readonly number[];
  readonly parameters?: { readonly classes: readonly string[] };
}

/** The datatype a column of each kind is described with. Datetimes travel as ISO 8601 text. */
export const datatypeOfKind: Record<ColumnKind, OpenInferenceDatatype> = {
  number: 'FP64',
  boolean: 'BOOL',
  datetime: 'BYTES',
  category: 'BYTES',
  text: 'BYTES',
};

const integer = (low: number, high: number) => ({
  accepts: (value: unknown) => Number.isInteger(value) && Number(value) >= low && Number(value) <= high,
  expected: `an integer from ${low} to ${high}`,
});
const float = { accepts: (value: unknown) => typeof value === 'number', expected: 'a number' };

/** What an element of each datatype must be. INT64 travels as a JSON number, exact up to 2^53. */
export const elementOf: Record<
  OpenInferenceDatatype,
  { readonly accepts: (value: unknown) => boolean; readonly expected: string }
> = {
  BOOL: { accepts: (value) => typeof value === 'boolean', expected: 'true or false' },
  UINT8: integer(0, 255),
  UINT16: integer(0, 65_535),
  UINT32: integer(0, 4_294_967_295),
  UINT64: integer(0, Number.MAX_SAFE_INTEGER),
  INT8: integer(-128, 127),
  INT16: integer(-32_768, 32_767),
  INT32: integer(-2_147_483_648, 2_147_483_647),
  INT64: integer(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
  FP16: float,
  FP32: float,
  FP64: float,
  BYTES: { accepts: (value) => typeof value === 'string', expected: 'a string' },
};
