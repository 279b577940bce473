/** The CloudWatch namespace of everything Millrace counts. */
export const metricNamespace = 'Millrace';

/** Operational metrics of the whole stack, dimension `stage`. Written only when there is something to count. */
export const stackMetrics = {
  /** Executions that failed, timed out or were stopped. */
  failedExecutions: 'FailedExecutions',
  /** Approvals that have waited longer than `approvals.stuckAfterHours`. */
  stuckApprovals: 'StuckApprovals',
} as const;

/** Metrics of a model's lanes, dimensions `stage`, `model` and `lane`: 1 is the limit, whatever the lane measures. */
export const laneMetrics = {
  /** How far the lane is towards its limit: breach at 1 or more. */
  score: 'LaneScore',
} as const;
