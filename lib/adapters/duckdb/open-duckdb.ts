import { mkdirSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance, type DuckDBResult, type Json } from '@duckdb/node-api';
import { MillraceError } from '../../wire/errors.ts';
import { quoteText } from './sql-text.ts';

export interface DuckDbOptions {
  /** A folder for what does not fit in memory; made when absent. The only place written to, with `folders`. */
  readonly folder: string;
  /** Other folders and files that may be read or written; everything else is out of reach of any statement. */
  readonly folders?: readonly string[];
  readonly files?: readonly string[];
  /** DuckDB overshoots its limit: leave it 40 % of the machine. Default 700. */
  readonly memoryLimitMb?: number;
  /** Default: what the machine has, at most 4. */
  readonly threads?: number;
  /** A statement that runs longer is interrupted. Default 600. */
  readonly statementTimeoutSeconds?: number;
  /** Interrupts what runs and lets no other statement begin: they reject with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

export type JsonRow = Readonly<Record<string, Json>>;

/** A DuckDB in memory that spills to one folder, loads nothing from the internet, and reads no file it was not shown. */
export interface DuckDb {
  /** Runs statements and forgets the answer. */
  run(sql: string): Promise<void>;
  /** The rows of a small answer; 64-bit integers come as text. */
  rows(sql: string): Promise<readonly JsonRow[]>;
  /** A large answer, chunk by chunk. */
  stream(sql: string): Promise<DuckDBResult>;
  close(): void;
}

const isInterrupted = (error: unknown): boolean => error instanceof Error && /INTERRUPT/i.test(error.message);
const isFull = (error: unknown): boolean =>
  error instanceof Error && /No space left on device|ENOSPC|max_temp_directory_size/i.test(error.message);

/** Names the failures that a person can act on; the rest flies on. */
const translate = (error: unknown, timeoutSeconds: number): unknown => {
  if (isInterrupted(error))
    return new MillraceError(
      'DATA_TOO_SLOW',
      `a statement over the data ran longer than ${timeoutSeconds} s`,
      { timeoutSeconds },
      { cause: error },
    );
  if (isFull(error))
    return new MillraceError('STORAGE_FULL', 'the disk is full while preparing data', {}, { cause: error });
  return error;
};

const settings = (options: DuckDbOptions): Record<string, string> => ({
  memory_limit: `${options.memoryLimitMb ?? 700}MB`,
  threads: String(options.threads ?? Math.min(4, availableParallelism())),
  temp_directory: join(options.folder, 'spill'),
  autoinstall_known_extensions: 'false',
  autoload_known_extensions: 'false',
  allow_community_extensions: 'false',
});

/** From here on no statement, ours or a user's, can reach a file that was not named, or change these settings back. */
const lockDown = async (connection: DuckDBConnection, options: DuckDbOptions): Promise<void> => {
  const folders = [options.folder, ...(options.folders ?? [])].map(quoteText).join(', ');
  const files = (options.files ?? []).map(quoteText).join(', ');
  await connection.run("SET TimeZone = 'UTC'");
  await connection.run(`SET allowed_directories = [${folders}]`);
  if (files !== '') await connection.run(`SET allowed_paths = [${files}]`);
  await connection.run('SET enable_external_access = false');
  await connection.run('SET lock_configuration = true');
};

/** Opens a DuckDB for one piece of work; close it when done. */
export const openDuckDb = async (options: DuckDbOptions): Promise<DuckDb> => {
  mkdirSync(join(options.folder, 'spill'), { recursive: true });
  const instance = await DuckDBInstance.create(':memory:', settings(options));
  const connection = await instance.connect();
  await lockDown(connection, options);
  const timeoutSeconds = options.statementTimeoutSeconds ?? 600;

  // A statement forgets an interruption that came just before it began: it is told again until all is closed.
  let interrupting: NodeJS.Timeout | undefined;
  const { signal } = options;
  const onAbort = () => {
    connection.interrupt();
    interrupting = setInterval(() => connection.interrupt(), 20);
  };
  signal?.addEventListener('abort', onAbort, { once: true });

  const timed = async <Answer>(work: () => Promise<Answer>): Promise<Answer> => {
    signal?.throwIfAborted();
    const timer = setTimeout(() => connection.interrupt(), timeoutSeconds * 1000);
    try {
      return await work();
    } catch (error) {
      signal?.throwIfAborted();
      throw translate(error, timeoutSeconds);
    } finally {
      clearTimeout(timer);
    }
  };

  return {
    run: (sql) => timed(async () => void (await connection.run(sql))),
    rows: (sql) => timed(async () => (await connection.runAndReadAll(sql)).getRowObjectsJson()),
    stream: (sql) => timed(() => connection.stream(sql)),
    close: () => {
      signal?.removeEventListener('abort', onAbort);
      clearInterval(interrupting);
      connection.closeSync();
      instance.closeSync();
    },
  };
};

/** Works with a database of its own and removes its folder afterwards. Stopped, it rejects with the signal's reason. */
export const withOwnDuckDb = async <Result>(
  options: DuckDbOptions,
  work: (database: DuckDb) => Promise<Result>,
): Promise<Result> => {
  const database = await openDuckDb(options);
  try {
    return await work(database);
  } catch (error) {
    options.signal?.throwIfAborted();
    throw error;
  } finally {
    database.close();
    rmSync(options.folder, { recursive: true, force: true });
  }
};
