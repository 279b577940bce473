import { describe, expect, test } from 'vitest';
import { type Baseline, buildBaseline } from '../../../lib/domain/baseline/index.ts';
import type { Column } from '../../../lib/domain/dataset/index.ts';
import { type Cell, categoryBins, judgeWindow, profileBuilder } from '../../../lib/domain/drift/index.ts';
import { type RandomStream, seededRandom } from '../../../lib/domain/random/index.ts';

type Draw = (random: RandomStream) => Cell;

const normal: Draw = (random) =>
  Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
const below = (random: RandomStream, most: number): number => Math.floor(random.next() * most);
/** There in such a share of the rows. */
const seldom =
  (share: number, draw: Draw): Draw =>
  (random) =>
    random.next() < share ? draw(random) : undefined;
const named =
  (draw: (random: RandomStream) => number): Draw =>
  (random) =>
    `v${draw(random)}`;

/** Columns that are hard to watch; what they are does not change. */
const numbers: Readonly<Record<string, Draw>> = {
  usual: normal,
  wide: (random) => Math.exp(3 * Number(normal(random))),
  ties: (random) => Math.floor(random.next() ** 2 * 6),
  mostlyZero: (random) => (random.next() < 0.97 ? 0 : random.next()),
  hardlyEverNotZero: (random) => (random.next() < 0.999 ? 0 : normal(random)),
  mostlyMissing: seldom(0.02, normal),
  hardlyEverThere: seldom(0.002, normal),
  neverThere: () => undefined,
  constant: () => 42,
  rowId: (random) => below(random, 1e9),
};
const categories: Readonly<Record<string, Draw>> = {
  few: named((random) => below(random, 3)),
  fifty: named((random) => below(random, 50)),
  ninety: named((random) => Math.floor(90 * random.next() ** 4)),
  longTail: named((random) => Math.floor(1 / (1 - random.next() * 0.9999))),
  ticket: named((random) => below(random, 1e9)),
  surname: named((random) => below(random, 300)),
  mostlyMissingName: seldom(
    0.02,
    named((random) => below(random, 40)),
  ),
  mostlyMissingFlag: seldom(0.01, (random) => String(random.next() < 0.3)),
};
const all = Object.entries({ ...numbers, ...categories });

const columnOf = (name: string, draw: Draw, rows: number, random: RandomStream): Column => {
  const cells = Array.from({ length: rows }, () => draw(random));
  return Object.hasOwn(numbers, name)
    ? { kind: 'number', values: Float64Array.from(cells, (cell) => Number(cell ?? Number.NaN)) }
    : { kind: 'category', values: cells.map((cell) => String(cell ?? '')) };
};

const baselineOf = (rows: number, random: RandomStream, more: object = {}): Baseline =>
  buildBaseline({
    model: 'parcels',
    datasetVersion: 'd1',
    table: { rows, columns: new Map(all.map(([name, draw]) => [name, columnOf(name, draw, rows, random)])) },
    predictions: { kind: 'values', values: Float64Array.from({ length: rows }, () => random.next()) },
    target: { kind: 'values', values: Float64Array.from({ length: rows }, () => random.next()) },
    signature: {
      schemaVersion: 1,
      task: 'regression',
      target: 'hours',
      columns: all.map(([name]) => ({ name, kind: 'number', isNullable: true })),
      inputs: [],
      outputs: {},
    },
    sensitiveColumns: [],
    ...more,
  });

const windowOf = (baseline: Baseline, rows: number, random: RandomStream, change: (row: Cell[]) => void) => {
  const builder = profileBuilder(baseline.columns.map(({ bins }) => bins));
  for (let row = 0; row < rows; row += 1) {
    const cells = [...all.map(([, draw]) => draw(random)), random.next()];
    change(cells);
    builder.add((column) => cells[column]);
  }
  return judgeWindow(baseline, builder.profile());
};

const placeOf = (name: string) => all.findIndex(([known]) => known === name);

describe('columns that are hard to watch', () => {
  test.each([
    [100, 50],
    [200, 1500],
    [400, 120],
    [1000, 500],
    [5000, 500],
  ])('ring for nobody while nothing changes: %i validation rows, windows of %i', (rows, windowRows) => {
    const random = seededRandom(rows);
    for (let trial = 0; trial < 4; trial += 1) {
      const baseline = baselineOf(rows, random);
      for (let window = 0; window < 5; window += 1) {
        const { dataQuality, drift } = windowOf(baseline, windowRows, random, () => undefined);

        expect(dataQuality.score < 1 || dataQuality.because).toBe(true);
        expect((drift?.score ?? 9) < 1 || drift?.because).toBe(true);
      }
    }
  });

  test('need no widening', () => {
    const baseline = baselineOf(1000, seededRandom(3), { promise: { windowHours: 24, falsePageMonths: 12 } });

    const promised = baseline.promises.filter(({ lane }) => lane === 'data-quality' || lane === 'drift');
    expect(promised.map(({ lane, widenedBy }) => [lane, widenedBy])).toEqual([
      ['data-quality', 1],
      ['drift', 1],
    ]);
  });

  test('ring all the same when what is seldom there is no longer what it was', () => {
    const random = seededRandom(7);
    const baseline = baselineOf(20_000, random);
    const sum = placeOf('mostlyMissing');
    const inCents = (cells: Cell[]) => {
      const value = cells[sum];
      if (value !== undefined) cells[sum] = Number(value) * 100;
    };

    const { dataQuality } = windowOf(baseline, 2000, random, inCents);

    expect(dataQuality.score).toBeGreaterThan(1);
    expect(dataQuality.because).toContain('"mostlyMissing" lie outside');
  });

  test('are no classes, which are known though each is in a row or two', () => {
    const counts = new Map(Array.from({ length: 60 }, (_, index) => [`class ${index}`, 1 + (index % 2)]));

    expect(categoryBins(counts, { areKnown: true })).toMatchObject({
      values: { length: 60 },
      isClosed: true,
    });
    expect(categoryBins(counts)).toEqual({ kind: 'category', values: [], isClosed: false, singletons: 30 });
  });

  test('ring when names that always differ become always the same', () => {
    const random = seededRandom(8);
    const baseline = baselineOf(5000, random);
    const place = placeOf('surname');

    const { drift } = windowOf(baseline, 1000, random, (cells) => {
      if (random.next() < 0.5) cells[place] = 'v7';
    });

    expect(drift?.because).toContain('"surname"');
    expect(drift?.score).toBeGreaterThan(1);
  });
});
