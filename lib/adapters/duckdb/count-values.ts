import type { PlannedColumn, ValueCount } from '../../domain/dataset/index.ts';
import type { DuckDb } from './open-duckdb.ts';
import { numberIn, quoteName } from './sql-text.ts';

/** More values than this are no longer listed. */
const maxListed = 1000;

/** The values of a category column among the rows kept. */
export interface CountedValues {
  readonly distinct: number;
  /** Characters of a value, counted once for every row. */
  readonly meanLength: number | null;
  readonly maxLength: number | null;
  /** The most frequent first; all of them when there are no more than 1,000. */
  readonly listed: readonly ValueCount[];
}

const countColumn = async (database: DuckDb, relation: string, column: string): Promise<CountedValues> => {
  const name = quoteName(column);
  const rows = await database.rows(
    `SELECT value, n::DOUBLE AS n, count(*) OVER ()::DOUBLE AS distinct_values, (sum(n * length(value)) OVER () / sum(n) OVER ())::DOUBLE AS mean_length, (max(length(value)) OVER ())::DOUBLE AS max_length FROM (SELECT ${name} AS value, count(*) AS n FROM (${relation}) WHERE ${name} IS NOT NULL GROUP BY 1) ORDER BY n DESC, value LIMIT ${maxListed}`,
  );
  return {
    distinct: numberIn(rows[0], 'distinct_values'),
    meanLength: rows.length === 0 ? null : numberIn(rows[0], 'mean_length'),
    maxLength: rows.length === 0 ? null : numberIn(rows[0], 'max_length'),
    listed: rows.map(({ value, n }) => ({ value: String(value), count: Number(n) })),
  };
};

/** Counts the values of every category column exactly, in one narrow pass for each. */
export const countValues = async (
  database: DuckDb,
  relation: string,
  columns: readonly PlannedColumn[],
): Promise<ReadonlyMap<string, CountedValues>> => {
  const counted = new Map<string, CountedValues>();
  for (const { name, kind } of columns)
    if (kind === 'category') counted.set(name, await countColumn(database, relation, name));
  return counted;
};
