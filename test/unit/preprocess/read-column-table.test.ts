import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { readColumnTable } from '../../../lib/adapters/duckdb/read-column-table.ts';
import { readColumns } from '../../../lib/adapters/duckdb/read-columns.ts';
import { missingDatetime } from '../../../lib/domain/dataset/index.ts';
import { csv, preparing } from './preparing.ts';

const { prepare, remove } = preparing();
afterAll(remove);

const trips = csv('id,day,km,fast,city,note,late', 3000, (i) => [
  `t${i}`,
  i % 10 === 0 ? '' : `2025-01-0${1 + (i % 9)}T12:00:00Z`,
  i % 7 === 0 ? '' : i / 2,
  i % 11 === 0 ? '' : i % 2 ? 'true' : 'false',
  i % 13 === 0 ? '' : `city ${i % 5}`,
  'x',
  i % 3 === 0 ? 'yes' : 'no',
]);
const spec = {
  target: 'late',
  key: ['id'],
  features: [{ name: 'weekday', transform: 'dayOfWeek' as const, column: 'day' }],
};

it('gives features and sources as typed columns with missing values as agreed', async () => {
  const { folder, resolved, rows } = await prepare(spec, [['trips.csv', trips]]);
  const path = join(folder, 'train.parquet');

  const { table, target } = await readColumnTable(path, resolved);

  const ids = (await readColumns(path, ['id'])).get('id') ?? [];
  expect([...table.columns.keys()]).toEqual(['day', 'km', 'fast', 'city']);
  expect(table.rows).toBe(rows.train);
  for (const [row, id] of ids.entries()) {
    const i = Number(id.slice(1));
    const [day, km, fast, city] = ['day', 'km', 'fast', 'city'].map(
      (name) => table.columns.get(name)?.values[row],
    );
    expect(day).toBe(i % 10 === 0 ? missingDatetime : BigInt(Date.UTC(2025, 0, 1 + (i % 9), 12)));
    expect(km).toBe(i % 7 === 0 ? Number.NaN : i / 2);
    expect(fast).toBe(i % 11 === 0 ? Number.NaN : i % 2);
    expect(city).toBe(i % 13 === 0 ? '' : `city ${i % 5}`);
    expect(target.kind === 'classes' && target.classes[target.indices[row] ?? -1]).toBe(
      i % 3 === 0 ? 'yes' : 'no',
    );
  }
});

it('reads the first rows and the columns named', async () => {
  const { folder, resolved } = await prepare(spec, [['trips.csv', trips]]);
  const path = join(folder, 'test.parquet');

  const { table, target } = await readColumnTable(path, resolved, { limit: 7, columns: ['km'] });
  const none = await readColumnTable(path, resolved, { columns: [] });

  expect(table.rows).toBe(7);
  expect([...table.columns.keys()]).toEqual(['km']);
  expect(target.kind === 'classes' && target.indices.length).toBe(7);
  expect(none.table.columns.size).toBe(0);
  expect(none.table.rows).toBeGreaterThan(300);
});

it('gives the values of a regression', async () => {
  const regression = {
    task: 'regression' as const,
    target: 'km',
    key: ['id'],
    quality: { maxBadShare: 0.5 },
  };
  const { folder, resolved } = await prepare(regression, [['trips.csv', trips]]);

  const { target } = await readColumnTable(join(folder, 'train.parquet'), resolved);

  expect(resolved.classes).toBeUndefined();
  expect(
    target.kind === 'values' && target.values.length > 1000 && target.values.every(Number.isFinite),
  ).toBe(true);
});

it('gives keys and slices as text, whole numbers without a fraction', async () => {
  const { folder } = await prepare({ ...spec, eventTime: 'day' }, [['trips.csv', trips]]);

  const columns = await readColumns(join(folder, 'train.parquet'), ['km', 'day', 'fast'], { limit: 40 });

  for (const km of columns.get('km') ?? []) expect(km).toMatch(/^(\d+(\.5)?)?$/);
  for (const day of columns.get('day') ?? []) expect(day).toMatch(/^(2025-01-0\dT12:00:00\.000Z)?$/);
  for (const fast of columns.get('fast') ?? []) expect(['true', 'false', '']).toContain(fast);
});
