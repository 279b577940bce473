import type { Column } from '../dataset/index.ts';
import { type Judged, measure, type Task } from './measure.ts';

export interface SliceValue {
  readonly kind: 'value' | 'missing' | 'other';
  readonly value: string;
  readonly rows: number;
  /** Null with a reason where there are too few rows to say anything. */
  readonly metrics: Record<string, number | null> | null;
  readonly because?: string;
}

export interface Slice {
  readonly column: string;
  readonly values: readonly SliceValue[];
  /** Why there are no values. */
  readonly because?: string;
}

/** Below this a share moves by 18 points either way at 95 %: a number would mislead. */
export const minSliceRows = 30;
const maxSliceValues = 20;

const shown: Readonly<Record<Task, readonly string[]>> = {
  binary: ['auc', 'accuracy', 'precision', 'recall', 'logLoss', 'positiveShare', 'meanProbability'],
  multiclass: ['logLoss', 'accuracy', 'f1'],
  regression: ['rmse', 'mae', 'meanError'],
};

const pick = <T extends Uint8Array | Int32Array | Float64Array | Float32Array>(
  values: T,
  rows: readonly number[],
  width = 1,
): T => {
  const picked = values.slice(0, rows.length * width);
  rows.forEach((row, at) => {
    for (let k = 0; k < width; k++) picked[at * width + k] = values[row * width + k] as number;
  });
  return picked as T;
};

/** The same answers on fewer rows. */
export const onRows = (side: Judged, rows: readonly number[]): Judged => {
  if (side.task === 'regression')
    return {
      task: side.task,
      input: { truth: pick(side.input.truth, rows), predicted: pick(side.input.predicted, rows) },
    };
  const { answers } = side.input;
  const picked = answers === undefined ? {} : { answers: pick(answers, rows) };
  if (side.task === 'binary') {
    const { isPositive, probability } = side.input;
    return {
      task: side.task,
      input: {
        ...side.input,
        ...picked,
        isPositive: pick(isPositive, rows),
        probability: pick(probability, rows),
      },
    };
  }
  const { classes, truth, probabilities } = side.input;
  return {
    task: side.task,
    input: {
      classes,
      ...picked,
      truth: pick(truth, rows),
      probabilities: pick(probabilities, rows, classes.length),
    },
  };
};

/** The value of every row as text, '' where missing; undefined for kinds that have no few values. */
const textOf = (column: Column): readonly string[] | undefined => {
  if (column.kind === 'category' || column.kind === 'text') return column.values;
  if (column.kind !== 'boolean') return undefined;
  return Array.from(column.values, (value) => (Number.isNaN(value) ? '' : value === 0 ? 'false' : 'true'));
};

const sliceValue = (side: Judged, kind: SliceValue['kind'], value: string, rows: number[]): SliceValue => {
  const base = { kind, value, rows: rows.length };
  if (rows.length < minSliceRows)
    return { ...base, metrics: null, because: `too few rows: fewer than ${minSliceRows}` };
  const { metrics } = measure(onRows(side, rows));
  const kept = shown[side.task].map((name) => [name, metrics[name] ?? null] as const);
  return { ...base, metrics: Object.fromEntries(kept) };
};

interface RowsByValue {
  /** Commonest first. */
  readonly bySize: readonly (readonly [value: string, rows: number[]])[];
  readonly missing: number[];
}

const rowsByValue = (values: readonly string[]): RowsByValue => {
  const rowsOf = new Map<string, number[]>();
  values.forEach((value, row) => {
    const rows = rowsOf.get(value);
    if (rows === undefined) rowsOf.set(value, [row]);
    else rows.push(row);
  });
  const missing = rowsOf.get('') ?? [];
  rowsOf.delete('');
  const bySize = [...rowsOf].sort(([a, x], [b, y]) => y.length - x.length || (a < b ? -1 : 1));
  return { bySize, missing };
};

/** Row numbers by slice, `origin = JFK`: of each column its 20 commonest values. Columns without few values have none. */
export const sliceRows = (
  names: readonly string[],
  columns: ReadonlyMap<string, Column>,
): Readonly<Record<string, readonly number[]>> =>
  Object.fromEntries(
    names.flatMap((name) => {
      const column = columns.get(name);
      const values = column && textOf(column);
      if (values === undefined) return [];
      const { bySize } = rowsByValue(values);
      return bySize.slice(0, maxSliceValues).map(([value, rows]) => [`${name} = ${value}`, rows]);
    }),
  );

const sliceBy = (side: Judged, values: readonly string[]): readonly SliceValue[] => {
  const { bySize, missing } = rowsByValue(values);
  const other = bySize.slice(maxSliceValues).flatMap(([, rows]) => rows);
  const otherName = `${bySize.length - maxSliceValues} other values`;
  return [
    ...bySize.slice(0, maxSliceValues).map(([value, rows]) => sliceValue(side, 'value', value, rows)),
    ...(other.length > 0 ? [sliceValue(side, 'other', otherName, other)] : []),
    ...(missing.length > 0 ? [sliceValue(side, 'missing', 'missing', missing)] : []),
  ];
};

/** Numbers per value of each column: the 20 commonest values, the rest together, and the rows without one. */
export const measureSlices = (
  side: Judged,
  names: readonly string[],
  columns: ReadonlyMap<string, Column>,
): readonly Slice[] =>
  names.map((column) => {
    const found = columns.get(column);
    if (found === undefined) return { column, values: [], because: 'the test rows have no such column' };
    const values = textOf(found);
    if (values === undefined)
      return {
        column,
        values: [],
        because: `it holds a ${found.kind}: only category, text and boolean columns are sliced`,
      };
    return { column, values: sliceBy(side, values) };
  });
