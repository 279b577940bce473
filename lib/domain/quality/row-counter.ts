import type { Cell } from '../drift/index.ts';
import type { Measure } from './known.ts';

/** What a model answered to one row, as it is captured. */
export interface AnsweredRow {
  readonly output: Readonly<Record<string, unknown>>;
  /** The row's cell in the baseline's column of this index. */
  readonly cellOf: (column: number) => Cell;
}

/** What can be told of the quality of some rows without their labels. */
export interface EstimatedQuality {
  readonly measure: 'accuracy' | 'mean absolute error';
  readonly value: Measure;
  /** By how much the realised value would scatter around it on these very rows. */
  readonly sd: Measure;
  /** Binary only. */
  readonly precision?: Measure;
  readonly recall?: Measure;
  readonly f1?: Measure;
  readonly auc?: Measure;
  /** At most so far from what `estimateBinary` says of the same rows: scores are counted in bins. */
  readonly aucTolerance?: number;
}

/**
 * Counts one kind of quality in a fixed number of sums. All of them are whole numbers below 2⁵³, so that adding is exact
 * and rows may come, and counts be merged, in any order.
 */
export interface RowCounter {
  readonly size: number;
  /** Adds a row to the sums; false where its answer cannot be used, and nothing is added. */
  readonly add: (sums: Float64Array, row: AnsweredRow) => boolean;
  readonly estimate: (sums: Float64Array, rows: number) => EstimatedQuality;
}

/**
 * Probabilities are summed in whole parts of 2⁻²⁶: a row is off by 7.5e−9 at most, and sums of 134 million rows stay
 * exact.
 */
const partsOfOne = 2 ** 26;

export const toParts = (probability: number): number => Math.round(probability * partsOfOne);
export const fromParts = (parts: number): number => parts / partsOfOne;

export const addTo = (sums: Float64Array, index: number, value: number): void => {
  sums[index] = (sums[index] as number) + value;
};

/** A probability as it is captured; anything else is none. */
export const probabilityIn = (value: unknown): number =>
  typeof value === 'number' && value >= 0 && value <= 1 ? value : Number.NaN;
