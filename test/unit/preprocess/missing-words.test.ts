import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { csv, preparing } from './preparing.ts';

const { prepare, remove } = preparing();
afterAll(remove);

const birdStrikes = readFileSync(
  path.resolve(import.meta.dirname, '../../../node_modules/vega-datasets/data/birdstrikes.csv'),
);

/** A hundred rows of which every fourth has `word` in the column `x`. */
const everyFourth = (word: string, other: (index: number) => string | number): string =>
  csv('x,n,sold', 100, (i) => [i % 4 === 0 ? word : other(i), i, i % 3 ? 'yes' : 'no']);

describe('words like None', () => {
  it('are a class of the target, as in real strikes of birds', async () => {
    const { rows, profile } = await prepare({ task: 'multiclass', target: 'Effect Amount of damage' }, [
      ['birdstrikes.csv', birdStrikes],
    ]);

    expect(rows.quarantined).toBe(0);
    const none = profile.classes?.find(({ value }) => value === 'None');
    expect((none?.count ?? 0) / rows.kept).toBeGreaterThan(0.85);
  });

  it.each(['None', 'none', '-', '?'])('%s is a value of a category', async (word) => {
    const { profile } = await prepare({}, [
      ['rows.csv', everyFourth(word, (i) => ['minor', 'major'][i % 2] ?? '')],
    ]);

    expect(profile.columns[0]).toMatchObject({
      kind: 'category',
      missing: 0,
      top: expect.arrayContaining([{ value: word, count: 25 }]),
    });
  });

  it.each([
    ['number', (i: number) => i * 1.5],
    ['boolean', (i: number) => (i % 2 ? 'true' : 'false')],
    ['datetime', (i: number) => `2025-01-${10 + (i % 20)}`],
  ] as const)('are missing among values that are otherwise %s', async (kind, other) => {
    for (const word of ['None', 'n/a', '-', '?']) {
      const { resolved, rows, rowsOf } = await prepare({ gates: { slices: ['x'] } }, [
        ['rows.csv', everyFourth(word, other)],
      ]);

      expect(rows.quarantined).toBe(0);
      expect(resolved.columns[0]).toMatchObject({
        kind,
        because: expect.stringContaining('25 words like "None" count as missing'),
      });
      const parts = await Promise.all(
        ['train', 'validation', 'test'].map((part) =>
          rowsOf(`${part}.parquet`, 'count_if(x IS NULL)::INTEGER AS n'),
        ),
      );
      expect(parts.flat().reduce((sum, { n }) => sum + Number(n), 0)).toBe(25);
    }
  });

  it('are missing among numbers even where they are nearly everything', async () => {
    const rows = csv('x,sold', 200, (i) => [i % 20 === 0 ? i : 'None', i % 3 ? 'yes' : 'no']);

    const { profile } = await prepare({}, [['rows.csv', rows]]);

    expect(profile.columns[0]).toMatchObject({ kind: 'number', missing: 190 });
  });

  it('are missing where model.json forces numbers, and misfits are still misfits', async () => {
    const rows = everyFourth('None', (i) => (i === 1 ? 'about 7' : i));

    const { quality } = await prepare({ columns: { x: 'number' } }, [['rows.csv', rows]]);

    expect(quality.reasons).toEqual([{ reason: 'x: not a number', rows: 1 }]);
  });

  it('count for maxNullShare as they are read', async () => {
    const spec = { quality: { columns: { x: { maxNullShare: 0.1 } } } };

    const numbers = await prepare(spec, [['rows.csv', everyFourth('-', (i) => i)]]);
    const names = await prepare(spec, [['rows.csv', everyFourth('-', (i) => `c${i % 3}`)]]);

    expect(numbers.quality.because).toEqual(['25.0 % of x is missing, at most 10.0 % may be']);
    expect(names.outcome).toBe('accepted');
  });
});

describe('words for missing', () => {
  it.each(['NA', 'N/A', '#N/A', 'NULL', 'null', 'NaN', 'nan'])(
    '%s is no value of a category',
    async (word) => {
      const { profile } = await prepare({}, [
        ['rows.csv', everyFourth(word, (i) => ['minor', 'major'][i % 2] ?? '')],
      ]);

      expect(profile.columns[0]).toMatchObject({ kind: 'category', missing: 25, distinct: 2 });
    },
  );
});
