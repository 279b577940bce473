import * as z from 'zod';
import type { RecoverableState } from './definition.ts';
import { StateFailure } from './failure.ts';
import { catcherFor, nextRetry, noRetries, type RetryProgress } from './retry.ts';
import { finish, type Outcome, type Visit } from './visit.ts';

const Progress = z.object({ counts: z.array(z.number()), retryCount: z.number(), resumeAtMs: z.number() });

/** The outcome of the catcher meant for a failure; without one the failure goes on. */
const caught = async (visit: Visit<RecoverableState>, failure: StateFailure): Promise<Outcome> => {
  const found = catcherFor(visit.state.Catch, failure);
  if (found === undefined) throw failure;
  const errorOutput = failure.output();
  visit.frame.run.record({
    type: 'Caught',
    state: visit.name,
    detail: { ...errorOutput, next: found.catcher.Next },
  });
  return finish(visit, {
    clause: found.catcher,
    otherwise: errorOutput,
    next: found.catcher.Next,
    extra: { errorOutput },
    field: `Catch[${found.index}]/`,
  });
};

/** Runs a state until it succeeds, its retriers are used up, or nothing is meant for its failure; then asks its catchers. */
export const recover = async <S extends RecoverableState>(
  first: Visit<S>,
  attempt: (visit: Visit<S>) => Promise<Outcome>,
): Promise<Outcome> => {
  const { run, signal } = first.frame;
  const key = `${first.path}retries`;
  const known = run.journal.read(key);
  let progress: RetryProgress = known === undefined ? noRetries : Progress.parse(known);
  for (;;) {
    await run.timeline.sleepUntil(progress.resumeAtMs, signal);
    const visit = { ...first, retryCount: progress.retryCount };
    try {
      return await attempt(visit);
    } catch (error) {
      if (!(error instanceof StateFailure)) throw error;
      run.record({
        type: 'AttemptFailed',
        state: visit.name,
        detail: { ...error.output(), attempt: visit.retryCount },
      });
      const next = nextRetry(visit.state.Retry, error, progress, {
        nowMs: run.timeline.now(),
        random: run.random,
      });
      if (next === undefined) return caught(visit, error);
      run.journal.write(key, { ...next, counts: [...next.counts] }, `${first.path}${progress.retryCount}.`);
      progress = next;
    }
  }
};
