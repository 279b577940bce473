import { type Column, type ColumnTable, missingDatetime, type Target } from '../dataset/index.ts';
import {
  type BaselineColumn,
  type Bins,
  type Cell,
  categoryBins,
  numberBins,
  predictedClass,
  predictedProbability,
  predictedValue,
  presenceBins,
} from '../drift/index.ts';
import { shownNumber } from '../prediction/index.ts';
import type { Predictions, Signature } from '../signature/index.ts';

/** A column, the bins its values fall into, and its cell in each row. */
export interface Described {
  readonly name: string;
  readonly of: BaselineColumn['of'];
  readonly bins: Bins;
  readonly cellAt: (row: number) => Cell;
}

const countTexts = (
  rows: number,
  textAt: (row: number) => string | undefined,
): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  for (let row = 0; row < rows; row += 1) {
    const text = textAt(row);
    if (text !== undefined) counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return counts;
};

const ofNumbers = (values: Float64Array): Pick<Described, 'bins' | 'cellAt'> => ({
  bins: numberBins(values),
  cellAt: (row) => {
    const value = values[row] ?? Number.NaN;
    return Number.isNaN(value) ? undefined : value;
  },
});

const ofTexts = (
  rows: number,
  textAt: (row: number) => string | undefined,
): Pick<Described, 'bins' | 'cellAt'> => ({
  bins: categoryBins(countTexts(rows, textAt)),
  cellAt: textAt,
});

const ofClasses: typeof ofTexts = (rows, textAt) => ({
  bins: categoryBins(countTexts(rows, textAt), { areKnown: true }),
  cellAt: textAt,
});

const ofFlags = (values: Float64Array): Pick<Described, 'bins' | 'cellAt'> =>
  ofTexts(values.length, (row) => {
    const value = values[row] ?? Number.NaN;
    return Number.isNaN(value) ? undefined : String(value === 1);
  });

const ofPresence = (isMissing: (row: number) => boolean): Pick<Described, 'bins' | 'cellAt'> => ({
  bins: presenceBins,
  cellAt: (row) => (isMissing(row) ? undefined : 'present'),
});

const isMissingIn = (column: Column) => (row: number) => {
  const value = column.values[row];
  return value === undefined || value === '' || value === missingDatetime || Number.isNaN(value);
};

/** How a column is watched: numbers in deciles, categories and booleans by value, the rest by being there. */
const describeColumn = (
  column: Column,
  rows: number,
  isSensitive: boolean,
): Pick<Described, 'bins' | 'cellAt'> => {
  const { kind, values } = column;
  if (isSensitive || kind === 'text' || values instanceof BigInt64Array)
    return ofPresence(isMissingIn(column));
  if (values instanceof Float64Array) return kind === 'number' ? ofNumbers(values) : ofFlags(values);
  return ofTexts(rows, (row) => values[row] || undefined);
};

/** Of the positive class where there is one, else of the class answered: as answers are captured, digit for digit. */
export const probabilitiesOf = (
  { probabilities, labels }: Extract<Predictions, { kind: 'classes' }>,
  { classes = [], positiveClass }: Signature,
): Float64Array => {
  const positive = positiveClass === undefined ? -1 : classes.indexOf(positiveClass);
  return Float64Array.from(labels, (label, row) =>
    shownNumber(probabilities[row * classes.length + (positive < 0 ? label : positive)] ?? Number.NaN),
  );
};

export const describePredictions = (predictions: Predictions, signature: Signature): readonly Described[] => {
  const of = 'prediction' as const;
  if (predictions.kind === 'values')
    return [{ name: predictedValue, of, ...ofNumbers(predictions.values.map(shownNumber)) }];
  const { labels } = predictions;
  const classAt = (row: number) => signature.classes?.[labels[row] ?? -1];
  return [
    { name: predictedClass, of, ...ofClasses(labels.length, classAt) },
    { name: predictedProbability, of, ...ofNumbers(probabilitiesOf(predictions, signature)) },
  ];
};

export const describeLabel = (target: Target, name: string): Described => ({
  name,
  of: 'label',
  ...(target.kind === 'values'
    ? ofNumbers(target.values)
    : ofClasses(target.indices.length, (row) => target.classes[target.indices[row] ?? -1])),
});

/** The raw columns of the signature in its order, but those that are not captured. */
export const describeFeatures = (
  table: ColumnTable,
  { columns }: Signature,
  {
    sensitiveColumns,
    omittedColumns,
  }: Readonly<Record<'sensitiveColumns' | 'omittedColumns', readonly string[]>>,
): readonly Described[] =>
  columns.flatMap(({ name }): readonly Described[] => {
    const column = table.columns.get(name);
    if (column === undefined || omittedColumns.includes(name)) return [];
    return [{ name, of: 'feature', ...describeColumn(column, table.rows, sensitiveColumns.includes(name)) }];
  });
