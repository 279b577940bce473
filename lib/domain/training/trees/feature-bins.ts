import type { TrainingMatrix } from '../training-matrix.ts';
import { missingBin } from './boosted-tree.ts';

/**
 * Quantile bins of each feature.
 *
 * | bin     | values                                                       |
 * | ------- | ------------------------------------------------------------ |
 * | 0       | missing (NaN)                                                |
 * | b ≥ 1   | thresholds[b − 2] < value ≤ thresholds[b − 1], ends unbounded |
 *
 * A feature with t thresholds has t + 1 bins of values, at most 255, so that a bin fits in a byte.
 */
export interface FeatureBins {
  /** By feature, ascending, each strictly between two neighbouring values of the training rows. */
  readonly thresholds: readonly Float32Array[];
}

/**
 * A float32 that `lower ≤ threshold < upper` holds for: the midpoint where float32 has one in between, else `lower`.
 * The midpoint of adjacent float32 values may round up to `upper`, which would send `upper` to the wrong side.
 */
export const thresholdBetween = (lower: number, upper: number): number => {
  const middle = Math.fround((lower + upper) / 2);
  return middle >= lower && middle < upper ? middle : lower;
};

/** Distinct values, ascending, and the number of rows that have each. `sorted` holds no NaN. */
const distinctOf = (sorted: Float32Array): { values: number[]; counts: number[] } => {
  const values: number[] = [];
  const counts: number[] = [];
  for (const value of sorted) {
    if (value === values.at(-1)) counts[counts.length - 1] = (counts.at(-1) ?? 0) + 1;
    else {
      values.push(value);
      counts.push(1);
    }
  }
  return { values, counts };
};

/**
 * Thresholds that put about as many rows into each bin. A bin is closed as soon as it holds its share of the rows not
 * yet binned, so that one very frequent value costs one bin and leaves the others to the rest.
 */
const thresholdsOf = (sorted: Float32Array, maxBins: number): Float32Array => {
  const { values, counts } = distinctOf(sorted);
  const thresholds: number[] = [];
  let rowsLeft = sorted.length;
  let rowsInBin = 0;
  for (let index = 0; index + 1 < values.length; index += 1) {
    rowsInBin += counts[index] as number;
    const binsLeft = maxBins - thresholds.length;
    if (binsLeft === 1) break;
    const valuesLeft = values.length - index;
    if (valuesLeft > binsLeft && rowsInBin < rowsLeft / binsLeft) continue;
    thresholds.push(thresholdBetween(values[index] as number, values[index + 1] as number));
    rowsLeft -= rowsInBin;
    rowsInBin = 0;
  }
  return Float32Array.from(thresholds);
};

const presentValues = (matrix: TrainingMatrix, feature: number): Float32Array => {
  const { rows, featureCount, values } = matrix;
  const column = new Float32Array(rows);
  let present = 0;
  for (let row = 0; row < rows; row += 1) {
    const value = values[row * featureCount + feature] as number;
    if (Number.isNaN(value)) continue;
    // −0 and 0 compare equal everywhere but in sort; adding 0 makes them one value.
    column[present] = value + 0;
    present += 1;
  }
  return column.subarray(0, present).sort();
};

/** Chooses the bins from the training rows; the order of the rows does not matter. */
export const fitFeatureBins = (matrix: TrainingMatrix, maxBins: number): FeatureBins => {
  const thresholds: Float32Array[] = [];
  for (let feature = 0; feature < matrix.featureCount; feature += 1)
    thresholds.push(thresholdsOf(presentValues(matrix, feature), maxBins));
  return { thresholds };
};

/** 1 + the number of thresholds below the value, by bisection. */
const binOf = (value: number, thresholds: Float32Array): number => {
  let low = 0;
  let high = thresholds.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (value <= (thresholds[middle] as number)) high = middle;
    else low = middle + 1;
  }
  return low + 1;
};

const binnedColumn = (matrix: TrainingMatrix, feature: number, thresholds: Float32Array): Uint8Array => {
  const { rows, featureCount, values } = matrix;
  const column = new Uint8Array(rows);
  for (let row = 0; row < rows; row += 1) {
    const value = values[row * featureCount + feature] as number;
    column[row] = Number.isNaN(value) ? missingBin : binOf(value, thresholds);
  }
  return column;
};

/** The bin of every value, one column a feature: histograms read columns. */
export const binColumns = (matrix: TrainingMatrix, bins: FeatureBins): Uint8Array[] =>
  bins.thresholds.map((thresholds, feature) => binnedColumn(matrix, feature, thresholds));
