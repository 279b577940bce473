import type { JsonValue } from '../../../../wire/json.ts';
import type { TaskState } from '../definition.ts';
import { evaluate, evaluateAs, positiveSeconds } from '../evaluate.ts';
import { StateFailure, withinDataLimit } from '../failure.ts';
import type { TaskAnswer } from '../task-tokens.ts';
import type { Deadline } from '../timeline.ts';
import { contextOf, finish, type InvokeRequest, type Outcome, scopeOf, type Visit } from '../visit.ts';

/** What a task was given and by when it must have answered. */
interface Attempt {
  readonly visit: Visit<TaskState>;
  readonly request: InvokeRequest;
  readonly startedAtMs: number;
  readonly timeoutSeconds: number | undefined;
  readonly heartbeatSeconds: number | undefined;
}

/** The failure that Retry and Catch see for whatever a task threw, errors of other realms included: name and message. */
const taskFailure = (error: unknown): StateFailure => {
  if (typeof error !== 'object' || error === null) return new StateFailure('Error', String(error));
  const { name, message }: { name?: unknown; message?: unknown } = error;
  return new StateFailure(
    typeof name === 'string' ? name : 'Error',
    typeof message === 'string' ? message : JSON.stringify(error),
  );
};

/** A result as JSON would carry it: dates become text, `undefined` becomes null. */
const asJson = (value: unknown): JsonValue => {
  try {
    return JSON.parse(JSON.stringify(value) ?? 'null') as JsonValue;
  } catch (error) {
    throw taskFailure(error);
  }
};

/** The task's own time-out, or the end of its patience without a heartbeat, whichever comes first. */
const deadlineOf =
  (attempt: Attempt, heartbeatAtMs: () => number | undefined) => (): Deadline | undefined => {
    const { startedAtMs, timeoutSeconds, heartbeatSeconds } = attempt;
    const timeout =
      timeoutSeconds === undefined
        ? undefined
        : {
            atMs: startedAtMs + 1000 * timeoutSeconds,
            failure: () =>
              new StateFailure('States.Timeout', `The task did not finish within ${timeoutSeconds} seconds.`),
          };
    const heartbeat =
      heartbeatSeconds === undefined
        ? undefined
        : {
            atMs: Math.max(startedAtMs, heartbeatAtMs() ?? 0) + 1000 * heartbeatSeconds,
            failure: () =>
              new StateFailure(
                'States.HeartbeatTimeout',
                `The task sent no heartbeat for ${heartbeatSeconds} seconds.`,
              ),
          };
    if (timeout === undefined || heartbeat === undefined) return timeout ?? heartbeat;
    return heartbeat.atMs < timeout.atMs ? heartbeat : timeout;
  };

const attemptId = (visit: Visit): string => `${visit.frame.run.id}/${visit.path}${visit.retryCount}`;

/** A task may throw before it returns a promise; both are failures of the task. */
const invoked = async (invoke: () => Promise<unknown>): Promise<unknown> => invoke();

/** Has the task performed once, within its time. */
const perform = async (attempt: Attempt): Promise<JsonValue> => {
  const { visit, request } = attempt;
  const { run, signal } = visit.frame;
  const abandoned = new AbortController();
  let heartbeatAtMs = attempt.startedAtMs;
  const heartbeat = () => {
    heartbeatAtMs = run.timeline.now();
  };
  const handle = {
    attemptId: attemptId(visit),
    signal: AbortSignal.any([abandoned.signal, signal]),
    heartbeat,
  };
  const work = invoked(() => run.invoke(structuredClone(request), handle)).then(asJson, (error: unknown) => {
    throw taskFailure(error);
  });
  try {
    return await run.timeline.within(
      work,
      deadlineOf(attempt, () => heartbeatAtMs),
      signal,
    );
  } catch (error) {
    abandoned.abort(error);
    throw error;
  }
};

const resultOf = (answer: TaskAnswer): JsonValue => {
  if ('output' in answer) return answer.output;
  throw new StateFailure(answer.error, answer.cause);
};

/** Hands the token out, once also across restarts, and waits for the answer until the deadline of the first try. */
const performCallback = async (attempt: Attempt, token: string): Promise<JsonValue> => {
  const { run, signal } = attempt.visit.frame;
  const { journal, tokens, timeline } = run;
  const key = `${attempt.visit.path}handed-out.${attempt.visit.retryCount}`;
  const abandoned = new AbortController();
  try {
    if (journal.read(key) !== true) {
      await perform(attempt);
      journal.write(key, true);
    }
    const answer = tokens.answer(token, AbortSignal.any([abandoned.signal, signal]));
    const deadline = deadlineOf(attempt, () => tokens.heartbeatAtMs(token));
    const result = resultOf(await timeline.within(answer, deadline, signal));
    tokens.close(token);
    return result;
  } catch (error) {
    // A token whose task has failed is dead; one whose process is being stopped goes on waiting.
    if (error instanceof StateFailure) tokens.close(token);
    throw error;
  } finally {
    abandoned.abort();
  }
};

/** When this attempt began: of a callback that survives restarts, when it first did. */
const startOf = (visit: Visit<TaskState>, isCallback: boolean): number => {
  const { journal, timeline } = visit.frame.run;
  if (!isCallback) return timeline.now();
  const key = `${visit.path}started.${visit.retryCount}`;
  const known = journal.read(key);
  if (typeof known === 'number') return known;
  const nowMs = timeline.now();
  journal.write(key, nowMs);
  return nowMs;
};

const seconds = async (visit: Visit<TaskState>, field: 'TimeoutSeconds' | 'HeartbeatSeconds') => {
  const value = visit.state[field];
  return value === undefined ? undefined : evaluateAs(value, field, scopeOf(visit), positiveSeconds);
};

export const runTask = async (visit: Visit<TaskState>): Promise<Outcome> => {
  const { state, input, name } = visit;
  const { run } = visit.frame;
  const isCallback = state.Resource.endsWith('.waitForTaskToken');
  const token = isCallback ? run.tokens.issue(`${visit.path}token.${visit.retryCount}`) : undefined;
  const extra = token === undefined ? {} : { token };
  const given =
    state.Arguments === undefined
      ? input
      : await evaluate(state.Arguments, 'Arguments', scopeOf(visit, extra));
  const request: InvokeRequest = {
    resource: state.Resource,
    arguments: withinDataLimit(given, name, 'arguments of the task'),
    context: contextOf(visit, extra),
  };
  run.record({
    type: 'TaskScheduled',
    state: name,
    detail: { resource: state.Resource, attempt: visit.retryCount },
  });
  const attempt: Attempt = {
    visit,
    request,
    startedAtMs: startOf(visit, isCallback),
    timeoutSeconds: await seconds(visit, 'TimeoutSeconds'),
    heartbeatSeconds: await seconds(visit, 'HeartbeatSeconds'),
  };
  const result = token === undefined ? await perform(attempt) : await performCallback(attempt, token);
  withinDataLimit(result, name, 'result of the task');
  return finish(visit, { clause: state, otherwise: result, next: state.Next, extra: { ...extra, result } });
};
