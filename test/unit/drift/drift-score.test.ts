import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  binFinder,
  categoryBins,
  columnDrift,
  mergeProfiles,
  numberBins,
  type Profile,
  profileBuilder,
  requiredRows,
} from '../../../lib/domain/drift/index.ts';

const even = new Array<number>(10).fill(1000);

const counts = fc.array(fc.nat(5000), { minLength: 2, maxLength: 30 });
const pairOfCounts = fc
  .array(fc.tuple(fc.nat(5000), fc.nat(5000)), { minLength: 2, maxLength: 30 })
  .map((pairs) => [pairs.map(([a]) => a), pairs.map(([, b]) => b)] as const);

describe('the drift score', () => {
  test('gives the worked example of a window that leans to one side', () => {
    const drift = columnDrift(even, [150, 140, 130, 110, 100, 90, 80, 70, 70, 60], 20);

    expect(drift?.movedShare).toBeCloseTo(0.13, 6);
    expect(drift?.expectedShare).toBeCloseTo(0.0396897, 6);
    expect(drift?.noiseBound).toBeCloseTo(0.0646568, 6);
    expect(drift?.score).toBeCloseTo(0.903103, 6);
    expect(drift?.psi).toBeCloseTo(0.0889917, 6);
    expect(drift?.ks).toBeCloseTo(0.13, 6);
  });

  test('is below zero where the window shows less than chance would', () => {
    const drift = columnDrift(even, [105, 95, 102, 98, 100, 101, 99, 103, 97, 100], 20);

    expect(drift?.movedShare).toBeCloseTo(0.011, 6);
    expect(drift?.score).toBeCloseTo(-0.286942, 6);
  });

  test('does not scream where 200 rows look uneven', () => {
    const drift = columnDrift(even, [40, 20, 20, 20, 20, 20, 20, 20, 20, 0], 20);

    expect(drift?.movedShare).toBeCloseTo(0.1, 6);
    expect(drift?.expectedShare).toBeCloseTo(0.0854695, 6);
    expect(drift?.score).toBeCloseTo(0.10437, 6);
  });

  test('stands beside the Jensen–Shannon distance, from 0 to 1 and the same from either side', () => {
    // ½·(½·log₂(½/¾) + ½·log₂(½/¼)) + ½·log₂(1/¾) = 0.311278, the square of SciPy's 0.4645014 in bits instead of nats.
    expect(columnDrift([500, 500], [70, 0], 2)?.js).toBeCloseTo(Math.sqrt(0.3112781), 6);
    expect(columnDrift([500, 0], [0, 70], 2)?.js).toBe(1);
    fc.assert(
      fc.property(pairOfCounts, ([a, b]) => {
        const [there, back, self] = [columnDrift(a, b, 20), columnDrift(b, a, 20), columnDrift(a, a, 20)];

        expect(there?.js ?? 0).toBeCloseTo(back?.js ?? 0, 9);
        expect(there?.js ?? 0).toBeGreaterThanOrEqual(0);
        expect(there?.js ?? 0).toBeLessThanOrEqual(1);
        expect(self?.js ?? 0).toBe(0);
      }),
    );
  });

  test('of a window against itself is never above zero', () => {
    fc.assert(
      fc.property(counts, fc.integer({ min: 1, max: 500 }), (window, columns) => {
        expect(columnDrift(window, window, columns)?.score ?? 0).toBeLessThanOrEqual(0);
      }),
    );
  });

  test('does not depend on the order of the bins', () => {
    fc.assert(
      fc.property(pairOfCounts, fc.nat(), ([a, b], turn) => {
        const at = turn % a.length;
        const turned = (values: readonly number[]) => [...values.slice(at), ...values.slice(0, at)].reverse();
        const here = columnDrift(a, b, 20);
        const there = columnDrift(turned(a), turned(b), 20);

        expect(there === undefined).toBe(here === undefined);
        expect(there?.score ?? 0).toBeCloseTo(here?.score ?? 0, 9);
      }),
    );
  });

  test('is unknown, not fine, where one side has no rows', () => {
    expect(
      columnDrift(
        even,
        even.map(() => 0),
        20,
      ),
    ).toBeUndefined();
    expect(
      columnDrift(
        even.map(() => 0),
        even,
        20,
      ),
    ).toBeUndefined();
  });
});

describe('the rows a window needs', () => {
  test('follow the formula where the baseline is large, and never fall under the minimum', () => {
    // 1 / (2 · 0.01 / ln(20 / 0.01) − 1 / 10,000) = 395.05
    expect(requiredRows(10_000, 20, 100)).toBe(396);
    expect(requiredRows(10_000, 20, 500)).toBe(500);
  });

  test('stop growing near a small baseline, whose noise the score carries by itself', () => {
    expect(requiredRows(381, 20, 500)).toBe(2000);
    expect(requiredRows(40, 20, 500)).toBe(500);
  });
});

