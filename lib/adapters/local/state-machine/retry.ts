import type { Catcher, Retrier } from './definition.ts';
import type { StateFailure } from './failure.ts';

const isTimeout = (error: string | undefined): boolean =>
  error === 'States.Timeout' || error === 'States.HeartbeatTimeout';

/**
 * Whether a clause is meant for an error, as AWS documents it: States.Runtime is for nobody; States.ALL stands for
 * everything but States.DataLimitExceeded; States.TaskFailed for everything but that and time-outs; a missed heartbeat
 * is a States.Timeout too. https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
 */
export const matchesError = (errorEquals: readonly string[], error: string | undefined): boolean => {
  if (error === 'States.Runtime') return false;
  return errorEquals.some((name) => {
    if (name === error) return true;
    if (error === 'States.DataLimitExceeded') return false;
    if (name === 'States.ALL') return true;
    if (name === 'States.TaskFailed') return !isTimeout(error);
    return name === 'States.Timeout' && isTimeout(error);
  });
};

export const catcherFor = (
  catchers: readonly Catcher[] | undefined,
  failure: StateFailure,
): { readonly catcher: Catcher; readonly index: number } | undefined => {
  const index = catchers?.findIndex(({ ErrorEquals }) => matchesError(ErrorEquals, failure.error)) ?? -1;
  const catcher = catchers?.[index];
  return catcher === undefined ? undefined : { catcher, index };
};

/** How often each retrier of a state has been used, in order. */
export interface RetryProgress {
  readonly counts: readonly number[];
  readonly retryCount: number;
  /** When the attempt after the last failure may begin. */
  readonly resumeAtMs: number;
}

export const noRetries: RetryProgress = { counts: [], retryCount: 0, resumeAtMs: 0 };

/** The wait before a retrier's attempt `count` (from 0), in milliseconds: interval × rate^count, bounded, then jitter. */
export const retryDelayMs = (retrier: Retrier, count: number, random: () => number): number => {
  const grown = retrier.IntervalSeconds * retrier.BackoffRate ** count;
  const seconds = Math.min(grown, retrier.MaxDelaySeconds ?? Number.POSITIVE_INFINITY);
  return Math.round(seconds * 1000 * (retrier.JitterStrategy === 'FULL' ? random() : 1));
};

/** The next attempt, or `undefined` when the first retrier that is meant for the error is used up, or none is. */
export const nextRetry = (
  retriers: readonly Retrier[] | undefined,
  failure: StateFailure,
  progress: RetryProgress,
  options: { readonly nowMs: number; readonly random: () => number },
): RetryProgress | undefined => {
  const index = retriers?.findIndex(({ ErrorEquals }) => matchesError(ErrorEquals, failure.error)) ?? -1;
  const retrier = retriers?.[index];
  const used = progress.counts[index] ?? 0;
  if (retriers === undefined || retrier === undefined || used >= retrier.MaxAttempts) return undefined;
  return {
    counts: retriers.map((_, other) => (progress.counts[other] ?? 0) + (other === index ? 1 : 0)),
    retryCount: progress.retryCount + 1,
    resumeAtMs: options.nowMs + retryDelayMs(retrier, used, options.random),
  };
};
