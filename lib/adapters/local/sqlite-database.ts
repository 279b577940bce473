import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { MillraceError } from '../../wire/errors.ts';
import { type Migration, millraceMigrations } from './sqlite-migrations.ts';

/** How long a statement waits for another process's write; writes here take milliseconds, so 10 s means a stuck one. */
const busyTimeoutMs = 10_000;

/** Result codes of https://www.sqlite.org/rescode.html; the low byte is the primary code. */
const sqliteBusy = 5;
const sqliteFull = 13;
/** SQLITE_IOERR_SHMSIZE, extended: no room for the index beside the log, which opening the file makes. */
const sqliteNoRoomForIndex = 4874;

const extendedCode = (error: unknown): number | undefined => {
  const code = error instanceof Error && 'errcode' in error ? error.errcode : undefined;
  return typeof code === 'number' ? code : undefined;
};

const sqliteCode = (error: unknown): number | undefined => {
  const code = extendedCode(error);
  return code === undefined ? undefined : code & 0xff;
};

const isFull = (error: unknown): boolean =>
  sqliteCode(error) === sqliteFull || extendedCode(error) === sqliteNoRoomForIndex;

/** Runs statements and turns a full disk into STORAGE_FULL; SQLite has rolled the statement back by then. */
export const sqliteAction = <T>(database: DatabaseSync, action: () => T): T => {
  try {
    return action();
  } catch (error) {
    if (!isFull(error)) throw error;
    const path = database.location() ?? 'in memory';
    throw new MillraceError(
      'STORAGE_FULL',
      `no room left for the database ${path}`,
      { path },
      { cause: error },
    );
  }
};

/**
 * Runs `action` in one transaction: all of it is stored, or none when it throws. The write lock is taken at the start
 * (BEGIN IMMEDIATE), because a read that later becomes a write fails at once when another process wrote in between.
 * `action` must be synchronous and must not open a transaction of its own.
 */
export const sqliteTransaction = <T>(database: DatabaseSync, action: () => T): T =>
  sqliteAction(database, () => {
    database.exec('BEGIN IMMEDIATE');
    try {
      const result = action();
      database.exec('COMMIT');
      return result;
    } catch (error) {
      // A full disk has rolled back already.
      if (database.isTransaction) database.exec('ROLLBACK');
      throw error;
    }
  });

const userVersion = (database: DatabaseSync): number =>
  Number(database.prepare('PRAGMA user_version').get()?.user_version ?? 0);

/** Brings the tables up to date, one step a version; several processes may try at once and one does it. */
const migrate = (database: DatabaseSync, migrations: readonly Migration[]) => {
  if (userVersion(database) === migrations.length) return;
  sqliteTransaction(database, () => {
    const from = userVersion(database);
    if (from > migrations.length) {
      throw new MillraceError(
        'STORAGE_TOO_NEW',
        `the database ${database.location()} is at version ${from}, this Millrace knows ${migrations.length}`,
        { from, known: migrations.length },
      );
    }
    for (const migration of migrations.slice(from)) database.exec(migration);
    database.exec(`PRAGMA user_version = ${migrations.length}`);
  });
};

/** Switching to WAL needs the file to itself and does not wait for it, so two processes that start together retry. */
const useWriteAheadLog = (database: DatabaseSync) => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      database.exec('PRAGMA journal_mode = WAL');
      return;
    } catch (error) {
      // 100 tries of 20 ms: 2 s, where the switch itself takes some milliseconds.
      if (sqliteCode(error) !== sqliteBusy || attempt === 100) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
    }
  }
};

/**
 * Opens the SQLite file that the local adapters share, making it and its folder when absent. Several processes may
 * have it open at once (the command line beside a running server): WAL lets them read while one writes, and a write
 * waits its turn, blocking its thread for at most 10 s.
 *
 * `synchronous = FULL`: each commit reaches the disk before it returns. NORMAL could lose the last commits to a power
 * cut, among them a decision a person has been told of. It costs one fsync a commit (about a millisecond).
 */
export const openSqliteDatabase = (options: {
  readonly filePath: string;
  /** @default - the tables of Millrace's own adapters */
  readonly migrations?: readonly Migration[];
}): DatabaseSync => {
  mkdirSync(dirname(options.filePath), { recursive: true });
  const database = new DatabaseSync(options.filePath, { timeout: busyTimeoutMs });
  try {
    sqliteAction(database, () => {
      useWriteAheadLog(database);
      database.exec('PRAGMA synchronous = FULL');
      migrate(database, options.migrations ?? millraceMigrations);
    });
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
};
