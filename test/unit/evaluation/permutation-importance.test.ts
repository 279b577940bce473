import { expect, test } from 'vitest';
import type { Column, ColumnTable } from '../../../lib/domain/dataset/index.ts';
import { permutationImportance } from '../../../lib/domain/evaluation/index.ts';
import { seeded } from '../report/demo.ts';

const rows = 400;
const used = Float64Array.from({ length: rows }, (_, row) => row);
const columns: [string, Column][] = [
  ['unused', { kind: 'category', values: Array.from(used, String) }],
  ['used', { kind: 'number', values: used }],
  ['when', { kind: 'datetime', values: BigInt64Array.from(used, BigInt) }],
];
const table: ColumnTable = { rows, columns: new Map(columns) };

/** Mean absolute error of the model "the value of `used`", whose truth is the row number. */
const score = async (given: ColumnTable, sampled: Uint32Array) => {
  const column = given.columns.get('used');
  if (column?.kind !== 'number') throw new Error('no column "used"');
  return column.values.reduce((sum, value, at) => sum + Math.abs(value - (sampled[at] ?? 0)), 0) / given.rows;
};

const options = { table, metric: 'mae', higherIsBetter: false, score, maxRows: 100, repeats: 4 };

test('a column the model reads matters, columns it does not read matter exactly nothing', async () => {
  const importance = await permutationImportance({ ...options, random: seeded(1) });

  expect(importance).toMatchObject({ metric: 'mae', rows: 100, repeats: 4 });
  expect(importance?.columns.map(({ column }) => column)).toEqual(['used', 'unused', 'when']);
  expect(importance?.columns[0]?.mean).toBeGreaterThan(50);
  expect(importance?.columns[0]?.sd).toBeGreaterThan(0);
  expect(importance?.columns[1]).toEqual({ column: 'unused', mean: 0, sd: 0 });
});

test('the same seed gives the same numbers, and the table is left as it was', async () => {
  const before = structuredClone(table.columns);

  const first = await permutationImportance({ ...options, random: seeded(2) });
  const second = await permutationImportance({ ...options, random: seeded(2) });

  expect(second).toEqual(first);
  expect(table.columns).toEqual(before);
});

test('shuffling keeps the values of a column, and of every other column their places', async () => {
  const seen: ColumnTable[] = [];
  await permutationImportance({
    ...options,
    columns: ['used'],
    repeats: 1,
    random: seeded(3),
    score: async (given) => seen.push(given),
  });

  const [original, permuted] = seen.map(({ columns: own }) => [...(own.get('used')?.values ?? [])]);

  expect(permuted).not.toEqual(original);
  expect(permuted?.map(Number).sort((a, b) => a - b)).toEqual(original);
  expect(seen[1]?.columns.get('unused')).toEqual(seen[0]?.columns.get('unused'));
});

test('importance is unknown when the metric is not defined', async () => {
  const importance = await permutationImportance({ ...options, random: seeded(1), score: async () => null });

  expect(importance).toBeNull();
});
