import { MillraceError } from '../../wire/errors.ts';
import { type Column, type ColumnTable, missingDatetime } from '../dataset/index.ts';
import type { Signature, SignatureInput, TensorType } from './signature.ts';

/** One tensor to feed, row-major. */
export interface FeedTensor {
  readonly type: TensorType;
  readonly dims: readonly number[];
  readonly data: Float32Array | Float64Array | BigInt64Array | Int32Array | Uint8Array | readonly string[];
}

/** Half-open. */
export interface RowRange {
  readonly from: number;
  readonly to: number;
}

/**
 * The tensors that feed rows of a table to a model, by input name. One column of the input's own type is a view of
 * the table, not a copy. Throws PREDICTION_INPUT_INVALID where an integer or boolean input meets a missing or
 * fractional value, or a column cannot become the input's type at all.
 */
export const tableToTensors = (
  { inputs }: Pick<Signature, 'inputs'>,
  table: ColumnTable,
  range: RowRange = { from: 0, to: table.rows },
): ReadonlyMap<string, FeedTensor> =>
  new Map(inputs.map((input) => [input.tensor, feedTensor(input, table, range)]));

const feedTensor = (input: SignatureInput, table: ColumnTable, range: RowRange): FeedTensor => {
  const rows = range.to - range.from;
  const width = input.columns.length;
  const dims = input.rank === 1 ? [rows] : [rows, width];
  const columns = input.columns.map((name) => {
    const column = table.columns.get(name);
    if (column === undefined) throw cannot(name, input, 'is not in the table');
    return column;
  });
  return { type: input.type, dims, data: view(columns, input, range) ?? interleave(columns, input, range) };
};

/** The rows of a single column whose values are already of the input's type. */
const view = (
  columns: readonly Column[],
  { type }: SignatureInput,
  { from, to }: RowRange,
): FeedTensor['data'] | undefined => {
  const [column] = columns;
  if (columns.length !== 1 || column === undefined) return undefined;
  if (type === 'string' && isText(column)) {
    const isWhole = from === 0 && to === column.values.length;
    return isWhole ? column.values : column.values.slice(from, to);
  }
  if (type === 'float64' && isNumeric(column)) return column.values.subarray(from, to);
  if (type === 'int64' && column.kind === 'datetime') return column.values.subarray(from, to);
  return undefined;
};

type TextColumn = Extract<Column, { kind: 'category' | 'text' }>;
type NumericColumn = Extract<Column, { kind: 'number' | 'boolean' }>;
const isText = (column: Column): column is TextColumn => column.kind === 'category' || column.kind === 'text';
const isNumeric = (column: Column): column is NumericColumn =>
  column.kind === 'number' || column.kind === 'boolean';

const interleave = (
  columns: readonly Column[],
  input: SignatureInput,
  range: RowRange,
): FeedTensor['data'] => {
  const width = columns.length;
  const size = (range.to - range.from) * width;
  if (input.type === 'string') return stringCells(columns, input, range);
  const data = new typedArrays[input.type](size);
  columns.forEach((column, position) => {
    const read = numberReader(column, input, position);
    for (let row = range.from; row < range.to; row++) {
      const index = (row - range.from) * width + position;
      if (data instanceof BigInt64Array) data[index] = BigInt(read(row));
      else data[index] = read(row);
    }
  });
  return data;
};

const typedArrays = {
  float32: Float32Array,
  float64: Float64Array,
  int64: BigInt64Array,
  int32: Int32Array,
  bool: Uint8Array,
} as const;

const stringCells = (columns: readonly Column[], input: SignatureInput, { from, to }: RowRange): string[] => {
  const texts = columns.map((column, position) => {
    if (isText(column)) return column.values;
    throw cannot(input.columns[position], input, `is a ${column.kind}`);
  });
  return Array.from({ length: (to - from) * texts.length }, (_, index) => {
    const row = from + Math.floor(index / texts.length);
    return texts[index % texts.length]?.[row] ?? '';
  });
};

/** Reads a cell as a number. Floats take any, missing as NaN; integers and booleans take whole numbers only. */
const numberReader = (column: Column, input: SignatureInput, position: number): ((row: number) => number) => {
  const name = input.columns[position];
  if (isText(column)) throw cannot(name, input, `is a ${column.kind}`);
  const read = (row: number): number => {
    const value = column.values[row] as number | bigint;
    return value === missingDatetime ? Number.NaN : Number(value);
  };
  if (input.type === 'float32' || input.type === 'float64') return read;
  return (row) => {
    const value = read(row);
    if (Number.isInteger(value)) return value;
    throw cannot(name, input, `is ${Number.isNaN(value) ? 'missing' : value} in row ${row}`);
  };
};

const cannot = (column: string | undefined, { tensor, type }: SignatureInput, what: string): MillraceError =>
  new MillraceError(
    'PREDICTION_INPUT_INVALID',
    `column "${column}" ${what}, and feeds the model's ${type} input "${tensor}"`,
    { column, tensor, type },
  );
