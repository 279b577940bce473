import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ColumnTable, missingDatetime, type Target } from '../../../lib/domain/dataset/index.ts';
import { type FittedFeatures, fitFeatures } from '../../../lib/domain/features/index.ts';
import { alternating, column, fitStory, float32, matrixOf, resolvedFor, tableOf } from './stories.ts';

const nan = Number.NaN;
const repeat = <T>(count: number, cell: T): T[] => new Array<T>(count).fill(cell);
const numbersTarget = (values: readonly number[]): Target => ({
  kind: 'values',
  values: Float64Array.from(values),
});

/** (sum + 20 prior) / (rows + 20), as docs/feature-graph.md says. */
const smoothed = (
  column: readonly string[],
  target: readonly number[],
  isMember: (value: string) => boolean,
) => {
  const members = target.filter((_, row) => isMember(column[row] ?? ''));
  const prior = target.reduce((a, b) => a + b, 0) / target.length;
  return (members.reduce((a, b) => a + b, 0) + 20 * prior) / (members.length + 20);
};

describe('for boosted trees', () => {
  test('numbers and booleans pass through, rounded to float32, gaps as NaN', async () => {
    const table = tableOf({
      price: column('number', [0.1, -1e20, nan, 16_777_217]),
      isNew: column('boolean', [1, 0, nan, 1]),
    });

    const matrix = await matrixOf(fitStory({ table, target: alternating(4) }), table);

    expect(matrix.names).toEqual(['price', 'isNew']);
    expect(matrix.feature('price')).toEqual(float32([0.1, -1e20, nan, 16_777_217]));
    expect(matrix.feature('isNew')).toEqual([1, 0, nan, 1]);
  });

  test('a category becomes the smoothed mean of the target; rare, unknown and missing have their own answers', async () => {
    const cities = [...repeat(30, 'Rome'), ...repeat(20, 'Oslo'), ...repeat(1, 'Nice'), ...repeat(9, '')];
    const delays = cities.map((city, row) => city.length * 10 + (row % 11) + (city === 'Oslo' ? 30 : 0));
    const table = tableOf({ city: column('category', cities) });

    const fitted = fitStory({ table, target: numbersTarget(delays) });
    const asked = tableOf({ city: column('category', ['Rome', 'Oslo', 'Nice', 'never seen', '']) });
    const matrix = await matrixOf(fitted, asked);

    const rare = smoothed(cities, delays, (city) => city === 'Nice');
    expect(matrix.feature('city~mean')).toEqual(
      float32([
        smoothed(cities, delays, (city) => city === 'Rome'),
        smoothed(cities, delays, (city) => city === 'Oslo'),
        rare,
        rare,
        nan,
      ]),
    );
  });

  test('two classes make one column, for the positive class; three make one each', async () => {
    const letters = Array.from({ length: 90 }, (_, row) => ['a', 'b'][row % 2] ?? '');
    const table = tableOf({
      letter: column('category', letters),
      other: column('category', letters.toReversed()),
    });
    const indices = Int32Array.from(letters, (letter, row) =>
      letter === 'a' ? 0 : 1 + (row % 3 === 0 ? 1 : 0),
    );

    const three = fitStory({ table, target: { kind: 'classes', classes: ['x', 'y', 'z'], indices } });
    const two = fitStory({ table, target: alternating(90) });
    const matrix = await matrixOf(three, table);

    expect((await matrixOf(two, table)).names).toEqual(['letter~yes', 'other~yes']);
    expect(matrix.names).toEqual(['letter~x', 'letter~y', 'letter~z', 'other~x', 'other~y', 'other~z']);
    const isZ = Array.from(indices, (index) => Number(index === 2));
    expect(matrix.feature('letter~z')).toEqual(
      float32(letters.map((letter) => smoothed(letters, isZ, (each) => each === letter))),
    );
  });

  test('a datetime gives month, day of week and minute of day; a text its length and word count', async () => {
    const table = tableOf({
      at: column('datetime', [BigInt(Date.UTC(2024, 1, 29, 13, 45)), missingDatetime]),
      note: column('text', ['two words', '']),
    });

    const matrix = await matrixOf(fitStory({ table, target: alternating(2) }), table);

    expect(matrix.names).toEqual([
      'at.month',
      'at.dayOfWeek',
      'at.minuteOfDay',
      'note.textLength',
      'note.wordCount',
    ]);
    expect(matrix.names.map((name) => matrix.feature(name))).toEqual([
      [2, nan],
      [4, nan],
      [825, nan],
      [9, 0],
      [2, 0],
    ]);
    expect(matrix.sources).toEqual([['at'], ['at'], ['at'], ['note'], ['note']]);
  });

  test('a part named in model.json is not made a second time', () => {
    const table = tableOf({ at: column('datetime', [0n, 1n]) });

    const fitted = fitStory({
      table,
      target: alternating(2),
      features: [{ name: 'season', transform: 'month', column: 'at' }],
    });

    expect(fitted.numbers.map(({ name }) => name)).toEqual(['at.dayOfWeek', 'at.minuteOfDay', 'season']);
  });

  test('values that differ by chance alone all get the prior: an order of noise would be learned by heart', () => {
    const rows = 5000;
    const noise = (row: number) => Math.imul(row + 1, 0x9e3779b1) >>> 0;
    const ids = Array.from({ length: rows }, (_, row) => `id ${(noise(row) >>> 12) % 50}`);
    const real = Array.from({ length: rows }, (_, row) => `group ${row % 2}`);
    const indices = Int32Array.from(ids, (_, row) =>
      Number((noise(row * 31 + 7) >>> 8) % 100 < 20 + 20 * (row % 2)),
    );
    const table = tableOf({ ids: column('category', ids), real: column('category', real) });

    const { targetMeans } = fitStory({ table, target: { kind: 'classes', classes: ['no', 'yes'], indices } });

    const prior = indices.reduce((a, b) => a + b) / rows;
    const [ofIds, ofReal] = targetMeans.map(({ means }) => means.flat());
    expect(ofIds).toEqual(repeat(50, prior));
    expect(ofReal?.map((mean) => Math.round(mean * 10) / 10)).toEqual([0.2, 0.4]);
  });

  test('ten thousand categories of ten rows each are too rare to tell apart', () => {
    const cells = Array.from({ length: 100_000 }, (_, row) => `customer ${row % 10_000}`);
    const table = tableOf({ id: column('category', cells) });

    const { targetMeans } = fitStory({ table, target: numbersTarget(cells.map((_, row) => row % 10_000)) });

    expect(targetMeans).toMatchObject([{ values: [], other: [4999.5] }]);
  });

  test('ten thousand categories that were told apart are looked up', async () => {
    const ids = Array.from({ length: 10_000 }, (_, id) => `customer ${id}`);
    const fitted: FittedFeatures = {
      schemaVersion: 1,
      columns: [{ name: 'id', kind: 'category', isNullable: false }],
      numbers: [],
      targetMeans: [
        {
          names: ['id~mean'],
          column: 'id',
          values: ids,
          means: ids.map((_, i) => [i]),
          other: [-1],
          missing: null,
        },
      ],
      oneHots: [],
    };

    const matrix = await matrixOf(
      fitted,
      tableOf({ id: column('category', [...ids.toReversed(), 'stranger', '']) }),
    );

    expect(matrix.feature('id~mean')).toEqual([...ids.map((_, i) => 9999 - i), -1, nan]);
  });
});

