import { type PlannedColumn, profileQuantiles } from '../../domain/dataset/index.ts';
import type { JsonRow } from './open-duckdb.ts';
import { numberIn, quoteName, quoteText } from './sql-text.ts';

/** Squares of larger numbers are no numbers any more, for which DuckDB gives up the whole query. */
const maxSquared = 1e150;

const isVast = (limits: JsonRow | undefined, place: number): boolean =>
  ['min', 'max'].some((which) => Math.abs(numberIn(limits, `${which}_${place}`)) > maxSquared);

/** What is asked of every row. Columns with numbers beyond all measure have no mean that says anything. */
const overAll = (column: PlannedColumn, place: number, limits: JsonRow | undefined): readonly string[] => {
  const name = quoteName(column.name);
  if (column.kind === 'number' && isVast(limits, place)) return [];
  if (column.kind === 'number' || column.kind === 'boolean') {
    const value = column.kind === 'number' ? name : `CAST(${name} AS DOUBLE)`;
    return [`avg(${value}) AS mean_${place}`, `stddev_samp(${value}) AS deviation_${place}`];
  }
  return column.kind === 'text'
    ? [`avg(length(${name})) AS mean_${place}`, `max(length(${name}))::DOUBLE AS max_${place}`]
    : [];
};

/** What is asked of evenly spaced rows. */
const overSample = (column: PlannedColumn, place: number): readonly string[] => {
  const name = quoteName(column.name);
  if (column.kind === 'category' || column.kind === 'boolean') return [];
  const distinct = `count(DISTINCT ${name})::DOUBLE AS distinct_${place}`;
  const quantiles = `quantile_cont(${name}, [${profileQuantiles.join(', ')}]) AS quantiles_${place}`;
  return column.kind === 'number' ? [distinct, quantiles] : [distinct];
};

const sqlTypes = { number: 'DOUBLE', boolean: 'BOOLEAN', datetime: 'TIMESTAMP' } as const;

/** The limits of each column that has any, of `min` and `max` as SQL. */
const limits = (
  columns: readonly PlannedColumn[],
  of: (which: 'min' | 'max', column: PlannedColumn, type: string, place: number) => string,
): readonly string[] =>
  columns.flatMap((column, place) => {
    const { kind } = column;
    if (kind === 'category' || kind === 'text') return [];
    return (['min', 'max'] as const).map((which) => {
      const value = of(which, column, sqlTypes[kind], place);
      const written =
        kind === 'datetime' ? `strftime(${value}, '%Y-%m-%dT%H:%M:%SZ')` : `CAST(${value} AS DOUBLE)`;
      return `${written} AS ${which}_${place}`;
    });
  });

const counted = (columns: readonly PlannedColumn[], of: (column: PlannedColumn, place: number) => string) =>
  columns.map((column, place) => `${of(column, place)}::DOUBLE AS present_${place}`);

const select = (selected: readonly string[], from: string): string =>
  `SELECT ${['count(*)::DOUBLE AS rows', ...selected].join(', ')} FROM ${from}`;

/** Means and deviations, by what `limitsSql` found. */
export const meansSql = (
  columns: readonly PlannedColumn[],
  relation: string,
  limits: JsonRow | undefined,
): string =>
  select(
    columns.flatMap((column, place) => overAll(column, place, limits)),
    `(${relation})`,
  );

/** Quantiles and distinct values, of evenly spaced rows. */
export const sampleSql = (columns: readonly PlannedColumn[], relation: string, step: number): string =>
  select(columns.flatMap(overSample), `(${relation}) WHERE __place % ${step} = 0`);

/** How many values are present and their limits, by looking at every row. */
export const limitsSql = (columns: readonly PlannedColumn[], relation: string): string =>
  select(
    [
      ...counted(columns, ({ name }) => `count(${quoteName(name)})`),
      ...limits(columns, (which, { name }) => `${which}(${quoteName(name)})`),
    ],
    `(${relation})`,
  );

/** The same as the writer noted it at the end of each Parquet file, where columns stand in the order of writing. */
export const notedLimitsSql = (columns: readonly PlannedColumn[], files: readonly string[]): string => {
  const present = 'coalesce(sum(num_values - stats_null_count)';
  return select(
    [
      ...counted(columns, (_column, place) => `${present} FILTER (WHERE column_id = ${place}), 0)`),
      ...limits(
        columns,
        (which, _column, type, place) =>
          `${which}(TRY_CAST(stats_${which}_value AS ${type})) FILTER (WHERE column_id = ${place})`,
      ),
    ],
    `parquet_metadata([${files.map(quoteText).join(', ')}])`,
  );
};
