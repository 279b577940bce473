import { expect, test } from 'vitest';
import {
  binColumns,
  fitFeatureBins,
  thresholdBetween,
} from '../../../lib/domain/training/trees/feature-bins.ts';
import {
  gradientUnit,
  orderlessSum,
  roundingMagic,
} from '../../../lib/domain/training/trees/gradient-grid.ts';
import { growTree } from '../../../lib/domain/training/trees/grow-tree.ts';
import { histogramOffsets } from '../../../lib/domain/training/trees/histogram.ts';
import { histogramPool } from '../../../lib/domain/training/trees/histogram-pool.ts';
import { matrixOf, noisyRows, plainTrees } from './matrix-builders.ts';

const rows = 400;
const { matrix, values } = noisyRows(rows, 41);

/** Grows one tree on residuals of the noisy rows with so much memory for histograms. */
const grownWith = (budgetBytes: number) => {
  const { thresholds } = fitFeatureBins(matrix, 255);
  const offsets = histogramOffsets(thresholds);
  const length = offsets.at(-1) ?? 0;
  const magic = roundingMagic(gradientUnit(rows, 10));
  const numbers = values.kind === 'values' ? values.values : new Float64Array();
  return growTree(
    {
      rules: { ...plainTrees({ minRowsPerLeaf: 5 }), l2: 1 },
      source: {
        columns: binColumns(matrix, { thresholds }),
        offsets,
        gradients: numbers.map((value) => 3 - value + magic - magic),
        hessians: new Float64Array(rows).fill(1),
        gatheredGradients: new Float64Array(rows),
        gatheredHessians: new Float64Array(rows),
      },
      thresholds,
      features: Int32Array.of(0, 1, 2, 3, 4),
      pool: histogramPool(length, budgetBytes),
      scratchHistogram: new Float64Array(length),
      scratchRows: new Int32Array(rows),
    },
    { rowIndices: Int32Array.from({ length: rows }, (_, row) => row), begin: 0, end: rows },
  );
};

test('a tree is the same whether histograms are kept and subtracted or counted anew', () => {
  const plenty = grownWith(2 ** 30);

  expect(plenty.tree.leafWeights).toHaveLength(31);
  for (const budget of [0, 50_000, 200_000]) expect(grownWith(budget)).toEqual(plenty);
});

test('the leaves of a tree hold every row once', () => {
  const { leaves } = grownWith(2 ** 30);

  const held = leaves.flatMap(({ rowIndices, begin, end }) => [...rowIndices.subarray(begin, end)]);
  expect(held.toSorted((a, b) => a - b)).toEqual(Array.from({ length: rows }, (_, row) => row));
});

test('a threshold parts neighbouring float32 values, however close', () => {
  const pairs: readonly (readonly [number, number])[] = [
    [1, 2],
    [1, Math.fround(1 + 2 ** -23)],
    [Math.fround(1 + 2 ** -23), Math.fround(1 + 2 ** -22)],
    [-(2 ** -149), 0],
    [0, 2 ** -149],
    [Number.NEGATIVE_INFINITY, 0],
    [0, Number.POSITIVE_INFINITY],
    [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
    [-3.4e38, 3.4e38],
  ];

  for (const [lower, upper] of pairs) {
    const threshold = Math.fround(thresholdBetween(lower, upper));
    expect(lower <= threshold && threshold < upper).toBe(true);
  }
});

test('values up to the number of bins get one bin each, missing ones bin 0, and −0 is 0', () => {
  const small = matrixOf([[3], [null], [-0], [0], [7], [3]]);

  const bins = fitFeatureBins(small, 255);

  expect(bins.thresholds.map((thresholds) => [...thresholds])).toEqual([[1.5, 5]]);
  expect(binColumns(small, bins).map((column) => [...column])).toEqual([[2, 0, 1, 1, 3, 2]]);
});

test('bins of many values hold about as many rows each', () => {
  const many = matrixOf(Array.from({ length: 10_000 }, (_, row) => [row ** 2]));

  const bins = fitFeatureBins(many, 100);
  const [column = new Uint8Array()] = binColumns(many, bins);

  const counts = [...Map.groupBy(column, (bin) => bin).values()].map(({ length }) => length);
  expect(counts).toHaveLength(100);
  expect(Math.min(...counts)).toBeGreaterThan(90);
  expect(Math.max(...counts)).toBeLessThan(110);
});

test('sums on the grid do not depend on the order of what is added', () => {
  const spread = Float64Array.from({ length: 1000 }, (_, index) => Math.sin(index) * 10 ** (index % 12));

  expect(orderlessSum(spread.toReversed())).toBe(orderlessSum(spread));
  expect(orderlessSum(spread.toSorted())).toBe(orderlessSum(spread));
  const plain = spread.reduce((sum, value) => sum + value, 0);
  // Each of the 1,000 values is rounded by half a unit at most.
  expect(Math.abs(orderlessSum(spread) - plain)).toBeLessThan(500 * gradientUnit(1000, 1e11));
});
