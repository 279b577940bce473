/** One step of the schema, as SQL. Steps are only ever added at the end: `user_version` counts the ones applied. */
export type Migration = string;

/** The tables of the local adapters. Text compares by UTF-8 bytes (BINARY), the order the ports promise. */
export const millraceMigrations: readonly Migration[] = [
  `
  CREATE TABLE record (
    partition TEXT NOT NULL,
    sort TEXT NOT NULL,
    revision INTEGER NOT NULL,
    body TEXT NOT NULL,
    index_partition TEXT,
    index_sort TEXT,
    PRIMARY KEY (partition, sort)
  ) STRICT;
  CREATE INDEX record_index ON record (index_partition, index_sort, partition, sort) WHERE index_partition IS NOT NULL;

  CREATE TABLE notification (
    sequence INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    at_ms INTEGER NOT NULL,
    body TEXT NOT NULL
  ) STRICT;

  CREATE TABLE metric (
    name TEXT NOT NULL,
    dimensions TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    value REAL NOT NULL,
    unit TEXT NOT NULL
  ) STRICT;
  CREATE INDEX metric_window ON metric (name, dimensions, at_ms, value);
  `,
  `
  CREATE TABLE lane_alarm (
    model TEXT NOT NULL,
    lane TEXT NOT NULL,
    rule TEXT NOT NULL,
    state TEXT NOT NULL,
    since_ms INTEGER NOT NULL,
    PRIMARY KEY (model, lane)
  ) STRICT;
  `,
];
