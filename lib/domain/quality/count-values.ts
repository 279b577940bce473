import { type BaselineColumn, binFinder } from '../drift/index.ts';
import { columnsOf, type ErrorModel, leafOf } from './error-model.ts';
import type { ErrorMoments } from './judge-realised.ts';
import { share } from './known.ts';
import { addTo, type RowCounter } from './row-counter.ts';

/**
 * Estimated mean absolute error: the error model's mean over the rows. Visits of leaves are counted instead of errors
 * added, which is exact:
 *
 *     MAE = start + Σ_leaves visits · value / n
 */
export const valueCounter = (
  model: ErrorModel,
  columns: readonly BaselineColumn[],
  realised: ErrorMoments,
): RowCounter => {
  const { start, trees } = model;
  const looked = columnsOf(model).map((index) => ({
    index,
    find: binFinder((columns[index] as BaselineColumn).bins),
  }));
  const places = new Int32Array(columns.length);
  const placeOf = (index: number) => places[index] as number;
  const offsets: number[] = [];
  let size = 0;
  for (const { value } of trees) {
    offsets.push(size);
    size += value.length;
  }
  const values = Float64Array.from(trees.flatMap(({ value }) => value));
  return {
    size,
    add: (sums, { output, cellOf }) => {
      if (typeof output.value !== 'number' || !Number.isFinite(output.value)) return false;
      for (const { index, find } of looked) places[index] = find(cellOf(index));
      trees.forEach((tree, index) => {
        addTo(sums, (offsets[index] as number) + leafOf(tree, placeOf), 1);
      });
      return true;
    },
    estimate: (sums, rows) => {
      const noRows = 'no row has a value';
      const added = sums.reduce((sum, visits, leaf) => sum + visits * (values[leaf] as number), 0);
      const mean = share(start * rows + added, rows, noRows);
      return {
        measure: 'mean absolute error',
        // Trees add up to less than none where errors are small and many fell together.
        value: typeof mean === 'number' ? Math.max(0, mean) : mean,
        sd: rows === 0 ? { unknown: noRows } : Math.sqrt(realised.variance / rows),
      };
    },
  };
};
