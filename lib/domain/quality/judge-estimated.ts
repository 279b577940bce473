import type { LaneJudgement } from '../drift/index.ts';
import { minErrorRise } from './judge-realised.ts';
import { isKnown, laneScore, type Measure, maxDeviations, minQualityLoss, type Unknown } from './known.ts';

/** What estimated quality was over the reference windows. */
export interface QualityReference {
  readonly mean: number;
  readonly sd: number;
  readonly windows: number;
}

/** Fewer windows than this do not tell how much quality varies by itself. */
export const minReferenceWindows = 10;

/** Mean and sample sd of quality in windows of the size that will be judged; windows of unknown quality are left out. */
export const qualityReference = (values: readonly Measure[]): QualityReference | Unknown => {
  const known = values.filter(isKnown).filter(Number.isFinite);
  const windows = known.length;
  if (windows < minReferenceWindows)
    return { unknown: `${windows} reference window(s), needs ${minReferenceWindows}` };
  const mean = known.reduce((sum, value) => sum + value, 0) / windows;
  const squares = known.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, sd: Math.sqrt(squares / (windows - 1)), windows };
};

const figures = (value: number): string => value.toFixed(3);

/** Both as finite numbers, or why one of them is none. */
const compared = (
  estimated: Measure,
  reference: QualityReference | Unknown,
): { readonly value: number; readonly mean: number; readonly sd: number } | Unknown => {
  if (!isKnown(reference)) return reference;
  if (!isKnown(estimated)) return estimated;
  const { mean, sd } = reference;
  const areFinite = [estimated, mean, sd].every(Number.isFinite);
  return areFinite ? { value: estimated, mean, sd } : { unknown: 'not a finite number' };
};

/**
 * The estimated-quality lane, of a measure where more is better (accuracy, F1, AUC):
 *
 *     breach   (µ − e)/sd > 3  and  µ − e ≥ 0.02        score = min((µ − e)/(3·sd), (µ − e)/0.02)
 */
export const judgeEstimatedQuality = (
  estimated: Measure,
  reference: QualityReference | Unknown,
): LaneJudgement | Unknown => {
  const known = compared(estimated, reference);
  if (!isKnown(known)) return known;
  const { value, mean, sd } = known;
  return {
    score: laneScore(mean - value, sd, minQualityLoss),
    because: `estimated quality is ${figures(value)}, was ${figures(mean)} ± ${figures(sd)}`,
  };
};

/**
 * The estimated-quality lane of a regression, where less is better. A mean absolute error has a unit, so that what
 * matters is relative, as for realised errors:
 *
 *     breach   (e − µ)/sd > 3  and  e − µ ≥ 0.1·µ
 */
export const judgeEstimatedErrors = (
  estimated: Measure,
  reference: QualityReference | Unknown,
): LaneJudgement | Unknown => {
  const known = compared(estimated, reference);
  if (!isKnown(known)) return known;
  const { value, mean, sd } = known;
  if (mean <= 0) return { unknown: 'no error was expected in the reference' };
  return {
    score: laneScore(value - mean, sd, minErrorRise * mean),
    because: `the estimated mean absolute error is ${value.toPrecision(4)}, was ${mean.toPrecision(4)} ± ${sd.toPrecision(4)}`,
  };
};

export interface Reliability {
  readonly mark: 'reliable' | 'unreliable';
  readonly because: string;
}

/**
 * Whether estimates can still be believed, once labels tell: unreliable when |estimated − realised| > 3 sd, which is what a
 * changed concept looks like. All three are of the labelled rows of one window, so that nothing but the truth differs.
 */
export const judgeReliability = (
  estimated: Measure,
  realised: Measure,
  sd: Measure,
): Reliability | Unknown => {
  if (!isKnown(estimated)) return estimated;
  if (!isKnown(realised)) return realised;
  if (!isKnown(sd)) return sd;
  if (![estimated, realised, sd].every(Number.isFinite)) return { unknown: 'not a finite number' };
  const distance = Math.abs(estimated - realised);
  return {
    mark: distance > maxDeviations * sd ? 'unreliable' : 'reliable',
    because: `estimated ${figures(estimated)}, realised ${figures(realised)}, sd ${figures(sd)}`,
  };
};
