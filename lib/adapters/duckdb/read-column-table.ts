import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import {
  DuckDBBigIntVector,
  type DuckDBDataChunk,
  DuckDBDoubleVector,
  type DuckDBVector,
} from '@duckdb/node-api';
import {
  type Column,
  type ColumnKind,
  type ColumnTable,
  missingDatetime,
  type Target,
} from '../../domain/dataset/index.ts';
import type { ResolvedSpec } from '../../domain/model-spec/index.ts';
import { type DuckDb, openDuckDb } from './open-duckdb.ts';
import { quoteName, quoteText } from './sql-text.ts';

export interface ReadColumnTableOptions {
  /** Only so many rows, from the beginning. */
  readonly limit?: number;
  /** Only these columns; default: every feature and source column. */
  readonly columns?: readonly string[];
  /** A database already open that may read the file; default: one of its own for this call. */
  readonly database?: DuckDb;
}

/** Room for the values of one column, filled chunk by chunk. */
interface Filler {
  readonly sql: string;
  readonly take: (vector: DuckDBVector, offset: number, count: number) => void;
}

const withDatabase = async <Result>(
  filePath: string,
  given: DuckDb | undefined,
  work: (database: DuckDb) => Promise<Result>,
): Promise<Result> => {
  if (given !== undefined) return work(given);
  const folder = mkdtempSync(join(tmpdir(), 'millrace-read-'));
  const database = await openDuckDb({ folder, files: [realpathSync(filePath)] });
  try {
    return await work(database);
  } finally {
    database.close();
    rmSync(folder, { recursive: true, force: true });
  }
};

const numberFiller = (sql: string, values: Float64Array): Filler => ({
  sql: `coalesce(${sql}, 'nan'::DOUBLE)`,
  take: (vector, offset, count) => {
    if (!(vector instanceof DuckDBDoubleVector)) throw new TypeError('expected doubles');
    for (let row = 0; row < count; row += 1) values[offset + row] = vector.getItem(row) as number;
  },
});

const datetimeFiller = (sql: string, values: BigInt64Array): Filler => ({
  sql: `coalesce(epoch_ms(${sql}), '${missingDatetime}'::BIGINT)`,
  take: (vector, offset, count) => {
    if (!(vector instanceof DuckDBBigIntVector)) throw new TypeError('expected 64-bit integers');
    for (let row = 0; row < count; row += 1) values[offset + row] = vector.getItem(row) as bigint;
  },
});

/** Equal texts become one string object: less memory, and comparing and hashing them later is a pointer's work. */
const textFiller = (sql: string, values: string[]): Filler => {
  const known = new Map<string, string>();
  return {
    sql: `coalesce(${sql}, '')`,
    take: (vector, offset, count) => {
      for (let row = 0; row < count; row += 1) {
        const value = String(vector.getItem(row));
        const same = known.get(value);
        if (same === undefined && known.size < 100_000) known.set(value, value);
        values[offset + row] = same ?? value;
      }
    },
  };
};

const columnOf = (
  name: string,
  kind: ColumnKind,
  rows: number,
): { readonly column: Column; readonly filler: Filler } => {
  const sql = quoteName(name);
  if (kind === 'number' || kind === 'boolean') {
    const values = new Float64Array(rows);
    return {
      column: { kind, values },
      filler: numberFiller(kind === 'boolean' ? `CAST(${sql} AS DOUBLE)` : sql, values),
    };
  }
  if (kind === 'datetime') {
    const values = new BigInt64Array(rows);
    return { column: { kind, values }, filler: datetimeFiller(sql, values) };
  }
  const values: string[] = new Array<string>(rows).fill('');
  return { column: { kind, values }, filler: textFiller(sql, values) };
};

const targetOf = (
  resolved: ResolvedSpec,
  rows: number,
): { readonly target: Target; readonly filler: Filler } => {
  const { classes } = resolved;
  if (classes === undefined) {
    const values = new Float64Array(rows);
    return { target: { kind: 'values', values }, filler: numberFiller('__target', values) };
  }
  const indices = new Int32Array(rows);
  // The position in the list of classes is found by DuckDB; a class that training does not know is −1.
  const sql = `coalesce(list_position([${classes.map(quoteText).join(', ')}], __target), 0)::DOUBLE - 1`;
  const take: Filler['take'] = (vector, offset, count) => {
    for (let row = 0; row < count; row += 1) indices[offset + row] = Number(vector.getItem(row));
  };
  return { target: { kind: 'classes', classes, indices }, filler: { sql, take } };
};