describe('for linear models', () => {
  test('numbers are filled with the median, standardised, and say where they were missing', async () => {
    const cells = [1, 2, nan, 10, nan, 4];
    const table = tableOf({ size: column('number', cells), whole: column('number', [1, 2, 3, 4, 5, 6]) });

    const matrix = await matrixOf(fitStory({ trainer: 'linear', table, target: alternating(6) }), table);

    const filled = cells.map((x) => (Number.isNaN(x) ? 3 : x)); // the median of 1, 2, 4, 10
    const mean = filled.reduce((a, b) => a + b) / 6;
    const deviation = Math.sqrt(filled.reduce((a, b) => a + (b - mean) ** 2, 0) / 6);
    expect(matrix.names).toEqual(['size', 'whole', 'size is missing']);
    matrix.feature('size').forEach((value, row) => {
      expect(value).toBeCloseTo(((filled[row] ?? nan) - mean) / deviation, 6);
    });
    expect(matrix.feature('size is missing')).toEqual([0, 0, 1, 0, 1, 0]);
  });

  test('every transform comes out with mean 0 and deviation 1 on the rows it was fitted on', async () => {
    const rows = 1400;
    const index = Array.from({ length: rows }, (_, row) => row);
    const table = tableOf({
      x: column(
        'number',
        index.map((row) => (row % 7 === 0 ? nan : row * 1.5)),
      ),
      y: column(
        'number',
        index.map((row) => (row % 5) + 1),
      ),
      at: column(
        'datetime',
        index.map((row) => BigInt(row) * 7_654_321_987n - 800_000_000_000n),
      ),
      text: column(
        'text',
        index.map((row) => 'some 😀 words '.repeat(row % 4)),
      ),
      id: column(
        'category',
        index.map((row) => `id ${row % 70}`),
      ),
    });
    const dateParts = ['year', 'month', 'dayOfMonth', 'dayOfWeek', 'dayOfYear', 'hour', 'minuteOfDay'];
    const features = [
      ...dateParts.map((transform) => ({ name: transform, transform, column: 'at' })),
      { name: 'log', transform: 'log', column: 'x' },
      { name: 'ratio', transform: 'ratio', numerator: 'x', denominator: 'y' },
      { name: 'clip', transform: 'clip', column: 'x', min: 10, max: 100 },
      { name: 'bucket', transform: 'bucket', column: 'x', edges: [10, 50, 200] },
    ];

    const matrix = await matrixOf(
      fitStory({ trainer: 'linear', table, target: alternating(rows), features }),
      table,
    );

    for (const name of matrix.names.filter((each) => !each.endsWith(' is missing'))) {
      const values = matrix.feature(name);
      const mean = values.reduce((a, b) => a + b) / rows;
      const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / rows;
      expect(mean, name).toBeCloseTo(0, 5);
      expect(variance, name).toBeCloseTo(1, 4);
    }
    expect(matrix.names).toContain('id~yes'); // 70 values are too many for a column each
  });

  test('a constant is not divided by zero, nor an empty column by nothing', async () => {
    const table = tableOf({
      same: column('number', [0.1, 0.1, 0.1]),
      none: column('number', [nan, nan, nan]),
    });

    const matrix = await matrixOf(fitStory({ trainer: 'linear', table, target: alternating(3) }), table);

    for (const name of ['same', 'none'])
      for (const value of matrix.feature(name)) expect(Math.abs(value)).toBeLessThan(1e-12);
  });

  test('categories are one-hot, unknown and rare are "other", missing stands by itself', async () => {
    const colours = [...repeat(50, 'red'), ...repeat(49, 'blue'), 'rare', ...repeat(10, '')];
    const table = tableOf({
      colour: column('category', colours),
      size: column('category', repeat(110, 'L')),
    });
    const fitted = fitStory({ trainer: 'linear', table, target: alternating(110) });

    const asked = tableOf({
      colour: column('category', ['red', 'blue', 'rare', 'unknown', '']),
      size: column('category', ['L', 'XL', '', 'L', 'L']),
    });
    const matrix = await matrixOf(fitted, asked);

    expect(Object.fromEntries(matrix.names.map((name) => [name, matrix.feature(name)]))).toEqual({
      'colour=blue': [0, 1, 0, 0, 0],
      'colour=red': [1, 0, 0, 0, 0],
      'colour is other': [0, 0, 1, 1, 0],
      'colour is missing': [0, 0, 0, 0, 1],
      'size=L': [1, 0, 0, 1, 1],
      'size is other': [0, 1, 1, 0, 0], // training saw no missing size
    });
  });
});

