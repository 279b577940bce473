import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSqliteDatabase, sqliteTransaction } from '../../../lib/adapters/local/sqlite-database.ts';
import { sqliteRecordStore } from '../../../lib/adapters/local/sqlite-record-store.ts';
import { type TemporaryFolder, temporaryFolder } from '../../support/index.ts';

const script = fileURLToPath(new URL('./open-and-write.ts', import.meta.url));

/** A process that has the database open and writes when told to. */
const startWriter = (filePath: string, writer: string, times: number) => {
  const child = spawn(process.execPath, [script, filePath, writer, `${times}`], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit').then(([code]) => Number(code ?? -1));
  return { opened: once(child.stdout, 'data'), write: () => child.stdin.end('go'), exited };
};

describe('the shared SQLite database', () => {
  let folder: TemporaryFolder;
  let filePath: string;
  beforeEach(() => {
    folder = temporaryFolder();
    filePath = join(folder.path, 'home', 'millrace.db');
  });
  afterEach(() => folder.remove());

  it('outlives its process', async () => {
    const first = openSqliteDatabase({ filePath });
    await sqliteRecordStore({ database: first }).put({ partition: 'p', sort: 's', body: { kept: true } });
    first.close();

    const second = openSqliteDatabase({ filePath });

    expect(await sqliteRecordStore({ database: second }).get({ partition: 'p', sort: 's' })).toMatchObject({
      body: { kept: true },
    });
    second.close();
  });

  it('reaches the disk before a write is answered', () => {
    const database = openSqliteDatabase({ filePath });

    expect(database.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
    expect(database.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: 2 });
    database.close();
  });

  it('is opened, made and written by several processes at once, without losing a write', async () => {
    const writers = ['a', 'b', 'c'].map((writer) => startWriter(filePath, writer, 100));
    await Promise.all(writers.map(({ opened }) => opened));

    for (const { write } of writers) write();

    expect(await Promise.all(writers.map(({ exited }) => exited))).toEqual([0, 0, 0]);
    const database = openSqliteDatabase({ filePath });
    const records = sqliteRecordStore({ database });
    expect((await records.get({ partition: 'p', sort: 'shared' }))?.revision).toBe(300);
    expect((await records.query({ partition: 'p' })).records).toHaveLength(301);
    database.close();
  });

  it('shows one process what another has just written', async () => {
    const server = openSqliteDatabase({ filePath });
    const commandLine = openSqliteDatabase({ filePath });

    await sqliteRecordStore({ database: commandLine }).put({ partition: 'p', sort: 's', body: {} });

    expect(await sqliteRecordStore({ database: server }).get({ partition: 'p', sort: 's' })).toBeDefined();
    server.close();
    commandLine.close();
  });

  it('says that the disk is full, keeps what was there, and goes on when there is room', async () => {
    const database = openSqliteDatabase({ filePath });
    const records = sqliteRecordStore({ database });
    await records.put({ partition: 'p', sort: 'before', body: { kept: true } });
    const body = { text: 'x'.repeat(300_000) };
    database.exec('PRAGMA max_page_count = 40');
    const full = { name: 'STORAGE_FULL', message: expect.stringContaining('free disk space') };

    await expect(records.put({ partition: 'p', sort: 'large', body })).rejects.toMatchObject(full);
    const transaction = records.transact([
      { partition: 'p', sort: 'small', body: {} },
      { partition: 'p', sort: 'large', body },
    ]);
    await expect(transaction).rejects.toMatchObject(full);

    expect((await records.query({ partition: 'p' })).records.map((record) => record.sort)).toEqual([
      'before',
    ]);
    database.exec('PRAGMA max_page_count = 100000');
    expect(await records.put({ partition: 'p', sort: 'large', body })).toMatchObject({ revision: 1 });
    expect(database.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
    database.close();
  });

  it('rolls a transaction back when its action throws', () => {
    const database = openSqliteDatabase({ filePath, migrations: ['CREATE TABLE note (text TEXT) STRICT'] });

    const action = () => {
      database.exec("INSERT INTO note VALUES ('half')");
      throw new Error('no');
    };

    expect(() => sqliteTransaction(database, action)).toThrow('no');
    expect(database.prepare('SELECT count(*) AS notes FROM note').get()).toEqual({ notes: 0 });
    database.close();
  });

  it('brings an older file up to date, step by step, and keeps its rows', () => {
    const older = ['CREATE TABLE note (text TEXT) STRICT'];
    const first = openSqliteDatabase({ filePath, migrations: older });
    first.exec("INSERT INTO note VALUES ('kept')");
    first.close();

    const newer = [...older, "ALTER TABLE note ADD COLUMN author TEXT NOT NULL DEFAULT 'unknown'"];
    const database = openSqliteDatabase({ filePath, migrations: newer });

    expect(database.prepare('SELECT * FROM note').all()).toEqual([{ text: 'kept', author: 'unknown' }]);
    database.close();
  });

  it('refuses a file that a newer Millrace has written', () => {
    openSqliteDatabase({
      filePath,
      migrations: ['CREATE TABLE a (x TEXT)', 'CREATE TABLE b (x TEXT)'],
    }).close();

    expect(() => openSqliteDatabase({ filePath, migrations: ['CREATE TABLE a (x TEXT)'] })).toThrow(
      expect.objectContaining({ name: 'STORAGE_TOO_NEW', message: expect.stringContaining('at version 2') }),
    );
  });
});
