import { afterAll, describe, expect, it } from 'vitest';
import { csv, type Drop, houses, preparing } from './preparing.ts';

const { prepare, remove } = preparing();
afterAll(remove);

const columns = ['id', 'area', 'city', 'sold'].map((name) => ({ name, role: 'feature' }));

/** Good houses of earlier batches, each with ids of its own. */
const earlier = (batches: number): readonly Drop[] =>
  Array.from({ length: batches }, (_, batch) => [
    `old-${batch}.csv`,
    houses().replaceAll(/^h/gm, `b${batch}h`),
    'earlier',
  ]);

/** A hundred houses of which every second is without a target. */
const halfBad = csv('id,area,city,sold', 100, (i) => [
  `n${i}`,
  60,
  'Bern',
  ['', '', 'yes', 'no'][i % 4] ?? '',
]);

describe('a new batch among good older ones', () => {
  it('is refused by the share of bad rows among its own, with its own numbers', async () => {
    const { outcome, quality, rows } = await prepare({}, [...earlier(12), ['new.csv', halfBad]]);

    expect(outcome).toBe('refused');
    expect(quality.badShare).toBeLessThan(0.05);
    expect(quality.because).toEqual([
      '50 of 100 rows of the new files (50.0 %) are bad, at most 5.00 % may be: target missing (50)',
    ]);
    expect(rows).toMatchObject({ in: 1300, kept: 1250, quarantined: 50 });
  });

  it('is refused for rows that cannot be read or typed', async () => {
    const rows = csv('id,area,city,sold', 100, (i) => [
      `n${i}`,
      i < 9 ? 'large' : 60,
      'Bern',
      i % 2 ? 'yes' : 'no',
    ]);

    const { quality } = await prepare({}, [...earlier(12), ['new.csv', `${rows}n100,60,Bern\n`]]);

    expect(quality.because).toEqual([
      '10 of 101 rows of the new files (9.90 %) are bad, at most 5.00 % may be: area: not a number (9), fewer fields than the header (1)',
    ]);
  });

  it('is refused by the share of missing values in its own rows', async () => {
    const rows = csv('id,area,city,sold', 100, (i) => [
      `n${i}`,
      i < 40 ? '' : 60,
      'Bern',
      i % 2 ? 'yes' : 'no',
    ]);

    const spec = { quality: { columns: { area: { maxNullShare: 0.1 } } } };
    const { quality } = await prepare(spec, [...earlier(12), ['new.csv', rows]]);

    expect(quality.because).toEqual(['40.0 % of area of the new files is missing, at most 10.0 % may be']);
  });

  it('is accepted when it is sound, and says so', async () => {
    const { outcome, quality } = await prepare({}, [...earlier(2), ['new.csv', houses()]]);

    expect(outcome).toBe('accepted');
    expect(quality.checks.find(({ name }) => name === 'share of bad rows of the new files')).toMatchObject({
      status: 'passed',
      observed: 0,
      because: '0 of 100 rows of the new files (0.00 %) are bad, at most 5.00 % may be',
    });
  });

  it('is not blamed for repeating keys of older files, only for repeating its own', async () => {
    const overlap = houses(12).replaceAll(/^h/gm, 'b0h');
    const own = csv('id,area,city,sold', 90, (i) => [`n${i}`, 60, 'Bern', i % 2 ? 'yes' : 'no']);
    const again = `${own}n0,60,Bern,no\n${overlap.split('\n').slice(1).join('\n')}b0h0,60,Bern,no\n`;

    const { outcome, quality, rows } = await prepare({ key: ['id'] }, [...earlier(12), ['new.csv', again]]);

    expect(outcome).toBe('accepted');
    expect(rows).toMatchObject({ in: 1304, quarantined: 14 });
    // n0 a second time, and b0h0 a second time within the new file.
    expect(quality.checks.find(({ name }) => name === 'share of bad rows of the new files')).toMatchObject({
      observed: 2 / 104,
      because:
        '2 of 104 rows of the new files (1.92 %) are bad, at most 5.00 % may be: repeats an earlier key (2)',
    });
  });

  it('must have every column of the last dataset, although older files still have it', async () => {
    const lacking = csv('id,area,sold', 100, (i) => [`n${i}`, 60, i % 2 ? 'yes' : 'no']);

    const { quality } = await prepare({}, [...earlier(3), ['new.csv', lacking]], {
      previousColumns: columns,
    });

    expect(quality.because).toEqual(['city was in the last dataset and is gone']);
  });

  it('may lack a column that was ignored, unless model.json names it', async () => {
    const lacking = csv('id,area,sold', 100, (i) => [`n${i}`, 60, i % 2 ? 'yes' : 'no']);
    const drops: readonly Drop[] = [...earlier(3), ['new.csv', lacking]];
    const previousColumns = columns.map(({ name }) => ({
      name,
      role: name === 'city' ? 'ignored' : 'feature',
    }));

    const free = await prepare({}, drops, { previousColumns });
    const named = await prepare({ gates: { slices: ['city'] } }, drops, { previousColumns });

    expect(free.outcome).toBe('accepted');
    expect(named.quality.because).toEqual(['city was in the last dataset and is gone']);
  });

  it('changes no byte of the dataset by being called new', async () => {
    const drops: readonly Drop[] = [...earlier(1), ['new.csv', houses()]];

    const mixed = await prepare({}, drops);
    const allNew = await prepare(
      {},
      drops.map(([name, content]) => [name, content]),
    );

    expect(mixed.profile).toEqual(allNew.profile);
    for (const part of ['train.parquet', 'validation.parquet', 'test.parquet'])
      expect(await mixed.rowsOf(part)).toEqual(await allNew.rowsOf(part));
  });
});

describe('older files by themselves', () => {
  it('are judged as one, as a retraining without new data does', async () => {
    const { outcome, quality } = await prepare({}, earlier(2), { previousColumns: columns });

    expect(outcome).toBe('accepted');
    expect(quality.checks.filter(({ name }) => name.includes('new files'))).toEqual([]);
  });
});
