import { describe, expect, test } from 'vitest';
import { buildBaseline, readBaseline } from '../../../lib/domain/baseline/index.ts';
import {
  type EstimatedQuality,
  type QualityReference,
  qualityCounter,
} from '../../../lib/domain/quality/index.ts';
import { binaryBaseline, daily, regressionBaseline } from './small-models.ts';

const uniform = (_: number, random: { next: () => number }) => random.next();
const usual = { rows: 10_000, columns: { x1: uniform, x2: uniform }, chance: uniform };

describe('the quality a baseline keeps', () => {
  test('of a binary model is a map, what it estimates over windows, and what was wrong', () => {
    const { quality } = binaryBaseline(usual);
    const { estimated, realised } = quality as { estimated: QualityReference; realised: { errors: number } };

    // The chance of being right is 0.5 to 1, evenly: mean 0.75, sd 0.1443, of 500 rows 0.0065.
    expect(quality).toMatchObject({ kind: 'classes', positiveClass: 'yes', windowRows: 500 });
    expect(estimated.windows).toBe(20);
    expect(estimated.mean).toBeCloseTo(0.75, 1);
    expect(Math.abs(estimated.mean - (1 - realised.errors / 10_000))).toBeLessThan(0.015);
    expect(estimated.sd).toBeGreaterThan(0.003);
    expect(estimated.sd).toBeLessThan(0.011);
  });

  test('cuts its reference into windows as short as the smallest that is judged, and no shorter than minRows', () => {
    const windowsOf = (rows: number) => binaryBaseline({ ...usual, rows }).quality;

    // Too few rows for ten windows.
    expect(windowsOf(4999)).toMatchObject({
      windowRows: 500,
      estimated: { unknown: '4999 validation row(s) make 9 window(s) of 500, needs 10' },
    });
    expect(windowsOf(5000)).toMatchObject({ windowRows: 500, estimated: { windows: 10 } });
  });

  test('is not blurred by the hours of a day where windows are days', () => {
    const rows = 18_000;
    // Mornings are sure, evenings a toss: every day is 0.7 right, 600 rows of it.
    const chance = (row: number) => (row % 600 < 300 ? 0.9 : 0.5);
    const more = { times: daily(rows, 600), promise: { windowHours: 24, falsePageMonths: 12 } };

    const { quality } = binaryBaseline({ rows, columns: { x1: uniform }, chance }, more);

    expect(quality).toMatchObject({ windowRows: 600, estimated: { windows: 30 } });
    expect((quality as { estimated: QualityReference }).estimated.sd).toBeLessThan(0.01);
  });

  test('of a regression knows where its errors are large', () => {
    const baseline = regressionBaseline(8000, (distance) => (distance > 0.5 ? 4 : 1));
    const { quality } = baseline;
    const estimateAt = (distance: number) => {
      const counter = qualityCounter(baseline);
      counter.add({ output: { value: 0 }, cellOf: (column) => (column === 0 ? distance : 0) });
      return (counter.estimate(counter.counts()) as EstimatedQuality).value;
    };

    // Evenly up to 1 and up to 4: means 0.5 and 2, together 1.25.
    expect(estimateAt(0.2)).toBeCloseTo(0.5, 1);
    expect(estimateAt(0.9)).toBeCloseTo(2, 0);
    expect(quality).toMatchObject({
      kind: 'values',
      realised: { rows: 8000, mean: expect.closeTo(1.25, 1) },
    });
    expect(quality?.estimated).toMatchObject({ mean: expect.closeTo(1.25, 1), windows: 16 });
    expect(JSON.stringify(quality).length).toBeLessThan(8000);
  });

  test('of many classes is known though one of them is in no row', () => {
    const classes = ['a', 'b', 'never'];
    const rows = 600;
    const { quality } = buildBaseline({
      model: 'flights',
      datasetVersion: 'd1',
      table: { rows, columns: new Map() },
      predictions: {
        kind: 'classes',
        labels: Int32Array.from({ length: rows }, (_, row) => row % 2),
        probabilities: Float64Array.from({ length: 3 * rows }, (_, place) =>
          place % 3 === Math.floor(place / 3) % 2 ? 0.8 : 0.1,
        ),
      },
      // Every fifth answer is wrong.
      target: {
        kind: 'classes',
        classes,
        indices: Int32Array.from({ length: rows }, (_, row) => (row % 5 === 0 ? 1 - (row % 2) : row % 2)),
      },
      signature: {
        ...{ schemaVersion: 1, task: 'multiclass', target: 'kind', columns: [], inputs: [], outputs: {} },
        classes,
      },
      sensitiveColumns: [],
      minRows: 50,
    });

    expect(quality).toMatchObject({ kind: 'classes', realised: { rows, errors: 120 } });
    expect(quality?.estimated).toMatchObject({ mean: expect.closeTo(0.8, 2), windows: 10 });
  });

  test('is unknown, with its reason, where all labels are of one class', () => {
    const { quality } = binaryBaseline({ ...usual, rows: 600, chance: () => 0 });

    expect(quality).toMatchObject({
      maps: { unknown: '"yes" cannot be calibrated: all 600 labelled row(s) are of one class' },
      estimated: { unknown: expect.stringContaining('one class') },
      realised: { rows: 600, errors: 0 },
    });
  });
});

