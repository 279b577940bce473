import { expect, test } from 'vitest';
import type { Column } from '../../../lib/domain/dataset/index.ts';
import { measureSlices } from '../../../lib/domain/evaluation/index.ts';

const category = (values: readonly string[]): Column => ({ kind: 'category', values });

const regression = (truth: readonly number[], predicted: readonly number[]) =>
  ({
    task: 'regression',
    input: { truth: Float64Array.from(truth), predicted: Float64Array.from(predicted) },
  }) as const;

const many = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value);

test('each value is measured on its own rows, and too few rows say so', () => {
  const side = regression(many(75, 10), [...many(40, 11), ...many(5, 10), ...many(30, 14)]);
  const columns = new Map([['city', category([...many(40, 'Oslo'), ...many(5, 'Rome'), ...many(30, '')])]]);

  const [slice] = measureSlices(side, ['city'], columns);

  expect(slice?.values).toEqual([
    { kind: 'value', value: 'Oslo', rows: 40, metrics: { rmse: 1, mae: 1, meanError: 1 } },
    { kind: 'value', value: 'Rome', rows: 5, metrics: null, because: 'too few rows: fewer than 30' },
    { kind: 'missing', value: 'missing', rows: 30, metrics: { rmse: 4, mae: 4, meanError: 4 } },
  ]);
});

test('beyond 20 values the rest is added up, and no row is lost', () => {
  const values = Array.from({ length: 25 * 40 }, (_, row) => `v${row % 25}`);
  const side = regression(many(1000, 0), many(1000, 1));

  const [slice] = measureSlices(side, ['v'], new Map([['v', category(values)]]));

  expect(slice?.values).toHaveLength(21);
  expect(slice?.values.at(-1)).toMatchObject({ kind: 'other', value: '5 other values', rows: 200 });
  expect(slice?.values.reduce((sum, { rows }) => sum + rows, 0)).toBe(1000);
});

test('binary slices rank within the slice', () => {
  const rows = 60;
  const side = {
    task: 'binary',
    input: {
      isPositive: Uint8Array.from({ length: rows }, (_, row) => row % 2),
      // Within "up" the model is always right, within "down" always wrong.
      probability: Float64Array.from({ length: rows }, (_, row) => (row < 30 ? row % 2 : 1 - (row % 2))),
      threshold: 0.5,
    },
  } as const;
  const columns = new Map([['way', category([...many(30, 'up'), ...many(30, 'down')])]]);

  const [slice] = measureSlices(side, ['way'], columns);

  expect(slice?.values.map(({ value, metrics }) => [value, metrics?.auc])).toEqual([
    ['down', 0],
    ['up', 1],
  ]);
});

test('booleans are sliced; numbers and absent columns give the reason why not', () => {
  const side = regression(many(30, 0), many(30, 1));
  const columns = new Map<string, Column>([
    ['flag', { kind: 'boolean', values: new Float64Array(30).fill(1) }],
    ['size', { kind: 'number', values: new Float64Array(30) }],
  ]);

  const [flag, size, gone] = measureSlices(side, ['flag', 'size', 'gone'], columns);

  expect(flag?.values.map(({ value }) => value)).toEqual(['true']);
  expect(size?.because).toBe('it holds a number: only category, text and boolean columns are sliced');
  expect(gone?.because).toBe('the test rows have no such column');
});
