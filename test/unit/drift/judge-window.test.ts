import { describe, expect, test } from 'vitest';
import { type Baseline, buildBaseline } from '../../../lib/domain/baseline/index.ts';
import type { Column, ColumnTable } from '../../../lib/domain/dataset/index.ts';
import {
  CapturedPrediction,
  cellReader,
  judgeWindow,
  predictedClass,
  predictedProbability,
  profileBuilder,
  profileOf,
} from '../../../lib/domain/drift/index.ts';
import { seededRandom } from '../../../lib/domain/random/index.ts';
import type { Signature } from '../../../lib/domain/signature/index.ts';

const normals = (seed: number) => {
  const random = seededRandom(seed);
  return () => Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
};

const width = 18;
const names = Array.from({ length: width }, (_, index) => `x${index}`);

const signatureOf = (
  columns: readonly { readonly name: string; readonly kind: Column['kind'] }[],
): Signature => ({
  schemaVersion: 1,
  task: 'binary',
  target: 'late',
  columns: columns.map((column) => ({ ...column, isNullable: true })),
  inputs: [],
  outputs: {},
  classes: ['no', 'yes'],
  positiveClass: 'yes',
  threshold: 0.5,
});

/** A baseline of such columns, whose model says yes to every second row with 0.75. */
const baselineOf = (
  columns: Readonly<Record<string, Column>>,
  rows: number,
  sensitive: string[] = [],
): Baseline => {
  const table: ColumnTable = { rows, columns: new Map(Object.entries(columns)) };
  return buildBaseline({
    model: 'flights',
    datasetVersion: 'd1',
    table,
    predictions: {
      kind: 'classes',
      labels: Int32Array.from({ length: rows }, (_, row) => row % 2),
      probabilities: Float32Array.from({ length: 2 * rows }, (_, place) =>
        Math.floor(place / 2) % 2 === place % 2 ? 0.75 : 0.25,
      ),
    },
    target: { kind: 'classes', classes: ['no', 'yes'], indices: new Int32Array(rows) },
    signature: signatureOf(Object.entries(columns).map(([name, { kind }]) => ({ name, kind }))),
    sensitiveColumns: sensitive,
  });
};

/** Captured predictions of such rows, each as the capture sink writes them. */
const windowOf = (
  baseline: Baseline,
  rows: readonly Record<string, unknown>[],
  answer?: CapturedPrediction['output'],
) => {
  const builder = profileBuilder(baseline.columns.map(({ bins }) => bins));
  const cellsOf = cellReader(baseline);
  rows.forEach((features, row) => {
    const output = answer ?? { label: row % 2 ? 'yes' : 'no', probability: row % 2 ? 0.75 : 0.25 };
    const at = '2026-01-05T09:00:00.000Z';
    const about = { predictionId: `p${row}`, model: 'flights', version: 1, role: 'champion', at };
    builder.add(cellsOf(CapturedPrediction.parse({ ...about, features, output })));
  });
  return builder.profile();
};

const numbers = (rows: number, draw: () => number): Column => ({
  kind: 'number',
  values: Float64Array.from({ length: rows }, draw),
});

const airports = (rows: number): Column => ({
  kind: 'category',
  values: Array.from({ length: rows }, (_, row) => ['JFK', 'SFO', 'ORD'][row % 3] ?? ''),
});

const rowsOf = (count: number, make: (row: number) => Record<string, unknown>) =>
  Array.from({ length: count }, (_, row) => make(row));