const fill = async (
  database: DuckDb,
  from: string,
  fillers: readonly Filler[],
  rows: number,
): Promise<void> => {
  if (fillers.length === 0 || rows === 0) return;
  const result = await database.stream(`SELECT ${fillers.map(({ sql }) => sql).join(', ')} FROM ${from}`);
  let offset = 0;
  for (let chunk = await next(result); chunk !== null; chunk = await next(result)) {
    const count = chunk.rowCount;
    for (const [place, filler] of fillers.entries()) filler.take(chunk.getColumnVector(place), offset, count);
    offset += count;
  }
};

const next = async (result: {
  fetchChunk(): Promise<DuckDBDataChunk | null>;
}): Promise<DuckDBDataChunk | null> => {
  const chunk = await result.fetchChunk();
  return chunk === null || chunk.rowCount === 0 ? null : chunk;
};

const countRows = async (database: DuckDb, path: string, limit: number | undefined): Promise<number> => {
  const [row] = await database.rows(
    `SELECT num_rows::DOUBLE AS n FROM parquet_file_metadata(${quoteText(path)})`,
  );
  return Math.min(Number(row?.n), limit ?? Number.POSITIVE_INFINITY);
};

const fromFile = (path: string, limit: number | undefined): string =>
  `read_parquet(${quoteText(path)})${limit === undefined ? '' : ` LIMIT ${limit}`}`;

/**
 * Reads a part of a prepared dataset into columns, in the file's order: the feature and source columns, and the target.
 * Streams chunks into typed arrays; rows are never objects.
 */
export const readColumnTable = (
  filePath: string,
  resolved: ResolvedSpec,
  options: ReadColumnTableOptions = {},
): Promise<{ readonly table: ColumnTable; readonly target: Target }> =>
  withDatabase(filePath, options.database, async (database) => {
    const path = resolve(filePath);
    const rows = await countRows(database, path, options.limit);
    const wanted = resolved.columns.filter(({ name, role }) =>
      options.columns === undefined
        ? role === 'feature' || role === 'source'
        : options.columns.includes(name),
    );
    const columns = wanted.map(({ name, kind }) => ({ name, ...columnOf(name, kind, rows) }));
    const { target, filler } = targetOf(resolved, rows);
    await fill(
      database,
      fromFile(path, options.limit),
      [...columns.map((column) => column.filler), filler],
      rows,
    );
    return { table: { rows, columns: new Map(columns.map(({ name, column }) => [name, column])) }, target };
  });

const plainText = (name: string, type: string): string => {
  const sql = quoteName(name);
  if (type === 'DOUBLE')
    return `CASE WHEN ${sql} = trunc(${sql}) AND abs(${sql}) < 1e15 THEN CAST(CAST(${sql} AS BIGINT) AS VARCHAR) ELSE CAST(${sql} AS VARCHAR) END`;
  return type === 'TIMESTAMP' ? `strftime(${sql}, '%Y-%m-%dT%H:%M:%S.%gZ')` : `CAST(${sql} AS VARCHAR)`;
};

/** Reads columns as text, '' for missing, datetimes as ISO 8601: for keys and slices. */
export const readColumns = (
  filePath: string,
  names: readonly string[],
  options: Pick<ReadColumnTableOptions, 'limit' | 'database'> = {},
): Promise<ReadonlyMap<string, readonly string[]>> =>
  withDatabase(filePath, options.database, async (database) => {
    const path = resolve(filePath);
    const rows = await countRows(database, path, options.limit);
    const described = await database.rows(`DESCRIBE FROM read_parquet(${quoteText(path)})`);
    const types = new Map(described.map((row) => [String(row.column_name), String(row.column_type)]));
    const columns = names.map((name) => {
      const values: string[] = new Array<string>(rows).fill('');
      return { name, values, filler: textFiller(plainText(name, types.get(name) ?? ''), values) };
    });
    await fill(
      database,
      fromFile(path, options.limit),
      columns.map(({ filler }) => filler),
      rows,
    );
    return new Map(columns.map(({ name, values }) => [name, values]));
  });
