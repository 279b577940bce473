import type { ErrorModel, ErrorTree } from '../quality/index.ts';
import type { BoostedTree } from '../training/trees/boosted-tree.ts';
import type { BoostedTreesParams } from '../training/trees/prepare-boosting.ts';
import { trainBoostedTrees } from '../training/trees/train-boosted-trees.ts';
import type { BinnedRows } from './binned-rows.ts';

/** More rows do not make so small a model better, only later. */
const maxRows = 20_000;

/** Small on purpose: the model travels with the baseline as JSON, some KB of it. */
const paramsFor = (rows: number): BoostedTreesParams => ({
  rounds: 16,
  learningRate: 0.25,
  maxLeaves: 8,
  maxDepth: 3,
  minRowsPerLeaf: Math.max(20, Math.floor(rows / 100)),
  l2: 1,
  maxBins: 255,
  earlyStoppingRounds: 1,
  rowShare: 1,
  columnShare: 1,
});

const sixDigits = (value: number): number => Number(value.toPrecision(6));

/** Interior nodes keep their numbers, leaves follow them. Features are bin numbers, so that x ≤ 3.5 is x ≤ 3. */
const errorTreeOf = ({ features, thresholds, lefts, rights, leafWeights }: BoostedTree): ErrorTree => {
  const [nodes, leaves] = [features.length, leafWeights.length];
  const childOf = (child: number) => (child >= 0 ? child : nodes - 1 - child);
  const none = new Array<number>(leaves).fill(0);
  return {
    column: [...features, ...new Array<number>(leaves).fill(-1)],
    atMost: [...Array.from(thresholds, Math.floor), ...none],
    left: [...Array.from(lefts, childOf), ...none],
    right: [...Array.from(rights, childOf), ...none],
    value: [...new Array<number>(nodes).fill(0), ...Array.from(leafWeights, sixDigits)],
  };
};

/** Every k-th row, so that at most so many are left. */
export const thinned = (rows: Uint32Array, most: number): Uint32Array => {
  const step = Math.ceil(rows.length / most);
  return step <= 1 ? rows : rows.filter((_, index) => index % step === 0);
};

/**
 * Fits where errors are large: boosted trees of |y − f| over the bins of the columns, by squared error, so that its mean
 * over rows like these is their mean absolute error. Deterministic.
 */
export const fitErrorModel = (binned: BinnedRows, errors: Float64Array, rows: Uint32Array): ErrorModel => {
  const { width, places } = binned;
  const used = thinned(rows, maxRows);
  const values = new Float32Array(used.length * width);
  used.forEach((row, index) => {
    values.set(places.subarray(row * width, (row + 1) * width), index * width);
  });
  const featureNames = Array.from({ length: width }, (_, column) => String(column));
  const { baseScores, rounds } = trainBoostedTrees({
    matrix: { rows: used.length, featureCount: width, values, featureNames },
    target: { kind: 'values', values: Float64Array.from(used, (row) => errors[row] as number) },
    params: paramsFor(used.length),
    seed: 0,
  });
  return {
    start: baseScores[0] as number,
    trees: rounds.flat().map(errorTreeOf),
  };
};
