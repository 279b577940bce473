import type { DatabaseSync } from 'node:sqlite';

/** The tables of the local workflow; times are milliseconds since the epoch, bodies JSON text. */
const tables = `
  CREATE TABLE IF NOT EXISTS workflow_execution (
    sequence INTEGER PRIMARY KEY,
    execution_id TEXT NOT NULL UNIQUE,
    machine TEXT NOT NULL,
    name TEXT NOT NULL,
    parent_id TEXT,
    -- The definition as it was at the start: an upgrade does not change what is under way.
    definition TEXT NOT NULL,
    input TEXT NOT NULL,
    status TEXT NOT NULL,
    output TEXT,
    error TEXT,
    cause TEXT,
    current_state TEXT,
    started_at_ms INTEGER NOT NULL,
    stopped_at_ms INTEGER
  ) STRICT;
  CREATE INDEX IF NOT EXISTS workflow_execution_machine ON workflow_execution (machine, sequence);
  CREATE INDEX IF NOT EXISTS workflow_execution_running ON workflow_execution (sequence) WHERE status = 'RUNNING';

  CREATE TABLE IF NOT EXISTS workflow_journal (
    execution_id TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (execution_id, key)
  ) STRICT;

  CREATE TABLE IF NOT EXISTS workflow_token (
    token TEXT PRIMARY KEY,
    execution_id TEXT NOT NULL,
    key TEXT NOT NULL,
    status TEXT NOT NULL,
    answer TEXT,
    heartbeat_at_ms INTEGER,
    UNIQUE (execution_id, key)
  ) STRICT;

  CREATE TABLE IF NOT EXISTS workflow_event (
    sequence INTEGER PRIMARY KEY,
    execution_id TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    type TEXT NOT NULL,
    state TEXT,
    detail TEXT
  ) STRICT;
  CREATE INDEX IF NOT EXISTS workflow_event_execution ON workflow_event (execution_id, sequence);

  CREATE TABLE IF NOT EXISTS workflow_lease (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    owner TEXT NOT NULL,
    host TEXT NOT NULL,
    pid INTEGER NOT NULL,
    heartbeat_at_ms INTEGER NOT NULL
  ) STRICT;
`;

export const makeWorkflowTables = (database: DatabaseSync): void => database.exec(tables);
