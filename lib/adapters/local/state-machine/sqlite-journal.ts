import type { DatabaseSync } from 'node:sqlite';
import type { JsonValue } from '../../../wire/json.ts';
import { sqliteTransaction } from '../sqlite-database.ts';
import type { Journal } from './journal.ts';

/** The journal of one execution as rows. */
export const sqliteJournal = (database: DatabaseSync, executionId: string): Journal => {
  const select = database.prepare('SELECT value FROM workflow_journal WHERE execution_id = ? AND key = ?');
  const upsert = database.prepare(
    'INSERT INTO workflow_journal (execution_id, key, value) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value',
  );
  // Keys are ASCII, so DEL comes after every key that starts with the prefix.
  const forget = database.prepare(
    'DELETE FROM workflow_journal WHERE execution_id = ? AND key >= ? AND key < ?',
  );
  return {
    read: (key) => {
      const row = select.get(executionId, key);
      // The text was made by JSON.stringify from a JsonValue, so it parses to one.
      return row === undefined ? undefined : (JSON.parse(String(row.value)) as JsonValue);
    },
    write: (key, value, forgetPrefix) =>
      sqliteTransaction(database, () => {
        if (forgetPrefix !== undefined) forget.run(executionId, forgetPrefix, `${forgetPrefix}\x7f`);
        upsert.run(executionId, key, JSON.stringify(value));
      }),
  };
};
