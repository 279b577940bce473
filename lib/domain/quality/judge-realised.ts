import type { LaneJudgement } from '../drift/index.ts';
import { laneScore, maxDeviations, minQualityLoss, type Unknown } from './known.ts';

/** Labelled rows, and how many of them were answered wrongly. */
export interface ErrorCount {
  readonly rows: number;
  readonly errors: number;
}

/** A row whose truth is not known: no class, and never the negative one. */
export const missingLabel = -1;

/** Counts errors among the labelled rows; classes are indices. */
export const countErrors = (truth: ArrayLike<number>, answers: ArrayLike<number>): ErrorCount => {
  if (truth.length !== answers.length)
    throw new RangeError(`${truth.length} labels, ${answers.length} answers: not one each`);
  let [rows, errors] = [0, 0];
  for (let row = 0; row < truth.length; row++) {
    const label = truth[row] as number;
    if (label === missingLabel) continue;
    rows += 1;
    if (label !== answers[row]) errors += 1;
  }
  return { rows, errors };
};

/** Absolute errors of labelled rows: how many, their mean and sample variance. */
export interface ErrorMoments {
  readonly rows: number;
  readonly mean: number;
  readonly variance: number;
}

/** Moments of |y − f| where both are numbers, by Welford's recurrence: no cancellation, one pass. */
export const measureErrors = (truth: Float64Array, answers: Float64Array | Float32Array): ErrorMoments => {
  if (truth.length !== answers.length)
    throw new RangeError(`${truth.length} labels, ${answers.length} answers: not one each`);
  let [rows, mean, squares] = [0, 0, 0];
  for (let row = 0; row < truth.length; row++) {
    const error = Math.abs((truth[row] as number) - (answers[row] as number));
    if (!Number.isFinite(error)) continue;
    rows += 1;
    const step = error - mean;
    mean += step / rows;
    squares += step * (error - mean);
  }
  return { rows, mean, variance: rows < 2 ? 0 : squares / (rows - 1) };
};

const figures = (value: number): string => value.toFixed(3);

const tooFew = (reference: number, window: number, least: number): Unknown | undefined =>
  reference < least || window < least
    ? { unknown: `${window} labelled row(s) against ${reference}, needs ${least} of each` }
    : undefined;

const shareOf = ({ errors, rows }: ErrorCount): number => {
  if (!(errors >= 0 && errors <= rows)) throw new RangeError(`${errors} errors in ${rows} rows`);
  return errors / rows;
};

/**
 * The realised-quality lane of a classifier. Errors e = k/n in the window, e0 = k0/n0 in the reference, ē = (k+k0)/(n+n0):
 *
 *     breach   (e − e0)/√(ē(1−ē)(1/n0 + 1/n)) > 3  and  e − e0 ≥ 0.02
 *
 * the pooled two-proportion z. The score is the smaller of the two, each over its limit. Needs two rows of each.
 */
export const judgeRealisedQuality = (reference: ErrorCount, window: ErrorCount): LaneJudgement | Unknown => {
  const few = tooFew(reference.rows, window.rows, 2);
  if (few) return few;
  const e0 = shareOf(reference);
  const e = shareOf(window);
  const pooled = (reference.errors + window.errors) / (reference.rows + window.rows);
  const sd = Math.sqrt(pooled * (1 - pooled) * (1 / reference.rows + 1 / window.rows));
  return {
    score: laneScore(e - e0, sd, minQualityLoss),
    because: `${figures(e)} of ${window.rows} labelled rows were answered wrongly, before ${figures(e0)}`,
  };
};

/** A mean absolute error has a unit, so that what matters is relative: a tenth, which is 2 points of a 20 % error rate. */
export const minErrorRise = 0.1;

/** A tenth of no error is none: only chance speaks, and without chance any error is the limit. */
const ofFaultless = (rise: number, sd: number): number => {
  if (sd === 0) return rise === 0 ? 0 : 1;
  return rise / (maxDeviations * sd);
};

/**
 * The realised-quality lane of a regression. With µ, s², n of |y − f| in the window and µ0, s0², n0 in the reference:
 *
 *     breach   (µ − µ0)/√(s²/n + s0²/n0) > 3  and  µ − µ0 ≥ 0.1·µ0
 *
 * Welch (1947): the variances differ when quality does, so they are not pooled. A faultless reference (µ0 = 0) leaves the
 * first condition alone, and with no variance either, any error at all is the limit.
 */
export const judgeRealisedErrors = (
  reference: ErrorMoments,
  window: ErrorMoments,
): LaneJudgement | Unknown => {
  const few = tooFew(reference.rows, window.rows, 2);
  if (few) return few;
  const rise = window.mean - reference.mean;
  const sd = Math.sqrt(window.variance / window.rows + reference.variance / reference.rows);
  return {
    score: reference.mean === 0 ? ofFaultless(rise, sd) : laneScore(rise, sd, minErrorRise * reference.mean),
    because: `the mean absolute error is ${window.mean.toPrecision(4)}, was ${reference.mean.toPrecision(4)}`,
  };
};
