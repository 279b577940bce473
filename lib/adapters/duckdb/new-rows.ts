import type { NewRows } from '../../domain/dataset/index.ts';
import type { ModelSpec } from '../../domain/model-spec/index.ts';
import type { DuckDb } from './open-duckdb.ts';
import type { ReadBatch } from './read-batch.ts';
import { quoteName } from './sql-text.ts';
import { rejectedRows } from './write-parts.ts';

type Sources = Pick<ReadBatch, 'sources' | 'newPlaces'>;

/** True for a row of the new files, as SQL; `undefined` when all files are new or none is: then there is one judgement. */
export const newRowSql = ({ sources, newPlaces }: Sources): string | undefined =>
  newPlaces.length === 0 || newPlaces.length === sources.length
    ? undefined
    : `__source IN (${newPlaces.join(', ')})`;

/** Every reason of every bad row, of those that could not be read as well. */
const countReasons = async (database: DuckDb, { sources, newPlaces }: Sources, newRows: string) => {
  const rejected = sources.flatMap((source, place) =>
    newPlaces.includes(place) && source.rowsRejected > 0
      ? [`SELECT reasons FROM (${rejectedRows(source, place)})`]
      : [],
  );
  const checked = `SELECT __reasons AS reasons FROM (${newRows}) WHERE len(__reasons) > 0`;
  const rows = await database.rows(
    `SELECT reason, count(*)::DOUBLE AS n FROM (SELECT unnest(reasons) AS reason FROM (${[checked, ...rejected].join(' UNION ALL ')})) GROUP BY reason ORDER BY reason`,
  );
  return rows.map(({ reason, n }) => ({ reason: String(reason), rows: Number(n) }));
};

/** What the new files are like by themselves. `newRows` selects their rows that could be read, with `__reasons`. */
export const judgeNewRows = async (
  database: DuckDb,
  spec: ModelSpec,
  batch: ReadBatch,
  newRows: string | undefined,
): Promise<NewRows | undefined> => {
  if (newRows === undefined) return undefined;
  const ruled = Object.entries(spec.quality.columns).flatMap(([name, rules]) =>
    rules.maxNullShare !== undefined && batch.columns.some((column) => column.name === name) ? [name] : [],
  );
  // A value that does not fit its kind is bad, not missing: rows with one are left out of shares of missing values.
  const fits = 'WHERE __mistyped IS NULL';
  const shares = ruled.map(
    (name, place) =>
      `(count_if(${quoteName(name)} IS NULL) FILTER (${fits}) / count(*) FILTER (${fits}))::DOUBLE AS share_${place}`,
  );
  const [row] = await database.rows(
    `SELECT ${['count_if(len(__reasons) > 0)::DOUBLE AS bad', ...shares].join(', ')} FROM (${newRows})`,
  );
  const files = batch.newPlaces.flatMap((place) => batch.sources[place] ?? []);
  const rejected = files.reduce((sum, { rowsRejected }) => sum + rowsRejected, 0);
  return {
    in: files.reduce((sum, { rowsIn }) => sum + rowsIn, 0),
    bad: Number(row?.bad ?? 0) + rejected,
    reasons: await countReasons(database, batch, newRows),
    nullShares: Object.fromEntries(
      ruled.map((name, place) => [name, Number(row?.[`share_${place}`] ?? 0)] as const),
    ),
  };
};
