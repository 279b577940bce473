import { resolve } from 'node:path';
import type { Column, ColumnKind, ColumnTable, Target } from '../../domain/dataset/index.ts';
import type { ResolvedSpec } from '../../domain/model-spec/index.ts';
import { datetimeFiller, type Filler, fill, numberFiller, textFiller } from './column-filler.ts';
import type { DuckDb } from './open-duckdb.ts';
import { quoteName, quoteText } from './sql-text.ts';
import { countRows, fromFile, withDatabase } from './with-parquet.ts';

export interface ReadColumnTableOptions {
  /** Only so many rows, from the beginning. */
  readonly limit?: number;
  /** Only these columns; default: every feature and source column. */
  readonly columns?: readonly string[];
  /** A database already open that may read the file; default: one of its own for this call. */
  readonly database?: DuckDb;
  /** Interrupts the reading, which then rejects with the signal's reason; not with a database of the caller's. */
  readonly signal?: AbortSignal;
}

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

/**
 * Reads a part of a prepared dataset into columns, in the file's order: the feature and source columns, and the target.
 * Streams chunks into typed arrays; rows are never objects.
 */
export const readColumnTable = (
  filePath: string,
  resolved: ResolvedSpec,
  options: ReadColumnTableOptions = {},
): Promise<{ readonly table: ColumnTable; readonly target: Target }> =>
  withDatabase(
    filePath,
    options.database,
    async (database) => {
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
    },
    options.signal,
  );
