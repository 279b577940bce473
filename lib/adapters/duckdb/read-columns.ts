import { resolve } from 'node:path';
import { fill, textFiller } from './column-filler.ts';
import type { ReadColumnTableOptions } from './read-column-table.ts';
import { quoteName, quoteText } from './sql-text.ts';
import { countRows, fromFile, withDatabase } from './with-parquet.ts';

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
