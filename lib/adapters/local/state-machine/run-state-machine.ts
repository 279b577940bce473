import { randomUUID } from 'node:crypto';
import type { Clock } from '../../../ports/clock.ts';
import type { JsonValue } from '../../../wire/json.ts';
import { systemClock } from '../system-clock.ts';
import { type ExecutionResult, execute } from './execute.ts';
import { forgetfulJournal } from './journal.ts';
import { parseDefinition } from './parse-definition.ts';
import { type TaskTokens, unansweredTokens } from './task-tokens.ts';
import type { InvokeRequest } from './visit.ts';

export interface RunOptions {
  /** Performs a Task. What it throws fails the task: `name` is the error, `message` the cause. */
  readonly invoke: (request: InvokeRequest) => unknown;
  /** @default - the system's clock */
  readonly clock?: Clock;
  /** @default - tokens nobody answers: a `.waitForTaskToken` task waits until its time-out */
  readonly tokens?: TaskTokens;
  /** Numbers in [0, 1) for retry jitter and `$random()`. @default - Math.random */
  readonly random?: () => number;
  /** @default - a fresh UUID */
  readonly name?: string;
  /** Stops the execution: the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/**
 * Runs a JSONata state machine in memory, from start to end. A failed or timed-out execution is a result, not an
 * exception; a definition that is not wholly understood throws STATE_MACHINE_INVALID before the first state runs.
 */
export const runStateMachine = async (
  definition: unknown,
  input: JsonValue,
  options: RunOptions,
): Promise<ExecutionResult> => {
  const machine = parseDefinition(definition);
  const { invoke, clock = systemClock, name = randomUUID() } = options;
  return execute({
    machine,
    machineName: 'local',
    name,
    id: `local:${name}`,
    input: structuredClone(input) ?? null,
    startedAtMs: clock.now(),
    clock,
    invoke: async (request) => invoke(request),
    tokens: options.tokens ?? unansweredTokens(),
    journal: forgetfulJournal,
    random: options.random ?? Math.random,
    record: () => {},
    signal: options.signal ?? new AbortController().signal,
  });
};
