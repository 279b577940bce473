import type { Clock } from '../../../ports/clock.ts';
import type { JsonObject, JsonValue } from '../../../wire/json.ts';
import type { Machine } from './definition.ts';
import { MachineTimedOut, StateFailure, withinDataLimit } from './failure.ts';
import { runContainer } from './interpreter.ts';
import type { Journal } from './journal.ts';
import type { TaskTokens } from './task-tokens.ts';
import { makeTimeline } from './timeline.ts';
import type { HistoryEvent, Invoke } from './visit.ts';

/** How an execution ended. TIMED_OUT carries States.Timeout. */
export interface ExecutionResult {
  readonly status: 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT';
  readonly output?: JsonValue;
  readonly error?: string;
  readonly cause?: string;
}

export interface ExecuteOptions {
  readonly machine: Machine;
  readonly machineName: string;
  readonly name: string;
  readonly id: string;
  readonly input: JsonValue;
  readonly startedAtMs: number;
  readonly clock: Clock;
  readonly invoke: Invoke;
  readonly tokens: TaskTokens;
  readonly journal: Journal;
  readonly random: () => number;
  readonly record: (event: HistoryEvent) => void;
  readonly signal: AbortSignal;
}

const contextOf = ({ id, name, input, startedAtMs, machineName }: ExecuteOptions): JsonObject => ({
  Execution: {
    Id: id,
    Input: input,
    Name: name,
    RedriveCount: 0,
    RoleArn: 'local',
    StartTime: new Date(startedAtMs).toISOString(),
  },
  StateMachine: { Id: machineName, Name: machineName },
});

const resultOf = (error: unknown): ExecutionResult => {
  if (error instanceof MachineTimedOut)
    return { status: 'TIMED_OUT', error: 'States.Timeout', cause: error.message };
  if (!(error instanceof StateFailure)) throw error;
  return {
    status: 'FAILED',
    ...(error.error === undefined ? {} : { error: error.error }),
    ...(error.failureCause === undefined ? {} : { cause: error.failureCause }),
  };
};

/**
 * Runs a machine from where its journal stands to its end. Rejects only when the signal aborts or the engine itself
 * fails (a full disk): the execution is then not over, and can be run again.
 */
export const execute = async (options: ExecuteOptions): Promise<ExecutionResult> => {
  const { machine, startedAtMs, clock, signal } = options;
  const seconds = machine.timeoutSeconds;
  const run = {
    id: options.id,
    context: contextOf(options),
    timeline: makeTimeline(clock, seconds === undefined ? undefined : startedAtMs + 1000 * seconds),
    invoke: options.invoke,
    tokens: options.tokens,
    journal: options.journal,
    random: options.random,
    record: options.record,
    runContainer,
  };
  try {
    withinDataLimit(options.input, machine.startAt, 'input of the execution');
    const output = await runContainer(
      { run, container: machine, path: '', outerVariables: {}, signal },
      options.input,
    );
    return { status: 'SUCCEEDED', output };
  } catch (error) {
    return resultOf(error);
  }
};