const bins = [
  numberBins(Float64Array.of(1, 2, 3, 4, 5)),
  categoryBins(
    new Map([
      ['a', 3],
      ['b', 1],
    ]),
  ),
];
const row = fc.tuple(
  fc.option(fc.double({ noNaN: true, min: -10, max: 10 }), { nil: undefined }),
  fc.constantFrom('a', 'b', 'c', undefined),
);
const profileOf = (rows: readonly (readonly (number | string | undefined)[])[]): Profile => {
  const builder = profileBuilder(bins);
  for (const one of rows) builder.add((index) => one[index]);
  return builder.profile();
};
const rows = fc.array(row, { maxLength: 20 });

describe('profiles', () => {
  test('add up to the profile of all rows, in any order and grouping, bit for bit', () => {
    fc.assert(
      fc.property(rows, rows, rows, (a, b, c) => {
        const [one, two, three] = [profileOf(a), profileOf(b), profileOf(c)];

        expect(mergeProfiles(mergeProfiles(one, two), three)).toEqual(profileOf([...c, ...b, ...a]));
        expect(mergeProfiles(one, mergeProfiles(two, three))).toEqual(
          mergeProfiles(mergeProfiles(three, two), one),
        );
      }),
    );
  });

  test('count each row once in each column, or as wrong', () => {
    const { rows: total, columns } = profileOf([
      [0, 'a'],
      [3, 'c'],
      [undefined, undefined],
      ['text', 'b'],
      [9, 'a'],
    ]);

    expect(total).toBe(5);
    expect(columns).toEqual([
      { counts: [1, 0, 1, 0, 0, 1, 1], outside: 2, wrong: 1 },
      { counts: [2, 1, 1, 1], outside: 1, wrong: 0 },
    ]);
  });

  test('in different bins are not added', () => {
    const other = profileBuilder([
      bins[1] as (typeof bins)[number],
      bins[0] as (typeof bins)[number],
    ]).profile();

    expect(() => mergeProfiles(profileOf([]), other)).toThrow('different bins');
  });
});

describe('bins', () => {
  test('of numbers are the inner deciles, each once, and a bin for what is missing', () => {
    const values = Float64Array.from({ length: 100 }, (_, index) => index + 1);

    expect(numberBins(values)).toEqual({
      kind: 'number',
      edges: [10, 20, 30, 40, 50, 60, 70, 80, 90],
      min: 1,
      max: 100,
    });
    expect(numberBins(Float64Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 1, Number.NaN))).toEqual({
      kind: 'number',
      edges: [0],
      min: 0,
      max: 1,
    });
    expect(numberBins(Float64Array.of(Number.NaN))).toEqual({
      kind: 'number',
      edges: [],
      min: null,
      max: null,
    });
  });

  test.each([
    ['float32, asked about as people write them', Math.fround, Number],
    ['decimals, asked about as float32', Number, Math.fround],
  ])('of numbers hold them whether in 32 bits or in 64: %s', (_, stored, sent) => {
    const prices = [-0.7, -0.3, 0.1, 0.2, 0.3, 0.7, 1.1, 19.99, 16_777_215, 123_456.789];
    const found = numberBins(Float64Array.from(prices, stored));
    const [inStore, asked] = [stored, sent].map((width) => {
      const builder = profileBuilder([found]);
      for (const price of prices) builder.add(() => width(price));
      return builder.profile();
    });

    expect(asked).toEqual(inStore);
    expect(asked?.columns[0]).toMatchObject({ outside: 0, counts: [...new Array(10).fill(1), 0] });
  });

  test('of numbers too large or too small for 32 bits are as they are', () => {
    const numbers = [-1e300, -1e-300, 1e-300, 2 ** 53 - 1, 1e300];

    expect(numberBins(Float64Array.from(numbers))).toMatchObject({ min: -1e300, max: 1e300 });
    expect(numberBins(Float64Array.of(12_345_678.9))).toMatchObject({ edges: [12_345_679] });
  });

  test('of categories are the 100 most frequent values, the others together, and what is missing', () => {
    const many = new Map(Array.from({ length: 150 }, (_, index) => [`v${index}`, 200 - index]));
    const found = categoryBins(many);
    const place = binFinder(found);

    expect(found).toMatchObject({ isClosed: false, singletons: 0 });
    expect([place('v0'), place('v99'), place('v100'), place('never'), place(undefined)]).toEqual([
      0, 99, 100, 100, 101,
    ]);
  });
});
