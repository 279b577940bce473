import type { DatabaseSync } from 'node:sqlite';
import * as z from 'zod';
import type { Ids } from '../../../ports/ids.ts';
import { MillraceError } from '../../../wire/errors.ts';
import { sqliteAction } from '../sqlite-database.ts';
import type { Bell } from './bell.ts';
import type { TaskAnswer, TaskTokens } from './task-tokens.ts';

const Answer = z.union([z.object({ output: z.json() }), z.object({ error: z.string(), cause: z.string() })]);

/** Tokens as rows, so that they outlive the process and another process can answer them. */
export const sqliteTokens = (options: {
  readonly database: DatabaseSync;
  readonly ids: Ids;
  readonly bell: Bell;
}) => {
  const { database, ids, bell } = options;
  const insert = database.prepare(
    "INSERT INTO workflow_token (token, execution_id, key, status) VALUES (?, ?, ?, 'OPEN') ON CONFLICT (execution_id, key) DO NOTHING",
  );
  const selectToken = database.prepare('SELECT token FROM workflow_token WHERE execution_id = ? AND key = ?');
  const select = database.prepare(
    'SELECT status, answer, heartbeat_at_ms FROM workflow_token WHERE token = ?',
  );
  const answerOpen = database.prepare(
    "UPDATE workflow_token SET status = 'ANSWERED', answer = ? WHERE token = ? AND status = 'OPEN'",
  );
  const beat = database.prepare(
    "UPDATE workflow_token SET heartbeat_at_ms = ? WHERE token = ? AND status = 'OPEN'",
  );
  const close = database.prepare("UPDATE workflow_token SET status = 'CLOSED' WHERE token = ?");

  const unknownToken = () => new MillraceError('TASK_TOKEN_UNKNOWN', 'no task waits for this token');

  const answerOf = (token: string): TaskAnswer | undefined => {
    const text = select.get(token)?.answer;
    return typeof text === 'string' ? Answer.parse(JSON.parse(text)) : undefined;
  };

  return {
    /** Gives the answer to whoever waits. Throws TASK_TOKEN_UNKNOWN unless the token is open. */
    give: (token: string, answer: TaskAnswer): void => {
      const given = sqliteAction(database, () => answerOpen.run(JSON.stringify(answer), token));
      if (given.changes === 0) throw unknownToken();
      bell.ring();
    },
    beat: (token: string, atMs: number): void => {
      if (sqliteAction(database, () => beat.run(atMs, token)).changes === 0) throw unknownToken();
    },
    /** The tokens of one execution, as the interpreter uses them. */
    of: (executionId: string): TaskTokens => ({
      issue: (key) => {
        sqliteAction(database, () => insert.run(ids.secret(), executionId, key));
        return String(selectToken.get(executionId, key)?.token);
      },
      answer: (token, signal) => bell.until(() => answerOf(token), signal),
      heartbeatAtMs: (token) => {
        const at = select.get(token)?.heartbeat_at_ms;
        return typeof at === 'number' ? at : undefined;
      },
      close: (token) => {
        sqliteAction(database, () => close.run(token));
      },
    }),
  };
};
