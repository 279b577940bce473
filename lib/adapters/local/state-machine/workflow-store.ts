import type { DatabaseSync } from 'node:sqlite';
import * as z from 'zod';
import type { Execution, ExecutionStatus } from '../../../ports/workflow.ts';
import type { JsonValue } from '../../../wire/json.ts';
import { sqliteAction, sqliteTransaction } from '../sqlite-database.ts';
import type { HistoryEvent } from './visit.ts';

const Row = z.object({
  execution_id: z.string(),
  machine: z.string(),
  name: z.string(),
  input: z.string(),
  status: z.enum(['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED']),
  output: z.string().nullable(),
  error: z.string().nullable(),
  cause: z.string().nullable(),
  current_state: z.string().nullable(),
  started_at_ms: z.number(),
  stopped_at_ms: z.number().nullable(),
});

// Every body was made by JSON.stringify from a JsonValue, so it parses to one.
const fromJson = (text: string): JsonValue => JSON.parse(text) as JsonValue;
const isoTime = (milliseconds: number): string => new Date(milliseconds).toISOString();

const toExecution = (row: unknown): Execution => {
  const { execution_id, machine, name, status, input, started_at_ms, ...rest } = Row.parse(row);
  return {
    executionId: execution_id,
    machine,
    name,
    status,
    input: fromJson(input),
    startedAt: isoTime(started_at_ms),
    ...(rest.output === null ? {} : { output: fromJson(rest.output) }),
    ...(rest.error === null ? {} : { error: rest.error }),
    ...(rest.cause === null ? {} : { cause: rest.cause }),
    ...(rest.stopped_at_ms === null ? {} : { stoppedAt: isoTime(rest.stopped_at_ms) }),
    ...(rest.current_state === null || status !== 'RUNNING' ? {} : { currentState: rest.current_state }),
  };
};

/** One line of what an execution has been through. */
export interface HistoryEntry extends HistoryEvent {
  readonly at: string;
}

const Event = z.object({
  at_ms: z.number(),
  type: z.string(),
  state: z.string().nullable(),
  detail: z.string().nullable(),
});

const toEntry = (row: unknown): HistoryEntry => {
  const { at_ms, type, state, detail } = Event.parse(row);
  return {
    at: isoTime(at_ms),
    type,
    ...(state === null ? {} : { state }),
    ...(detail === null ? {} : { detail: fromJson(detail) }),
  };
};

export interface NewExecution {
  readonly executionId: string;
  readonly machine: string;
  readonly name: string;
  readonly parentId: string | undefined;
  readonly definition: string;
  readonly input: JsonValue;
  readonly startedAtMs: number;
}

export interface Ending {
  readonly status: ExecutionStatus;
  readonly output?: JsonValue;
  readonly error?: string;
  readonly cause?: string;
}

const columns =
  'execution_id, machine, name, input, status, output, error, cause, current_state, started_at_ms, stopped_at_ms';

/** Executions and their history as rows. */
export const workflowStore = (database: DatabaseSync) => {
  const selectOne = database.prepare(`SELECT ${columns} FROM workflow_execution WHERE execution_id = ?`);
  const selectDefinition = database.prepare(
    'SELECT definition FROM workflow_execution WHERE execution_id = ?',
  );
  const selectRunning = database.prepare(
    "SELECT execution_id FROM workflow_execution WHERE status = 'RUNNING' ORDER BY sequence",
  );
  const selectChildren = database.prepare(
    "SELECT execution_id FROM workflow_execution WHERE parent_id = ? AND status = 'RUNNING'",
  );
  const insert = database.prepare(
    `INSERT INTO workflow_execution (execution_id, machine, name, parent_id, definition, input, status, started_at_ms)
     VALUES (?, ?, ?, ?, ?, ?, 'RUNNING', ?) ON CONFLICT DO NOTHING`,
  );
  const update = database.prepare(
    `UPDATE workflow_execution SET status = ?, output = ?, error = ?, cause = ?, stopped_at_ms = ?
     WHERE execution_id = ? AND status = 'RUNNING'`,
  );
  const forget = database.prepare('DELETE FROM workflow_journal WHERE execution_id = ?');
  const closeTokens = database.prepare("UPDATE workflow_token SET status = 'CLOSED' WHERE execution_id = ?");
  const insertEvent = database.prepare(
    'INSERT INTO workflow_event (execution_id, at_ms, type, state, detail) VALUES (?, ?, ?, ?, ?)',
  );
  const setState = database.prepare('UPDATE workflow_execution SET current_state = ? WHERE execution_id = ?');
  const selectEvents = database.prepare(
    'SELECT at_ms, type, state, detail FROM workflow_event WHERE execution_id = ? ORDER BY sequence',
  );

  const idsOf = (rows: readonly Record<string, unknown>[]) =>
    rows.map(({ execution_id }) => String(execution_id));

  const addEvent = (executionId: string, atMs: number, { type, state, detail }: HistoryEvent) =>
    insertEvent.run(
      executionId,
      atMs,
      type,
      state ?? null,
      detail === undefined ? null : JSON.stringify(detail),
    );

  return {
    find: (executionId: string): Execution | undefined => {
      const row = selectOne.get(executionId);
      return row === undefined ? undefined : toExecution(row);
    },
    definitionOf: (executionId: string): JsonValue =>
      fromJson(String(selectDefinition.get(executionId)?.definition)),
    running: (): readonly string[] => idsOf(selectRunning.all()),
    runningChildren: (executionId: string): readonly string[] => idsOf(selectChildren.all(executionId)),
    history: (executionId: string): readonly HistoryEntry[] => selectEvents.all(executionId).map(toEntry),

    list: (filter: { machine: string; status?: ExecutionStatus; limit?: number }): readonly Execution[] =>
      database
        .prepare(
          `SELECT ${columns} FROM workflow_execution WHERE machine = ? AND (? IS NULL OR status = ?)
           ORDER BY started_at_ms DESC, sequence DESC LIMIT ?`,
        )
        .all(filter.machine, filter.status ?? null, filter.status ?? null, filter.limit ?? -1)
        .map(toExecution),

    /** False when the name is taken. */
    add: (execution: NewExecution): boolean =>
      sqliteTransaction(database, () => {
        const { executionId, machine, name, parentId, definition, input, startedAtMs } = execution;
        const text = JSON.stringify(input);
        const added = insert.run(executionId, machine, name, parentId ?? null, definition, text, startedAtMs);
        if (added.changes === 0) return false;
        addEvent(executionId, startedAtMs, { type: 'ExecutionStarted' });
        return true;
      }),

    /** Ends a running execution and forgets what it would need to go on; false when it had ended before. */
    end: (executionId: string, ending: Ending, atMs: number): boolean =>
      sqliteTransaction(database, () => {
        const { status, output, error, cause } = ending;
        const text = output === undefined ? null : JSON.stringify(output);
        const ended = update.run(status, text, error ?? null, cause ?? null, atMs, executionId);
        if (ended.changes === 0) return false;
        forget.run(executionId);
        closeTokens.run(executionId);
        const detail = {
          ...(error === undefined ? {} : { error }),
          ...(cause === undefined ? {} : { cause }),
        };
        addEvent(executionId, atMs, { type: `Execution${status}`, detail });
        return true;
      }),

    record: (executionId: string, event: HistoryEvent, atMs: number): void =>
      sqliteAction(database, () => {
        if (event.type === 'StateEntered') setState.run(event.state ?? null, executionId);
        addEvent(executionId, atMs, event);
      }),
  };
};

export type WorkflowStore = ReturnType<typeof workflowStore>;
