import type { InvokeRequest } from '../../../../lib/adapters/local/state-machine/index.ts';
import type { JsonObject, JsonValue } from '../../../../lib/wire/json.ts';

/** One row of the conformance table: a definition, its input, what its tasks do, and how it must end. */
export interface ConformanceCase {
  readonly name: string;
  readonly machine: JsonObject;
  readonly input?: JsonValue;
  /** What a task answers; `call` counts all tasks of the execution from 1. Absent: any task is a surprise and fails. */
  readonly task?: (
    request: InvokeRequest,
    call: number,
    sleep: (seconds: number) => Promise<void>,
  ) => unknown;
  /** Matched with `toEqual`. */
  readonly expected: object;
  /** The waits asked of the clock, in milliseconds, in order. */
  readonly sleepsMs?: readonly number[];
  /** How many tasks ran. */
  readonly calls?: number;
}

/** A machine in JSONata that starts at the first state. */
export const machine = (states: JsonObject, more: JsonObject = {}): JsonObject => ({
  QueryLanguage: 'JSONata',
  StartAt: Object.keys(states)[0] ?? '',
  States: states,
  ...more,
});

/** A machine that computes one expression. */
export const computing = (expression: string): JsonObject =>
  machine({ Compute: { Type: 'Pass', Output: `{% ${expression} %}`, End: true } });

export const succeeded = (output: JsonValue) => ({ status: 'SUCCEEDED', output });

/** An error as a task would throw it. */
export const failing = (name: string, message = 'because'): never => {
  throw Object.assign(new Error(message), { name });
};

/** Branch or item processor of one or more states. */
export const container = (states: JsonObject): JsonObject => ({
  StartAt: Object.keys(states)[0] ?? '',
  States: states,
});
