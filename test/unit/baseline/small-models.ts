import { type Baseline, type BaselineParts, buildBaseline } from '../../../lib/domain/baseline/index.ts';
import type { Column } from '../../../lib/domain/dataset/index.ts';
import { type RandomStream, seededRandom } from '../../../lib/domain/random/index.ts';
import type { Signature } from '../../../lib/domain/signature/index.ts';

export const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;
/** A Sunday. */
export const start = Date.UTC(2026, 0, 4);

const signatureOf = (columns: Readonly<Record<string, Column>>, task: Signature['task']): Signature => ({
  schemaVersion: 1,
  task,
  target: 'late',
  columns: Object.entries(columns).map(([name, { kind }]) => ({ name, kind, isNullable: true })),
  inputs: [],
  outputs: {},
  ...(task !== 'regression' && { classes: ['no', 'yes'], positiveClass: 'yes', threshold: 0.5 }),
});

export type More = Partial<Omit<BaselineParts, 'table' | 'predictions' | 'target'>>;

export interface SmallModel {
  readonly rows: number;
  readonly seed?: number;
  /** The cell of a column of numbers in a row. */
  readonly columns: Readonly<Record<string, (row: number, random: RandomStream) => number>>;
  /** The chance that a row is late, which the model knows. */
  readonly chance: (row: number, random: RandomStream) => number;
}

/** A binary model that knows the chance of each row, and its rows. */
export const binaryBaseline = (
  { rows, seed = 1, columns, chance }: SmallModel,
  more: More = {},
): Baseline => {
  const random = seededRandom(seed);
  const numbers = Object.fromEntries(
    Object.entries(columns).map(([name, draw]): [string, Column] => [
      name,
      { kind: 'number', values: Float64Array.from({ length: rows }, (_, row) => draw(row, random)) },
    ]),
  );
  const chances = Float64Array.from({ length: rows }, (_, row) => chance(row, random));
  return buildBaseline({
    model: 'flights',
    datasetVersion: 'd1',
    table: { rows, columns: new Map(Object.entries(numbers)) },
    predictions: {
      kind: 'classes',
      labels: Int32Array.from(chances, (p) => +(p >= 0.5)),
      probabilities: Float64Array.from({ length: 2 * rows }, (_, place) => {
        const p = chances[place >> 1] as number;
        return place % 2 ? p : 1 - p;
      }),
    },
    target: {
      kind: 'classes',
      classes: ['no', 'yes'],
      indices: Int32Array.from(chances, (p) => +(random.next() < p)),
    },
    signature: signatureOf(numbers, 'binary'),
    sensitiveColumns: [],
    ...more,
  });
};

/** A regression that always answers 0, and is off by up to `spread` of the row's distance. */
export const regressionBaseline = (rows: number, spread: (distance: number) => number, more: More = {}) => {
  const random = seededRandom(2);
  const distance = Float64Array.from({ length: rows }, () => random.next());
  const columns = { distance: { kind: 'number' as const, values: distance } };
  return buildBaseline({
    model: 'flights',
    datasetVersion: 'd1',
    table: { rows, columns: new Map(Object.entries(columns)) },
    predictions: { kind: 'values', values: new Float64Array(rows) },
    target: { kind: 'values', values: distance.map((one) => spread(one) * (2 * random.next() - 1)) },
    signature: signatureOf(columns, 'regression'),
    sensitiveColumns: [],
    ...more,
  });
};

/** So many rows a day, evenly. */
export const daily = (rows: number, rowsPerDay: number): Float64Array =>
  Float64Array.from({ length: rows }, (_, row) => start + (row / rowsPerDay) * dayMs);
