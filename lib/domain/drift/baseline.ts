import * as z from 'zod';
import { type Column, type ColumnTable, missingDatetime, type Target } from '../dataset/index.ts';
import { shownNumber } from '../prediction/index.ts';
import type { Predictions, Signature } from '../signature/index.ts';
import { Bins, type Cell, categoryBins, numberBins, presenceBins } from './bins.ts';
import { ColumnCounts, type Profile, profileBuilder } from './profile.ts';

export const BaselineColumn = z.object({
  name: z.string(),
  of: z.enum(['feature', 'prediction', 'label']),
  bins: Bins,
  counts: ColumnCounts,
});
export type BaselineColumn = z.infer<typeof BaselineColumn>;

export const Baseline = z.object({
  schemaVersion: z.literal(1),
  model: z.string(),
  datasetVersion: z.string(),
  /** Rows of the validation part: what training did not learn from. */
  rows: z.int().min(0),
  /** The raw columns of the signature in its order, then what was predicted: what windows are compared in. */
  columns: z.array(BaselineColumn),
  /** What was true of these rows: the label prior of a classifier, the values of a regression. */
  label: BaselineColumn,
});
/** `baseline.json`: what traffic looks like while nothing has changed. Frozen with its version. */
export type Baseline = z.infer<typeof Baseline>;

/** What is predicted, as columns of their own. */
export const predictedClass = 'predicted class';
export const predictedProbability = 'predicted probability';
export const predictedValue = 'predicted value';

export interface BaselineParts {
  readonly model: string;
  readonly datasetVersion: string;
  /** The validation part, what the model answers on it, and what was true. */
  readonly table: ColumnTable;
  readonly predictions: Predictions;
  readonly target: Target;
  readonly signature: Signature;
  /** Captured as hashes, so that only their being there can be compared. */
  readonly sensitiveColumns: readonly string[];
}

interface Described {
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
const probabilitiesOf = (
  { probabilities, labels }: Extract<Predictions, { kind: 'classes' }>,
  { classes = [], positiveClass }: Signature,
): Float64Array => {
  const positive = positiveClass === undefined ? -1 : classes.indexOf(positiveClass);
  return Float64Array.from(labels, (label, row) =>
    shownNumber(probabilities[row * classes.length + (positive < 0 ? label : positive)] ?? Number.NaN),
  );
};

const describePredictions = (predictions: Predictions, signature: Signature): readonly Described[] => {
  const of = 'prediction' as const;
  if (predictions.kind === 'values')
    return [{ name: predictedValue, of, ...ofNumbers(predictions.values.map(shownNumber)) }];
  const { labels } = predictions;
  const classAt = (row: number) => signature.classes?.[labels[row] ?? -1];
  return [
    { name: predictedClass, of, ...ofTexts(labels.length, classAt) },
    { name: predictedProbability, of, ...ofNumbers(probabilitiesOf(predictions, signature)) },
  ];
};

const describeLabel = (target: Target, name: string): Described => ({
  name,
  of: 'label',
  ...(target.kind === 'values'
    ? ofNumbers(target.values)
    : ofTexts(target.indices.length, (row) => target.classes[target.indices[row] ?? -1])),
});

const countedIn = (described: readonly Described[], rows: number): readonly BaselineColumn[] => {
  const builder = profileBuilder(described.map(({ bins }) => bins));
  for (let row = 0; row < rows; row += 1) builder.add((index) => described[index]?.cellAt(row));
  const { columns } = builder.profile();
  return described.map(({ name, of, bins }, index) => ({
    name,
    of,
    bins,
    counts: columns[index] as ColumnCounts,
  }));
};

/** Freezes what the validation rows look like, to the model and to the eye. */
export const buildBaseline = (parts: BaselineParts): Baseline => {
  const { table, predictions, signature, sensitiveColumns } = parts;
  const features = signature.columns.flatMap(({ name }): readonly Described[] => {
    const column = table.columns.get(name);
    if (column === undefined) return [];
    return [{ name, of: 'feature', ...describeColumn(column, table.rows, sensitiveColumns.includes(name)) }];
  });
  const columns = countedIn([...features, ...describePredictions(predictions, signature)], table.rows);
  const [label] = countedIn([describeLabel(parts.target, signature.target)], table.rows);
  const { model, datasetVersion } = parts;
  return Baseline.parse({ schemaVersion: 1, model, datasetVersion, rows: table.rows, columns, label });
};

/** The baseline's own rows as a profile in its bins. */
export const profileOfBaseline = ({ rows, columns }: Baseline): Profile => ({
  rows,
  columns: columns.map(({ counts }) => counts),
});
