import type { ColumnProfile, DatasetProfile, PlannedColumn, ValueCount } from '../../domain/dataset/index.ts';
import { profileQuantiles } from '../../domain/dataset/index.ts';
import type { CountedValues } from './count-values.ts';
import type { DuckDb, JsonRow } from './open-duckdb.ts';
import { quoteName } from './sql-text.ts';

/** Exact quantiles of this many evenly spaced rows: the same rows every time, where sampling aggregates draw anew. */
const quantileRows = 50_000;
const topValues = 50;

const aggregates = (column: PlannedColumn, place: number, isSampled: boolean): readonly string[] => {
  const name = quoteName(column.name);
  const filter = isSampled ? ' FILTER (WHERE __sampled)' : '';
  const distinct = `(count(DISTINCT ${name})${filter})::DOUBLE AS distinct_${place}`;
  const present = `count(${name})::DOUBLE AS present_${place}`;
  if (column.kind === 'number' || column.kind === 'boolean') {
    const value = column.kind === 'number' ? name : `CAST(${name} AS DOUBLE)`;
    return [
      present,
      `min(${value}) AS min_${place}`,
      `max(${value}) AS max_${place}`,
      `avg(${value}) AS mean_${place}`,
      `stddev_samp(${value}) AS deviation_${place}`,
      column.kind === 'number'
        ? distinct
        : `((count_if(${name}) > 0)::INTEGER + (count_if(NOT ${name}) > 0)::INTEGER)::DOUBLE AS distinct_${place}`,
      ...(column.kind === 'number'
        ? [`quantile_cont(${value}, [${profileQuantiles.join(', ')}])${filter} AS quantiles_${place}`]
        : []),
    ];
  }
  if (column.kind === 'datetime')
    return [
      present,
      `strftime(min(${name}), '%Y-%m-%dT%H:%M:%SZ') AS min_${place}`,
      `strftime(max(${name}), '%Y-%m-%dT%H:%M:%SZ') AS max_${place}`,
      distinct,
    ];
  return [
    present,
    `avg(length(${name})) AS mean_${place}`,
    `max(length(${name}))::DOUBLE AS max_${place}`,
    ...(column.kind === 'text' ? [distinct] : []),
  ];
};

const numberOrNull = (row: JsonRow | undefined, name: string): number | null => {
  const value = row?.[name];
  return typeof value === 'number' ? value : null;
};
/** Two threads add in another order each time; twelve digits are the same whatever the order. */
const stable = (value: number | null): number | null =>
  value === null ? null : Number(value.toPrecision(12));

const textOrNull = (row: JsonRow | undefined, name: string): string | null => {
  const value = row?.[name];
  return typeof value === 'string' ? value : null;
};

const profileOf = (
  column: PlannedColumn,
  place: number,
  row: JsonRow | undefined,
  values: CountedValues | undefined,
): ColumnProfile => {
  const count = Number(row?.rows ?? 0);
  const isEstimated = Number(row?.sampled ?? 0) < count;
  const missing = count - Number(row?.[`present_${place}`] ?? 0);
  const distinct = Math.min(count - missing, Number(row?.[`distinct_${place}`] ?? 0));
  const base = { name: column.name, count, missing };
  const { kind } = column;
  if (kind === 'number' || kind === 'boolean') {
    const quantiles = row?.[`quantiles_${place}`];
    return {
      ...base,
      kind,
      distinct,
      isDistinctEstimated: kind === 'number' && isEstimated,
      min: numberOrNull(row, `min_${place}`),
      max: numberOrNull(row, `max_${place}`),
      mean: stable(numberOrNull(row, `mean_${place}`)),
      standardDeviation: stable(numberOrNull(row, `deviation_${place}`)),
      quantiles: Array.isArray(quantiles) ? quantiles.map(Number) : [],
      quantileRows: Number(row?.sampled ?? 0),
    };
  }
  if (kind === 'datetime')
    return {
      ...base,
      kind,
      distinct,
      isDistinctEstimated: isEstimated,
      min: textOrNull(row, `min_${place}`),
      max: textOrNull(row, `max_${place}`),
    };
  const lengths = {
    meanLength: stable(numberOrNull(row, `mean_${place}`)),
    maxLength: numberOrNull(row, `max_${place}`),
  };
  if (kind === 'text')
    return { ...base, kind, distinct, isDistinctEstimated: isEstimated, ...lengths, top: [] };
  const { listed, distinct: exact } = values ?? { listed: [], distinct: 0 };
  return {
    ...base,
    kind,
    isDistinctEstimated: false,
    ...lengths,
    top: listed.slice(0, topValues),
    distinct: exact,
  };
};

/** What a profile says that was counted before. */
export interface KnownCounts {
  readonly rows: number;
  readonly classes: readonly ValueCount[] | undefined;
  readonly values: ReadonlyMap<string, CountedValues>;
}

/** Describes the rows of a relation, which has a column `__place` that numbers them, in one pass. */
export const profileRows = async (
  database: DuckDb,
  relation: string,
  columns: readonly PlannedColumn[],
  { rows, classes, values }: KnownCounts,
): Promise<DatasetProfile> => {
  const step = Math.max(1, Math.floor(rows / quantileRows));
  const selected = columns.flatMap((column, place) => aggregates(column, place, step > 1));
  const sampled = step > 1 ? 'count_if(__sampled)::DOUBLE' : 'count(*)::DOUBLE';
  const from = step > 1 ? `SELECT *, (__place % ${step}) = 0 AS __sampled FROM (${relation})` : relation;
  const [row] = await database.rows(
    `SELECT count(*)::DOUBLE AS rows, ${[`${sampled} AS sampled`, ...selected].join(', ')} FROM (${from})`,
  );
  const profiles = columns.map((column, place) => profileOf(column, place, row, values.get(column.name)));
  return { schemaVersion: 1, rows, columns: profiles, ...(classes === undefined ? {} : { classes }) };
};
