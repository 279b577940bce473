import type { Lane } from './names.ts';

/** The CloudWatch namespace of everything Millrace counts. */
export const metricNamespace = 'Millrace';

/** Operational metrics of the whole stack, dimension `stage`. Written only when there is something to count. */
export const stackMetrics = {
  /** Executions that failed, timed out or were stopped. */
  failedExecutions: 'FailedExecutions',
  /** Approvals that have waited longer than `approvals.stuckAfterHours`. */
  stuckApprovals: 'StuckApprovals',
} as const;

/** How labels come, dimensions `stage` and `model`: written when a window of labelled predictions is judged. */
export const labelMetrics = {
  /** Share of a window's predictions whose truth was known when it was judged. */
  coverage: 'LabelCoverage',
  /** The 95th percentile of the hours from a prediction to its label. */
  delayHours: 'LabelDelayHours',
} as const;

/** Metrics of a model's lanes, dimensions `stage` and those below: 1 is the limit, whatever the lane measures. */
export const laneMetrics = {
  /** How far the lane is towards its limit: breach at 1 or more. */
  score: 'LaneScore',
} as const;

/**
 * The series of a lane. Each version has its own, so that what its predecessor did, or turns out to have done when labels
 * come late, rings for it no more. Whether anybody asks is of the model, not of a version.
 */
export const laneDimensions = (
  model: string,
  lane: Lane,
  version: number,
): Readonly<Record<string, string>> =>
  lane === 'freshness' ? { model, lane } : { model, lane, version: String(version) };
