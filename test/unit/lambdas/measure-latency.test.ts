import { expect, test } from 'vitest';
import { measuredWithin, measureLatency } from '../../../lambdas/evaluate-model/measure-latency.ts';
import type { ColumnTable } from '../../../lib/domain/dataset/index.ts';

const table = (rows: number): ColumnTable => ({
  rows,
  columns: new Map([['x', { kind: 'number', values: Float64Array.from({ length: rows }, (_, row) => row) }]]),
});

test('the latency is measured on rows alone and on a batch of at most a thousand; of no rows it is unknown', async () => {
  const asked: number[] = [];
  const model = {
    run: async ({ rows, columns }: ColumnTable) => {
      expect(columns.get('x')?.values).toHaveLength(rows);
      asked.push(rows);
      return { kind: 'values' as const, values: new Float64Array(rows) };
    },
  };

  const milliseconds = await measureLatency(model, table(3000));

  expect(milliseconds).toBeGreaterThanOrEqual(0);
  expect(milliseconds).toBeLessThan(50);
  expect(asked).toEqual([...Array<number>(15).fill(1), 1000, 1000, 1000]);
  expect(await measureLatency(model, table(0))).toBeNull();
});

test('a machine that is busy for a moment fails no model: past the budget it is measured again, twice at most', async () => {
  const taking = (...measured: readonly (number | null)[]) => {
    let looks = 0;
    const judged = measuredWithin(50, async () => measured[looks++] ?? null);
    return judged.then((value) => ({ value, looks }));
  };

  expect(await taking(12, 1)).toEqual({ value: 12, looks: 1 });
  expect(await taking(80, 12, 1)).toEqual({ value: 12, looks: 2 });
  expect(await taking(80, 60, 70, 1)).toEqual({ value: 60, looks: 3 });
  expect(await taking(null, 1)).toEqual({ value: null, looks: 1 });
});
