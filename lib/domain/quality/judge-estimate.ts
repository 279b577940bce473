import { type LaneJudgement, widened } from '../drift/index.ts';
import { judgeEstimatedErrors, judgeEstimatedQuality, type QualityReference } from './judge-estimated.ts';
import { isKnown, type Unknown } from './known.ts';
import type { QualityBaseline } from './quality-baseline.ts';
import type { EstimatedQuality } from './row-counter.ts';

/**
 * The reference for a window of so many rows. Of fewer rows than the reference windows had chance makes more:
 * sd·√(windowRows/rows). Of more rows it makes less, but what fluctuates by itself stays, so that nothing is narrowed.
 */
export const referenceFor = (
  { estimated, windowRows }: { readonly estimated: QualityReference | Unknown; readonly windowRows: number },
  rows: number,
): QualityReference | Unknown =>
  isKnown(estimated) && rows > 0 && rows < windowRows
    ? { ...estimated, sd: estimated.sd * Math.sqrt(windowRows / rows) }
    : estimated;

/** One window in the lane of estimated quality. */
export interface JudgedEstimate {
  readonly judgement: LaneJudgement | Unknown;
  /** As the record of a window keeps it. */
  readonly estimated:
    | {
        readonly measure: EstimatedQuality['measure'];
        readonly value: number;
        readonly reference: number;
        readonly referenceSd: number;
      }
    | Unknown;
}

/** Judges what was estimated of so many rows against the reference of their baseline. `by`: what the lane is widened by. */
export const judgeEstimate = (
  quality: QualityBaseline | undefined,
  estimate: EstimatedQuality | Unknown,
  rows: number,
  by = 1,
): JudgedEstimate => {
  const both = (unknown: Unknown) => ({ judgement: unknown, estimated: unknown });
  if (!isKnown(estimate)) return both(estimate);
  if (quality === undefined) return both({ unknown: 'the baseline knows nothing of quality' });
  const reference = referenceFor(quality, rows);
  if (!isKnown(reference)) return both(reference);
  const { measure, value } = estimate;
  if (!isKnown(value)) return both(value);
  const judge = quality.kind === 'classes' ? judgeEstimatedQuality : judgeEstimatedErrors;
  const judgement = judge(value, reference);
  return {
    judgement: isKnown(judgement) ? widened(judgement, by) : judgement,
    estimated: { measure, value, reference: reference.mean, referenceSd: reference.sd },
  };
};
