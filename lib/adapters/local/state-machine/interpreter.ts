import * as z from 'zod';
import type { JsonObject, JsonValue } from '../../../wire/json.ts';
import { recover } from './recover.ts';
import { runChoice } from './states/choice.ts';
import { runFail, runPass, runSucceed } from './states/end.ts';
import { runMap } from './states/map.ts';
import { runParallel } from './states/parallel.ts';
import { runTask } from './states/task.ts';
import { runWait } from './states/wait.ts';
import type { Frame, Outcome, Visit } from './visit.ts';

const runState = (visit: Visit): Promise<Outcome> => {
  const { state } = visit;
  switch (state.Type) {
    case 'Task':
      return recover({ ...visit, state }, runTask);
    case 'Parallel':
      return recover({ ...visit, state }, runParallel);
    case 'Map':
      return recover({ ...visit, state }, runMap);
    case 'Choice':
      return runChoice({ ...visit, state });
    case 'Pass':
      return runPass({ ...visit, state });
    case 'Wait':
      return runWait({ ...visit, state });
    case 'Succeed':
      return runSucceed({ ...visit, state });
    case 'Fail':
      return runFail({ ...visit, state });
  }
};

const isoTime = (milliseconds: number): string => new Date(milliseconds).toISOString();

/** Where a frame stands: all that a new process needs to go on with it. */
const Cursor = z.object({
  step: z.number(),
  name: z.string(),
  input: z.json(),
  variables: z.record(z.string(), z.json()),
  enteredAtMs: z.number(),
});
type Cursor = { step: number; name: string; input: JsonValue; variables: JsonObject; enteredAtMs: number };

const visitOf = (frame: Frame, cursor: Cursor): Visit => {
  const state = frame.container.states.get(cursor.name);
  if (state === undefined) throw new Error(`the definition has no state "${cursor.name}"`);
  return {
    frame,
    name: cursor.name,
    state,
    path: `${frame.path}${cursor.step}/`,
    input: cursor.input,
    variables: { ...frame.outerVariables, ...cursor.variables },
    enteredAt: isoTime(cursor.enteredAtMs),
    retryCount: 0,
  };
};

/** Runs a frame from where its journal says it stands to its end, one state after the other. */
export const runContainer = async (frame: Frame, input: JsonValue): Promise<JsonValue> => {
  const { journal, timeline, record } = frame.run;
  const key = `${frame.path}cursor`;
  const known = journal.read(key);
  const start = { step: 1, name: frame.container.startAt, input, variables: {}, enteredAtMs: timeline.now() };
  let cursor: Cursor = known === undefined ? start : Cursor.parse(known);
  if (known === undefined) journal.write(key, { ...cursor });
  for (;;) {
    timeline.check(frame.signal);
    const visit = visitOf(frame, cursor);
    record({ type: 'StateEntered', state: cursor.name });
    const outcome = await runState(visit);
    frame.signal.throwIfAborted();
    record({ type: 'StateExited', state: cursor.name });
    if (outcome.next === undefined) return outcome.output;
    cursor = {
      step: cursor.step + 1,
      name: outcome.next,
      input: outcome.output,
      variables: { ...cursor.variables, ...outcome.assign },
      enteredAtMs: timeline.now(),
    };
    journal.write(key, { ...cursor }, visit.path);
  }
};
