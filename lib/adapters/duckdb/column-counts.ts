import { type ColumnStatistics, datetimeFormats, type Readings } from '../../domain/dataset/index.ts';
import { type FirstLook, textAt } from './first-look.ts';
import type { JsonRow } from './open-duckdb.ts';
import type { RawColumn } from './raw-sources.ts';
import { numberIn } from './sql-text.ts';
import { isDoubtful, isPlainIso, type Reader, readers } from './text-readings.ts';

/** Aggregates over every row, or over every value of a repetitive column with the rows it stands for as `n`. */
export const counts = (
  column: RawColumn,
  place: number,
  { tried, isRepetitive }: FirstLook,
): readonly string[] => {
  const raw = `r${place}`;
  const countIf = (condition: string) =>
    isRepetitive
      ? `coalesce(sum(n) FILTER (WHERE ${condition}), 0)::DOUBLE`
      : `count_if(${condition})::DOUBLE`;
  const as = (sql: string, name: string) => `${sql} AS ${name}${place}`;
  if (column.storage === 'boolean')
    return [as(`count(${raw})::DOUBLE`, 'present_'), as(`count(DISTINCT ${raw})::DOUBLE`, 'distinct_')];
  if (column.storage === 'datetime')
    return [
      as(`count_if(isfinite(${raw}))::DOUBLE`, 'present_'),
      as(`count(${raw})::DOUBLE`, 'stored_'),
      as(`(CASE WHEN min(${raw}) = max(${raw}) THEN 1 ELSE count(${raw}) END)::DOUBLE`, 'distinct_'),
    ];
  if (column.storage === 'number') {
    const finite = column.isInteger ? `count(${raw})::DOUBLE` : `count_if(isfinite(${raw}))::DOUBLE`;
    const value = column.isInteger ? raw : `CASE WHEN isfinite(${raw}) THEN ${raw} END`;
    return [
      as(finite, 'present_'),
      as(`count(${raw})::DOUBLE`, 'stored_'),
      as(`min(${value})::DOUBLE`, 'min_'),
      as(`max(${value})::DOUBLE`, 'max_'),
      ...(column.isInteger
        ? []
        : [as(`coalesce(bool_and(${value} = trunc(${value})), false)::INTEGER`, 'whole_')]),
    ];
  }
  const value = textAt(place);
  return [
    as(countIf(`${value} IS NOT NULL`), 'present_'),
    as(countIf(isDoubtful(value)), 'doubtful_'),
    as(`${isRepetitive ? 'count(DISTINCT' : 'approx_count_distinct('} ${value})::DOUBLE`, 'distinct_'),
    as(`avg(strlen(${value}))`, 'length_'),
    as(countIf(`${raw} IS DISTINCT FROM ${value}`), 'unclean_'),
    ...tried.map((reader) => as(countIf(reader.sql(value)), `read_${readers.indexOf(reader)}_`)),
    ...(tried.some(({ name }) => name === 'iso')
      ? [as(countIf(`NOT (${isPlainIso(value)})`), 'zoned_')]
      : []),
    ...(tried.some(({ name }) => name === 'number')
      ? [
          as(countIf(`NOT isfinite(TRY_CAST(trim(${raw}) AS DOUBLE))`), 'strange_'),
          as(
            `min(CASE WHEN isfinite(TRY_CAST(${value} AS DOUBLE)) THEN TRY_CAST(${value} AS DOUBLE) END)`,
            'min_',
          ),
          as(
            `max(CASE WHEN isfinite(TRY_CAST(${value} AS DOUBLE)) THEN TRY_CAST(${value} AS DOUBLE) END)`,
            'max_',
          ),
          as(`coalesce(bool_and(NOT contains(${value}, '.')), false)::INTEGER`, 'whole_'),
        ]
      : []),
  ];
};

const readingsOf = (row: JsonRow | undefined, place: number, tried: readonly Reader[]): Readings => {
  const read = new Map(
    tried.map((reader) => [reader.name, numberIn(row, `read_${readers.indexOf(reader)}_${place}`)]),
  );
  const datetime = datetimeFormats.flatMap((format) => {
    const count = read.get(format) ?? 0;
    return count === 0 ? [] : [[format, count] as const];
  });
  return {
    number: read.get('number') ?? 0,
    groupedNumber: read.get('grouped') ?? 0,
    boolean: read.get('boolean') ?? 0,
    datetime: Object.fromEntries(datetime),
  };
};

const limits = (row: JsonRow | undefined, place: number) => {
  const min = row?.[`min_${place}`];
  const max = row?.[`max_${place}`];
  return typeof min === 'number' && typeof max === 'number' ? { min, max } : {};
};

/** The statistics of one column from the counts that `counts` asked for. */
export const statisticsOf = (
  column: RawColumn,
  place: number,
  row: JsonRow | undefined,
  rows: number,
  tried: readonly Reader[],
): ColumnStatistics => {
  const stored = numberIn(row, `stored_${place}`);
  const present = numberIn(row, `present_${place}`);
  const base = { name: column.name, storage: column.storage, rows, present, isDistinctExact: false };
  const distinct = Math.min(present, numberIn(row, `distinct_${place}`));
  if (column.storage === 'boolean' || column.storage === 'datetime')
    return {
      ...base,
      nonFinite: column.storage === 'datetime' ? stored - present : 0,
      distinct,
      isDistinctExact: column.storage === 'boolean',
    };
  const isInteger = column.isInteger || numberIn(row, `whole_${place}`) === 1;
  if (column.storage === 'number') {
    const { min, max } = limits(row, place);
    const isConstant = min !== undefined && min === max;
    return {
      ...base,
      nonFinite: stored - present,
      distinct: isConstant ? 1 : present,
      isInteger,
      ...limits(row, place),
    };
  }
  return {
    ...base,
    doubtful: numberIn(row, `doubtful_${place}`),
    nonFinite: numberIn(row, `strange_${place}`),
    distinct,
    ...(tried.some(({ name }) => name === 'number') ? { isInteger, ...limits(row, place) } : {}),
    readings: readingsOf(row, place, tried),
    hasZones: numberIn(row, `zoned_${place}`) > 0,
    meanLength: numberIn(row, `length_${place}`),
    needsCleaning: numberIn(row, `unclean_${place}`) > 0,
  };
};
