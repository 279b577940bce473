import type { JsonObject, JsonValue } from '../../../wire/json.ts';
import type { Container, State } from './definition.ts';
import { evaluate, evaluateObject, type Scope } from './evaluate.ts';
import { withinDataLimit } from './failure.ts';
import type { Journal } from './journal.ts';
import type { TaskTokens } from './task-tokens.ts';
import type { Timeline } from './timeline.ts';

/** What a Task asks of the world. */
export interface InvokeRequest {
  readonly resource: string;
  readonly arguments: JsonValue;
  readonly context: JsonObject;
}

/** How a task that is under way and its state stay in touch. */
export interface TaskHandle {
  /** The same for every delivery of one attempt, also after a restart: the key for doing things once. */
  readonly attemptId: string;
  /** Aborts when nobody waits for the result any more. */
  readonly signal: AbortSignal;
  /** Says that the task is alive: starts its HeartbeatSeconds anew. */
  readonly heartbeat: () => void;
}

export type Invoke = (request: InvokeRequest, task: TaskHandle) => Promise<unknown>;

export interface HistoryEvent {
  readonly type: string;
  readonly state?: string;
  readonly detail?: JsonValue;
}

/** One run of a machine: what all of its states share. */
export interface ExecutionRun {
  readonly id: string;
  readonly context: JsonObject;
  readonly timeline: Timeline;
  readonly invoke: Invoke;
  readonly tokens: TaskTokens;
  readonly journal: Journal;
  readonly random: () => number;
  readonly record: (event: HistoryEvent) => void;
  /** Runs a branch or an iteration to its end and gives its output. */
  readonly runContainer: (frame: Frame, input: JsonValue) => Promise<JsonValue>;
}

/** A container being run: the machine itself, one branch, or one iteration. */
export interface Frame {
  readonly run: ExecutionRun;
  readonly container: Container;
  /** Prefix of this frame's journal keys. */
  readonly path: string;
  /** Variables of the frames around this one: readable here, never assigned. */
  readonly outerVariables: JsonObject;
  /** `Map.Item` of the context, within an iteration. */
  readonly mapItem?: JsonObject;
  readonly signal: AbortSignal;
}

/** One state being run, once. */
export interface Visit<S extends State = State> {
  readonly frame: Frame;
  readonly name: string;
  readonly state: S;
  /** Prefix of this visit's journal keys. */
  readonly path: string;
  readonly input: JsonValue;
  readonly variables: JsonObject;
  readonly enteredAt: string;
  readonly retryCount: number;
}

/** What a state leaves behind; without `next` its frame is done. */
export interface Outcome {
  readonly output: JsonValue;
  readonly assign: JsonObject;
  readonly next: string | undefined;
}

/** What `$states` holds beyond input and context. */
export interface Extra {
  readonly result?: JsonValue;
  readonly errorOutput?: JsonObject;
  readonly token?: string;
  readonly mapItem?: JsonObject;
}

const isRetried = ({ Type }: State): boolean => Type === 'Task' || Type === 'Parallel' || Type === 'Map';

/** The context object: https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html */
export const contextOf = (visit: Visit, extra: Extra = {}): JsonObject => {
  const { frame, state } = visit;
  const mapItem = extra.mapItem ?? frame.mapItem;
  return {
    ...frame.run.context,
    State: {
      Name: visit.name,
      EnteredTime: visit.enteredAt,
      ...(isRetried(state) ? { RetryCount: visit.retryCount } : {}),
    },
    ...(extra.token === undefined ? {} : { Task: { Token: extra.token } }),
    ...(mapItem === undefined ? {} : { Map: { Item: mapItem } }),
  };
};

export const scopeOf = (visit: Visit, extra: Extra = {}): Scope => ({
  stateName: visit.name,
  states: {
    input: visit.input,
    context: contextOf(visit, extra),
    ...(extra.result === undefined ? {} : { result: extra.result }),
    ...(extra.errorOutput === undefined ? {} : { errorOutput: extra.errorOutput }),
  },
  variables: visit.variables,
  nowMs: visit.frame.run.timeline.now(),
  random: visit.frame.run.random,
});

/** Evaluates Output and Assign side by side, both from the variables as they were when the state was entered. */
export const finish = async (
  visit: Visit,
  options: {
    readonly clause: { readonly Output?: JsonValue | undefined; readonly Assign?: JsonObject | undefined };
    readonly otherwise: JsonValue;
    readonly next: string | undefined;
    readonly extra?: Extra;
    /** Where the clause stands within the state, such as `Catch[0]/`. */
    readonly field?: string;
  },
): Promise<Outcome> => {
  const { clause, otherwise, next, extra, field = '' } = options;
  const scope = scopeOf(visit, extra);
  const output =
    clause.Output === undefined ? otherwise : await evaluate(clause.Output, `${field}Output`, scope);
  const assign = await evaluateObject(clause.Assign ?? {}, `${field}Assign`, scope);
  withinDataLimit(assign, visit.name, 'values assigned to variables');
  return { output: withinDataLimit(output, visit.name, 'output of the state'), assign, next };
};
