import type { ColumnProfile, DatasetProfile, PlannedColumn, ValueCount } from '../../domain/dataset/index.ts';
import type { CountedValues } from './count-values.ts';
import type { DuckDb, JsonRow } from './open-duckdb.ts';
import { limitsSql, meansSql, notedLimitsSql, sampleSql } from './profile-sql.ts';
import { numberIn } from './sql-text.ts';

/** Exact quantiles of this many evenly spaced rows: the same rows every time, where sampling aggregates draw anew. */
const sampledRows = 50_000;
const topValues = 50;

/** The answers about all rows and about the sample, by names that end in the place of a column. */
interface Measured {
  readonly all: JsonRow;
  readonly sample: JsonRow;
}

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
  { all, sample }: Measured,
  values: CountedValues | undefined,
): ColumnProfile => {
  const count = numberIn(all, 'rows');
  const quantileRows = numberIn(sample, 'rows');
  const missing = count - numberIn(all, `present_${place}`);
  const distinct = Math.min(count - missing, numberIn(sample, `distinct_${place}`));
  const isDistinctEstimated = quantileRows < count;
  const base = { name: column.name, count, missing };
  const { kind } = column;
  if (kind === 'number' || kind === 'boolean') {
    const quantiles = sample[`quantiles_${place}`];
    const [min, max] = [numberOrNull(all, `min_${place}`), numberOrNull(all, `max_${place}`)];
    return {
      ...base,
      kind,
      distinct: kind === 'number' ? distinct : new Set([min, max].filter((limit) => limit !== null)).size,
      isDistinctEstimated: kind === 'number' && isDistinctEstimated,
      min,
      max,
      mean: stable(numberOrNull(all, `mean_${place}`)),
      standardDeviation: stable(numberOrNull(all, `deviation_${place}`)),
      quantiles: Array.isArray(quantiles) ? quantiles.map(Number) : [],
      quantileRows,
    };
  }
  if (kind === 'datetime')
    return {
      ...base,
      kind,
      distinct,
      isDistinctEstimated,
      min: textOrNull(all, `min_${place}`),
      max: textOrNull(all, `max_${place}`),
    };
  if (kind === 'text')
    return {
      ...base,
      kind,
      distinct,
      isDistinctEstimated,
      meanLength: stable(numberOrNull(all, `mean_${place}`)),
      maxLength: numberOrNull(all, `max_${place}`),
      top: [],
    };
  return {
    ...base,
    kind,
    isDistinctEstimated: false,
    meanLength: stable(values?.meanLength ?? null),
    maxLength: values?.maxLength ?? null,
    top: values?.listed.slice(0, topValues) ?? [],
    distinct: values?.distinct ?? 0,
  };
};

/** What a profile says that was counted before. */
export interface KnownCounts {
  readonly rows: number;
  readonly classes: readonly ValueCount[] | undefined;
  readonly values: ReadonlyMap<string, CountedValues>;
  /** Where the rows were written to, if they were: the files know the limits of their columns. */
  readonly files: readonly string[];
}

/** Describes the rows of a relation, which has a column `__place` that numbers them: one pass, and one over the sample. */
export const profileRows = async (
  database: DuckDb,
  relation: string,
  columns: readonly PlannedColumn[],
  { rows, classes, values, files }: KnownCounts,
): Promise<DatasetProfile> => {
  const step = Math.max(1, Math.floor(rows / sampledRows));
  const noted = files.length > 0 ? notedLimitsSql(columns, files) : limitsSql(columns, relation);
  const [limits] = await database.rows(noted);
  const [means] = await database.rows(meansSql(columns, relation, limits));
  const [sample] = await database.rows(sampleSql(columns, relation, step));
  const measured = { all: { ...limits, ...means }, sample: sample ?? {} };
  const profiles = columns.map((column, place) =>
    profileOf(column, place, measured, values.get(column.name)),
  );
  return { schemaVersion: 1, rows, columns: profiles, ...(classes === undefined ? {} : { classes }) };
};
