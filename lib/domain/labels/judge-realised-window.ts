import type { LaneJudgement } from '../drift/index.ts';
import { widened } from '../drift/index.ts';
import {
  type ErrorCount,
  type ErrorMoments,
  type EstimatedQuality,
  isKnown,
  judgeCoverage,
  judgeRealisedErrors,
  judgeRealisedQuality,
  judgeReliability,
  labelDelayMs,
  type Measure,
  type QualityBaseline,
  type Unknown,
} from '../quality/index.ts';
import type { RealisedCounts } from './realised-counter.ts';
import type { RealisedWindow } from './realised-window.ts';

/** Fewer labelled rows than this have no distribution that is anywhere near normal, which the score takes for granted. */
export const minLabelledRows = 30;

const hourMs = 3_600_000;

export interface RealisedFacts {
  readonly windowStartMs: number;
  readonly windowEndMs: number;
  readonly nowMs: number;
  readonly counts: RealisedCounts;
  /** What labels took in windows that are judged. */
  readonly usualDelayMs: Measure;
  /** Absent in baselines of an earlier schema. */
  readonly quality: QualityBaseline | undefined;
  /** What was estimated for the labelled rows alone. */
  readonly estimate: EstimatedQuality | Unknown;
  /** By the promise of the lane's false alarms. */
  readonly widenedBy: number;
}

/** What is known of a window by its labels; without what its record knows anyhow. */
export type JudgedLabels = Pick<
  RealisedWindow,
  | 'rows'
  | 'labelledRows'
  | 'coverage'
  | 'outcome'
  | 'because'
  | 'correctedLabels'
  | 'delayHours'
  | 'measure'
  | 'value'
  | 'reference'
  | 'estimated'
  | 'reliability'
  | 'score'
> & {
  /** Whether this is the last word. */
  readonly isFinal: boolean;
};

/**
 * How long a window waits for labels: as long as they took before, or take now if that is longer. Where none was judged
 * before, twice as long as those that came so far, and as long as the window at least: slow ones cannot be among them yet.
 */
export const waitMs = (delaysMs: Float64Array, usualDelayMs: Measure, windowMs: number): Measure => {
  const own = labelDelayMs(delaysMs);
  if (!isKnown(usualDelayMs)) return isKnown(own) ? Math.max(2 * own, windowMs) : own;
  return isKnown(own) ? Math.max(own, usualDelayMs) : usualDelayMs;
};

const isCount = (measured: ErrorCount | ErrorMoments): measured is ErrorCount => 'errors' in measured;

/** The measure, where 0 is without fault. */
const measureOf = (measured: ErrorCount | ErrorMoments): number | undefined => {
  if (measured.rows === 0) return undefined;
  return isCount(measured) ? measured.errors / measured.rows : measured.mean;
};

const laneOf = (
  measured: ErrorCount | ErrorMoments,
  quality: QualityBaseline | undefined,
): LaneJudgement | Unknown => {
  if (measured.rows < minLabelledRows)
    return { unknown: `${measured.rows} labelled row(s), needs ${minLabelledRows}` };
  if (quality === undefined)
    return { unknown: 'the baseline is of an earlier schema and knows nothing of quality' };
  if (quality.kind === 'classes')
    return isCount(measured)
      ? judgeRealisedQuality(quality.realised, measured)
      : { unknown: 'the baseline is of a classifier' };
  return isCount(measured)
    ? { unknown: 'the baseline is of a regression' }
    : judgeRealisedErrors(quality.realised, measured);
};

/** What was estimated, in the measure of what is realised: errors, not accuracy. */
const estimatedError = (estimate: EstimatedQuality | Unknown): Measure => {
  if (!isKnown(estimate) || !isKnown(estimate.value))
    return isKnown(estimate) ? (estimate.value as Unknown) : estimate;
  return estimate.measure === 'accuracy' ? 1 - estimate.value : estimate.value;
};

/**
 * By how much truth may differ from an estimate that is right: what these rows scatter, and what the rows scattered that it
 * was calibrated on: √(sd² + s0²/n0).
 */
const scatterOf = (estimate: EstimatedQuality | Unknown, quality: QualityBaseline | undefined): Measure => {
  if (!isKnown(estimate)) return estimate;
  if (!isKnown(estimate.sd) || quality === undefined || quality.realised.rows === 0) return estimate.sd;
  const { realised } = quality;
  const share = isCount(realised) ? realised.errors / realised.rows : 0;
  const variance = isCount(realised) ? share * (1 - share) : realised.variance;
  return Math.sqrt(estimate.sd ** 2 + variance / realised.rows);
};

const referenceOf = (quality: QualityBaseline | undefined): number | undefined =>
  quality === undefined ? undefined : measureOf(quality.realised);

/** Judges what came of a window's labels: waits for more, or says how right the model was, and whether estimates still hold. */
export const judgeLabels = (facts: RealisedFacts): JudgedLabels => {
  const { windowEndMs, nowMs, counts, quality, estimate, widenedBy } = facts;
  const { rows, labelledRows, correctedLabels, delaysMs, measured } = counts;
  const delay = labelDelayMs(delaysMs);
  const delayMs = waitMs(delaysMs, facts.usualDelayMs, windowEndMs - facts.windowStartMs);
  const { coverage, outcome, because } = judgeCoverage({ rows, labelledRows, windowEndMs, nowMs, delayMs });
  const [value, reference] = [measureOf(measured), referenceOf(quality)];
  const measure = isCount(measured) ? 'share of wrong answers' : 'mean absolute error';
  const known = {
    rows,
    labelledRows,
    ...(isKnown(coverage) && { coverage }),
    correctedLabels,
    ...(isKnown(delay) && { delayHours: delay / hourMs }),
    measure,
  };
  if (outcome === 'wait') return { ...known, outcome: 'waiting', because, isFinal: false };
  if (outcome === 'unknown') return { ...known, outcome: 'unknown', because, isFinal: false };
  const lane = laneOf(measured, quality);
  const estimated = estimatedError(estimate);
  const reliability = judgeReliability(estimated, value ?? { unknown: '' }, scatterOf(estimate, quality));
  const compared = {
    ...known,
    ...(value !== undefined && { value }),
    ...(reference !== undefined && { reference }),
    ...(isKnown(estimated) && { estimated }),
    ...(isKnown(reliability) && labelledRows >= minLabelledRows && { reliability: reliability.mark }),
  };
  if (!isKnown(lane)) {
    const isFinal = measured.rows >= minLabelledRows;
    return { ...compared, outcome: 'unknown', because: `${because}; ${lane.unknown}`, isFinal };
  }
  const { score, because: found } = widened(lane, widenedBy);
  return { ...compared, outcome: 'judged', because: `${found}; ${because}`, score, isFinal: true };
};
