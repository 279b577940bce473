import type { JsonValue } from '../../../wire/json.ts';

/**
 * What an execution has got through, so that another process can go on from there. Keys are paths of visits:
 * `cursor` is the state the machine is in, `3/` all that concerns its third state, `3/0.2/` branch 2 of its first
 * attempt. An entry is durable before `write` returns.
 */
export interface Journal {
  read(key: string): JsonValue | undefined;
  /** Writes one entry and, in the same step, forgets those under a prefix that it makes obsolete. */
  write(key: string, value: JsonValue, forgetPrefix?: string): void;
}

/** For executions that live and die with their process. */
export const forgetfulJournal: Journal = { read: () => undefined, write: () => {} };
