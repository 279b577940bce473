import type { PlannedColumn } from '../../domain/dataset/index.ts';
import type { ModelSpec } from '../../domain/model-spec/index.ts';
import type { DuckDb } from './open-duckdb.ts';
import { numberIn, quoteName, quoteText } from './sql-text.ts';

/** Of the rows no champion has seen, the newest are kept for asking it and its challenger. */
const recentShare = 0.3;

/** The value that stands at a place when the greatest comes first; as text. */
const greatestAt = async (
  database: DuckDb,
  column: string,
  relation: string,
  place: number,
): Promise<string | undefined> => {
  const [row] = await database.rows(
    `SELECT ${column}::VARCHAR AS value FROM (${relation}) WHERE ${column} IS NOT NULL ORDER BY ${column} DESC LIMIT 1 OFFSET ${place}`,
  );
  return typeof row?.value === 'string' ? row.value : undefined;
};

const countOf = async (database: DuckDb, relation: string): Promise<number> =>
  numberIn((await database.rows(`SELECT count(*)::DOUBLE AS n FROM (${relation})`))[0], 'n');

/**
 * True for the newest 30 % of the new rows, as SQL that is never NULL; `undefined` where that is no row. By event time, else
 * in the order of batches; of equal times the rows that stand last, so that the same rows are recent every time.
 */
export const recentRows = async (
  database: DuckDb,
  spec: ModelSpec,
  keptRows: string,
  newRow: string,
): Promise<string | undefined> => {
  const rows = `SELECT * FROM (${keptRows}) WHERE ${newRow}`;
  const wanted = Math.floor(recentShare * (await countOf(database, rows)));
  if (wanted === 0) return undefined;
  const time = spec.eventTime === undefined ? undefined : quoteName(spec.eventTime);
  const cut = time && (await greatestAt(database, time, rows, wanted - 1));
  // Without times of enough rows the order they stand in is all there is.
  if (time === undefined || cut === undefined) {
    const first = await greatestAt(database, '__pos', rows, wanted - 1);
    return `(${newRow} AND __pos >= ${first})`;
  }
  const at = `TIMESTAMP ${quoteText(cut)}`;
  const later = await countOf(database, `SELECT 1 FROM (${rows}) WHERE ${time} > ${at}`);
  const equal = `SELECT * FROM (${rows}) WHERE ${time} = ${at}`;
  const first = await greatestAt(database, '__pos', equal, wanted - later - 1);
  return `(${newRow} AND coalesce(${time} > ${at} OR (${time} = ${at} AND __pos >= ${first}), false))`;
};

/**
 * True for new rows that repeat a recent one, as SQL: of a file dropped again with a few lines mended, the champion has seen
 * neither copy, and a challenger that learned the first would know the second by heart. A row that stands among the recent
 * ones more than once is like others rather than the same. Times and keys tell rows apart by themselves.
 */
export const recentTwins = async (
  database: DuckDb,
  spec: ModelSpec,
  columns: readonly PlannedColumn[],
  rows: { readonly keptRows: string; readonly newRow: string; readonly recent: string },
): Promise<string | undefined> => {
  const isToldApart =
    spec.eventTime !== undefined || (spec.key.length > 0 && spec.quality.duplicates === 'quarantine');
  if (isToldApart) return undefined;
  const names = columns.map(({ name }) => quoteName(name)).join(', ');
  await database.run(
    `CREATE TEMP TABLE recent_twins AS
     WITH fresh AS (SELECT __pos, __source, hash(${names}) AS same, ${rows.recent} AS is_recent FROM (${rows.keptRows}) WHERE ${rows.newRow}),
     once AS (SELECT same FROM fresh WHERE is_recent GROUP BY same HAVING count(*) = 1)
     SELECT __pos FROM fresh JOIN once USING (same) WHERE NOT is_recent QUALIFY row_number() OVER (PARTITION BY __source, same ORDER BY __pos) = 1`,
  );
  return '__pos IN (SELECT __pos FROM recent_twins)';
};
