import { randomUUID } from 'node:crypto';
import type { JsonValue } from '../../../wire/json.ts';

export type TaskAnswer = { readonly output: JsonValue } | { readonly error: string; readonly cause: string };

/** Tokens of `.waitForTaskToken` tasks: issued to the task, answered by somebody else. */
export interface TaskTokens {
  /** The token of one attempt of one task: asking again for the same key, also after a restart, gives the same one. */
  issue(key: string): string;
  /** Resolves with the answer, whenever it was given; rejects with the signal's reason. */
  answer(token: string, signal: AbortSignal): Promise<TaskAnswer>;
  /** When the task last reported that it is alive, in milliseconds since the epoch. */
  heartbeatAtMs(token: string): number | undefined;
  /** Nobody waits for the token any more. */
  close(token: string): void;
}

/** Tokens nobody can answer: such a task waits until its time-out. */
export const unansweredTokens = (): TaskTokens => ({
  issue: () => randomUUID(),
  answer: (_token, signal) =>
    new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    }),
  heartbeatAtMs: () => undefined,
  close: () => {},
});
