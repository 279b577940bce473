import { drawIndices, type RandomStream } from '../../random/index.ts';

/** The rows and features one round may look at. */
export interface Sample {
  /** All rows: the first `count` are drawn, ascending, the rest are not. */
  readonly rows: Int32Array;
  readonly count: number;
  /** Ascending. */
  readonly features: Int32Array;
}

const drawShare = (random: RandomStream, drawn: Int32Array, share: number): number => {
  const total = drawn.length;
  const count = Math.max(1, Math.round(total * share));
  drawIndices({ random, total, count, drawn });
  return count;
};

/** Draws a new sample at each call into the same arrays. A share of 1 takes all and uses no randomness. */
export const sampler = (
  random: RandomStream,
  rows: number,
  features: number,
  shares: { readonly rowShare: number; readonly columnShare: number },
): (() => Sample) => {
  const rowIndices = Int32Array.from({ length: rows }, (_, index) => index);
  const featureIndices = Int32Array.from({ length: features }, (_, index) => index);
  return () => {
    const count = shares.rowShare < 1 ? drawShare(random, rowIndices, shares.rowShare) : rows;
    const featureCount =
      shares.columnShare < 1 ? drawShare(random, featureIndices, shares.columnShare) : features;
    return { rows: rowIndices, count, features: featureIndices.subarray(0, featureCount) };
  };
};