describe('whatever the model', () => {
  const someTable = (seed: number): ColumnTable => {
    const at = (row: number) => (row * 7919 + seed * 104_729) % 1000;
    const rows = Array.from({ length: 60 }, (_, row) => row);
    return tableOf({
      n: column(
        'number',
        rows.map((row) => (at(row) % 9 === 0 ? nan : at(row) / 7)),
      ),
      b: column(
        'boolean',
        rows.map((row) => at(row) % 2),
      ),
      d: column(
        'datetime',
        rows.map((row) => BigInt(at(row) - 500) * 86_399_999n),
      ),
      c: column(
        'category',
        rows.map((row) => ['', 'a', 'b', 'ü', 'd'][at(row) % 5] ?? ''),
      ),
    });
  };

  test('the same table gives the same bytes, and no feature of a full training row is infinite', async () => {
    const trainers = fc.constantFrom('linear' as const, 'boosted-trees' as const);

    await fc.assert(
      fc.asyncProperty(fc.nat(1000), trainers, async (seed, trainer) => {
        const story = { trainer, table: someTable(seed), target: alternating(60) };
        const first = await matrixOf(fitStory(story), story.table);
        const second = await matrixOf(fitStory(story), story.table);

        expect(Buffer.from(first.bytes).equals(Buffer.from(second.bytes))).toBe(true);
        const values = first.names.flatMap((name) => first.feature(name));
        expect(values.filter((x) => Math.abs(x) === Number.POSITIVE_INFINITY)).toEqual([]);
        if (trainer === 'linear') expect(values.filter(Number.isNaN)).toEqual([]);
      }),
      { numRuns: 20 },
    );
  });

  test('a row answers alone as it answers in a batch of twenty thousand', async () => {
    const base = someTable(1);
    const cells = (name: string): (number | bigint | string)[] => [...(base.columns.get(name)?.values ?? [])];
    const many = (name: string) =>
      Array.from({ length: 334 }, () => cells(name))
        .flat()
        .slice(0, 20_000);
    const big = tableOf({
      n: column('number', many('n')),
      b: column('boolean', many('b')),
      d: column('datetime', many('d')),
      c: column('category', many('c')),
    });
    const fitted = fitStory({ trainer: 'linear', table: base, target: alternating(60) });

    const together = await matrixOf(fitted, big);
    const apart = await matrixOf(fitted, base);

    for (const name of apart.names) {
      const wanted = apart.feature(name);
      const wrong = together.feature(name).findIndex((value, row) => value !== wanted[row % 60]);
      expect(wrong, name).toBe(-1);
    }
  });

  test('a column is nullable when training saw it missing', () => {
    const table = tableOf({
      full: column('number', [1, 2]),
      gaps: column('number', [1, nan]),
      at: column('datetime', [0n, missingDatetime]),
      word: column('category', ['a', '']),
    });

    const { columns } = fitStory({ table, target: alternating(2) });

    expect(columns.map(({ name, isNullable }) => [name, isNullable])).toEqual([
      ['full', false],
      ['gaps', true],
      ['at', true],
      ['word', true],
    ]);
  });

  test('odd column names go through the graph unharmed', async () => {
    const table = tableOf({
      'Cast "ü"/1': column('number', [1, 2]),
      Concat: column('number', [3, 4]),
      constant: column('number', [5, 6]),
    });

    const matrix = await matrixOf(fitStory({ table, target: alternating(2) }), table);

    expect(matrix.names.map((name) => matrix.feature(name))).toEqual([
      [1, 2],
      [3, 4],
      [5, 6],
    ]);
  });

  test('a transform of a column of the wrong kind is refused at its path', () => {
    const table = tableOf({ word: column('category', ['a', 'b']) });
    const features = [{ name: 'l', transform: 'log', column: 'word' }];

    expect(() => fitStory({ table, target: alternating(2), features })).toThrow(
      expect.objectContaining({
        name: 'MODEL_SPEC_INVALID',
        message: expect.stringContaining('features[0].column is "word", a category column'),
      }),
    );
  });

  test('a transform of the target is refused: it is not known when predicting', () => {
    const table = tableOf({ x: column('number', [1, 2]), y: column('number', [1, 2]) });
    const story = {
      table,
      target: numbersTarget([1, 2]),
      features: [{ name: 'l', transform: 'log', column: 'y' }],
    };
    const resolved = resolvedFor(story);
    const columns = resolved.columns.map((each) =>
      each.name === 'y' ? { ...each, role: 'target' as const } : each,
    );

    expect(() => fitFeatures({ ...story, resolved: { ...resolved, columns } })).toThrow(
      expect.objectContaining({ name: 'MODEL_SPEC_INVALID' }),
    );
  });

  test('a model without any feature is refused', () => {
    const table = tableOf({ x: column('number', [1, 2]) });

    expect(() => fitStory({ table, target: alternating(2), sources: ['x'] })).toThrow(
      expect.objectContaining({ name: 'NO_FEATURES' }),
    );
  });
});
