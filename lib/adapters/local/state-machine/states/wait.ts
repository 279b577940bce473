import type { WaitState } from '../definition.ts';
import { aCount, aTimestamp, evaluateAs } from '../evaluate.ts';
import { finish, type Outcome, scopeOf, type Visit } from '../visit.ts';

const endMs = async (visit: Visit<WaitState>): Promise<number> => {
  const { Seconds: seconds, Timestamp: timestamp } = visit.state;
  const scope = scopeOf(visit);
  if (seconds !== undefined)
    return scope.nowMs + 1000 * (await evaluateAs(seconds, 'Seconds', scope, aCount));
  return Date.parse(await evaluateAs(timestamp ?? '', 'Timestamp', scope, aTimestamp));
};

/** Waits on the clock; the end is computed once and kept, so that a restart does not begin the wait anew. */
export const runWait = async (visit: Visit<WaitState>): Promise<Outcome> => {
  const { journal, timeline } = visit.frame.run;
  const key = `${visit.path}end`;
  const known = journal.read(key);
  const untilMs = typeof known === 'number' ? known : await endMs(visit);
  if (known === undefined) journal.write(key, untilMs);
  await timeline.sleepUntil(untilMs, visit.frame.signal);
  return finish(visit, { clause: visit.state, otherwise: visit.input, next: visit.state.Next });
};
