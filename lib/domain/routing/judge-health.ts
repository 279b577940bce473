export interface HealthCounts {
  /** Predictions the version was asked for in the step, answered or failed. */
  readonly requests: number;
  readonly errors: number;
  readonly minRequests: number;
  readonly maxErrorShare: number;
}

export interface HealthVerdict {
  readonly health: 'healthy' | 'unhealthy' | 'unknown';
  readonly because: string;
}

const isCount = (value: number) => Number.isFinite(value) && value >= 0;

const percentOf = (share: number) => `${Number((share * 100).toFixed(2))} %`;

/** Whether a challenger's step went well. Only `healthy` may go on: no requests, too few or unreadable counts are unknown. */
export const judgeHealth = (counts: HealthCounts): HealthVerdict => {
  const { requests, errors, minRequests, maxErrorShare } = counts;
  if (!isCount(requests) || !isCount(errors) || errors > requests)
    return { health: 'unknown', because: `counts are unreadable: ${errors} errors in ${requests} requests` };
  if (requests === 0) return { health: 'unknown', because: 'no requests were answered' };
  if (requests < minRequests)
    return { health: 'unknown', because: `${requests} requests were answered, needs ${minRequests}` };
  const share = errors / requests;
  const found = `${errors} of ${requests} requests failed (${percentOf(share)}, at most ${percentOf(maxErrorShare)})`;
  return { health: share > maxErrorShare ? 'unhealthy' : 'healthy', because: found };
};
