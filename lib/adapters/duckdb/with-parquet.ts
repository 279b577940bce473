import { mkdtempSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DuckDb, withOwnDuckDb } from './open-duckdb.ts';
import { quoteText } from './sql-text.ts';

/** Works on one file with the database given, or with one of its own that may read nothing else and write to `folders`. */
export const withDatabase = async <Result>(
  filePath: string,
  given: DuckDb | undefined,
  work: (database: DuckDb) => Promise<Result>,
  signal?: AbortSignal,
  folders: readonly string[] = [],
): Promise<Result> => {
  if (given !== undefined) return work(given);
  const folder = mkdtempSync(join(tmpdir(), 'millrace-read-'));
  return withOwnDuckDb({ folder, folders, files: [realpathSync(filePath)], signal }, work);
};

/** How many rows a Parquet file has, or the limit when it has more. */
export const countRows = async (
  database: DuckDb,
  path: string,
  limit: number | undefined,
): Promise<number> => {
  const [row] = await database.rows(
    `SELECT num_rows::DOUBLE AS n FROM parquet_file_metadata(${quoteText(path)})`,
  );
  return Math.min(Number(row?.n), limit ?? Number.POSITIVE_INFINITY);
};

/** The first rows of a Parquet file, all without a limit. */
export const fromFile = (path: string, limit: number | undefined): string =>
  `read_parquet(${quoteText(path)})${limit === undefined ? '' : ` LIMIT ${limit}`}`;
