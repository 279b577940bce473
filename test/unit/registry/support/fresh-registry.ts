import { DatabaseSync } from 'node:sqlite';
import { millraceMigrations } from '../../../../lib/adapters/local/sqlite-migrations.ts';
import { sqliteRecordStore } from '../../../../lib/adapters/local/sqlite-record-store.ts';
import type { RecordStore } from '../../../../lib/ports/record-store.ts';
import { registry } from '../../../../lib/registry/index.ts';
import { countingIds, fixedClock } from '../../../support/index.ts';

/** The real record store over a database in memory. */
export const recordsInMemory = (): RecordStore => {
  const database = new DatabaseSync(':memory:');
  for (const migration of millraceMigrations) database.exec(migration);
  return sqliteRecordStore({ database });
};

let makeRecords = recordsInMemory;

/** Puts every registry of this test file on another store: the same suite then judges another adapter. */
export const standRegistriesOn = (make: () => RecordStore): void => {
  makeRecords = make;
};

/** An empty registry, its clock, and what it stands on. */
export const freshRegistry = (options: { readonly records?: RecordStore } = {}) => {
  const records = options.records ?? makeRecords();
  const clock = fixedClock();
  const ids = countingIds();
  return { records, clock, ids, registry: registry({ records, clock, ids }) };
};

export type FreshRegistry = ReturnType<typeof freshRegistry>;

/** A registry over the same records, as a second process would have it, through `records` when it is named. */
export const secondRegistry = (first: FreshRegistry, records: RecordStore = first.records) =>
  registry({ records, clock: first.clock, ids: first.ids });