describe('a baseline', () => {
  test('is read back as it was written, and is the same from the same rows', () => {
    const more = { promise: { windowHours: 24, falsePageMonths: 12 }, times: daily(10_000, 600) };
    const baseline = binaryBaseline(usual, more);

    expect(readBaseline(JSON.parse(JSON.stringify(baseline)))).toEqual(baseline);
    expect(binaryBaseline(usual, more)).toEqual(baseline);
  });

  test('weighs features by what permuting them costs, and those by nothing whose permuting helps', () => {
    const importance = [
      { column: 'x1', mean: 0.03 },
      { column: 'x2', mean: 0.01 },
      { column: 'gone', mean: 1 },
    ];

    expect(binaryBaseline(usual, { importance }).importance).toEqual({ x1: 0.75, x2: 0.25 });
    expect(
      binaryBaseline(usual, { importance: [...importance, { column: 'x2', mean: -1 }].slice(0, 1) })
        .importance,
    ).toEqual({ x1: 1 });
    expect(binaryBaseline(usual, { importance: [{ column: 'x1', mean: -0.1 }] }).importance).toBeUndefined();
  });

  test('does not watch a column that is not captured', () => {
    const { columns } = binaryBaseline(usual, { omittedColumns: ['x1'] });

    expect(columns.map(({ name }) => name)).toEqual(['x2', 'predicted class', 'predicted probability']);
  });
});

describe('weekdays', () => {
  const rows = 28_000;
  // 500 rows a day: 56 days, eight of each weekday, 4,000 rows.
  const times = daily(rows, 500);
  const isSunday = (row: number) => Math.floor(row / 500) % 7 === 0;

  test('are kept apart where one of them differs from the whole', () => {
    const busy = (row: number, random: { next: () => number }) => random.next() + (isSunday(row) ? 0.5 : 0);
    const { weekdays, columns } = binaryBaseline({ ...usual, rows, columns: { x1: busy } }, { times });

    expect(weekdays?.map(({ weekday }) => weekday)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(weekdays?.[0]?.rows).toBe(4000);
    const sum = columns[0]?.counts.counts.map((_, place) =>
      weekdays?.reduce((total, day) => total + (day.columns[0]?.counts[place] ?? 0), 0),
    );
    expect(sum).toEqual(columns[0]?.counts.counts);
  });

  test('are not kept where they are alike, where time is unknown, or where they have too few rows', () => {
    const busy = (row: number, random: { next: () => number }) => random.next() + (isSunday(row) ? 0.5 : 0);
    const sundays = { ...usual, rows, columns: { x1: busy } };

    expect(binaryBaseline({ ...usual, rows }, { times }).weekdays).toBeUndefined();
    expect(binaryBaseline(sundays).weekdays).toBeUndefined();
    expect(binaryBaseline(sundays, { times, minRows: 5000 }).weekdays).toBeUndefined();
  });
});