describe('a window against the baseline', () => {
  const draw = normals(1);
  const wide = baselineOf(Object.fromEntries(names.map((name) => [name, numbers(10_000, draw)])), 10_000);
  const shifted = (shift: number, scale: number) =>
    rowsOf(1000, () =>
      Object.fromEntries(
        names.map((name, index) => [name, draw() * (index ? 1 : scale) + (index ? 0 : shift)]),
      ),
    );

  test('of the very rows it was frozen on shows nothing', () => {
    const { drift, dataQuality } = judgeWindow(wide, profileOf(wide));

    expect(drift?.score).toBeLessThanOrEqual(0);
    expect(dataQuality.score).toBe(0);
  });

  test.each([
    ['half a standard deviation', 0.5, 1],
    ['a spread half as wide again', 0, 1.5],
  ])('always finds %s in one of twenty columns, and names it', (_, shift, scale) => {
    for (let trial = 0; trial < 20; trial += 1) {
      const { drift, columns } = judgeWindow(wide, windowOf(wide, shifted(shift, scale)));

      expect(drift?.score).toBeGreaterThanOrEqual(1);
      expect(columns[0]?.name).toBe('x0');
    }
  });

  test('never takes a tenth of a standard deviation, or nothing at all, for drift', () => {
    for (let trial = 0; trial < 20; trial += 1) {
      expect(judgeWindow(wide, windowOf(wide, shifted(0.1, 1))).drift?.score).toBeLessThan(1);
      expect(judgeWindow(wide, windowOf(wide, shifted(0, 1))).drift?.score).toBeLessThan(1);
    }
  });

  test('tells what came from what was answered, how many columns moved, and how much that matters', () => {
    const important = { ...wide, importance: { x0: 0.25, x1: 0.75 } };
    const always = { label: 'yes', probability: 0.75 };

    const moved = judgeWindow(important, windowOf(important, shifted(1, 1)));
    const answered = judgeWindow(important, windowOf(important, shifted(0, 1), always));

    const [x0, x1] = ['x0', 'x1'].map((name) => moved.columns.find((one) => one.name === name)?.score ?? 0);
    expect(moved.featureDrift).toEqual(moved.drift);
    expect(moved.featureDrift?.because).toContain('"x0"');
    expect(moved.predictionDrift?.score).toBeLessThan(1);
    expect(moved.driftedShare).toBe(1 / 20);
    expect(moved.weightedDrift).toBeCloseTo(0.25 * (x0 ?? 0) + 0.75 * Math.max(0, x1 ?? 0), 12);
    expect(answered.predictionDrift).toEqual(answered.drift);
    expect(answered.featureDrift?.score).toBeLessThan(1);
    expect(answered.driftedShare).toBe(2 / 20);
    expect(judgeWindow(wide, windowOf(wide, shifted(0, 1))).weightedDrift).toBeUndefined();
  });

  test('leaves a tenth of missing values to the data-quality lane', () => {
    const rows = shifted(0, 1).map((row, index) => (index % 10 === 0 ? { ...row, x3: null } : row));

    const { drift, dataQuality } = judgeWindow(wide, windowOf(wide, rows));

    expect(drift?.score).toBeLessThan(1);
    expect(dataQuality.score).toBeGreaterThan(1);
    expect(dataQuality.because).toContain('the missing share of "x3" went from 0.0 % to 10.0 %');
  });

  test('finds a unit bug by its values out of range', () => {
    const rows = shifted(0, 1).map((row) => ({ ...row, x3: Number(row.x3) * 1000 }));

    const { dataQuality } = judgeWindow(wide, windowOf(wide, rows));

    expect(dataQuality.score).toBeGreaterThan(10);
    expect(dataQuality.because).toContain('of the values of "x3" lie outside');
  });

  test('rings for a single value of the wrong kind', () => {
    const rows = shifted(0, 1).map((row, index) => (index === 7 ? { ...row, x3: 'n/a' } : row));

    const { dataQuality } = judgeWindow(wide, windowOf(wide, rows));

    expect(dataQuality.score).toBeGreaterThanOrEqual(1);
    expect(dataQuality.because).toBe('1 value(s) of "x3" are of the wrong kind');
  });
});

describe('columns that are not numbers', () => {
  const baseline = baselineOf(
    {
      airport: airports(900),
      note: { kind: 'text', values: Array.from({ length: 900 }, (_, row) => `note ${row}`) },
      passenger: airports(900),
      isFull: { kind: 'boolean', values: Float64Array.from({ length: 900 }, (_, row) => row % 2) },
    },
    900,
    ['passenger'],
  );
  const usual = (row: number) => ({
    airport: ['JFK', 'SFO', 'ORD'][row % 3],
    note: 'any other text',
    passenger: 'a hash',
    isFull: row % 2 === 0,
  });

  test('are compared by value, free text and sensitive ones only by being there', () => {
    const { drift, dataQuality, columns } = judgeWindow(baseline, windowOf(baseline, rowsOf(900, usual)));

    expect(drift?.score).toBeLessThanOrEqual(0);
    expect(dataQuality.score).toBe(0);
    expect(columns.map(({ name, of, ks }) => [name, of, ks === undefined])).toEqual(
      expect.arrayContaining([
        ['airport', 'feature', true],
        ['passenger', 'feature', true],
        [predictedClass, 'prediction', true],
        [predictedProbability, 'prediction', false],
      ]),
    );
    expect(JSON.stringify(baseline)).not.toContain('note 1');
  });

  test('ring when a value never seen takes its share', () => {
    const rows = rowsOf(900, (row) => ({ ...usual(row), ...(row % 10 === 0 && { airport: 'XXX' }) }));

    const { dataQuality } = judgeWindow(baseline, windowOf(baseline, rows));

    expect(dataQuality.score).toBeGreaterThan(1);
    expect(dataQuality.because).toContain('"airport"');
  });

  test('ring when a feature vanishes', () => {
    const rows = rowsOf(900, (row) => ({ ...usual(row), passenger: undefined }));

    expect(judgeWindow(baseline, windowOf(baseline, rows)).dataQuality.because).toContain('"passenger"');
  });
});
