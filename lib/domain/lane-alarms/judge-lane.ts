/** When a lane rings, as its alarm says. */
export interface LaneRule {
  readonly breaches: number;
  readonly outOf: number;
  readonly whenMissing: 'ignore' | 'breaching' | 'not-breaching';
}

export type LaneState = 'ok' | 'alarm' | 'unknown';

/**
 * The state of a lane by its latest windows, as CloudWatch judges M of N: `undefined` is a window without a point.
 * Points count before gaps do: `scores`, oldest first, may reach further back than N, and the newest N points are looked
 * at. Where there are fewer, the gaps are filled as the rule says; with `ignore` they change nothing unless a point that
 * does not breach is there, which is enough to be well:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 */
export const judgeLane = (
  scores: readonly (number | undefined)[],
  rule: LaneRule,
  before: LaneState,
): LaneState => {
  const points = scores.filter((score) => score !== undefined).slice(-rule.outOf);
  const missing = rule.outOf - points.length;
  const breaching = points.filter((score) => score >= 1).length;
  if (breaching >= rule.breaches) return 'alarm';
  if (rule.whenMissing === 'breaching') return breaching + missing >= rule.breaches ? 'alarm' : 'ok';
  if (rule.whenMissing === 'not-breaching') return 'ok';
  return breaching < points.length ? 'ok' : before;
};
