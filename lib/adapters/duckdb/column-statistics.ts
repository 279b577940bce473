import {
  type ColumnStatistics,
  datetimeFormats,
  doubtfulWords,
  falseWords,
  missingWords,
  type Readings,
  trueWords,
} from '../../domain/dataset/index.ts';
import type { DuckDb, JsonRow } from './open-duckdb.ts';
import type { RawColumn } from './raw-sources.ts';
import { quoteList, quoteName, quoteText } from './sql-text.ts';

/** A raw text value, trimmed, NULL when it is a word for missing. */
export const cleanText = (sql: string, missing: readonly string[] = missingWords): string =>
  `CASE WHEN trim(${sql}) NOT IN ${quoteList(missing)} THEN trim(${sql}) END`;

const isDoubtful = (text: string): string => `${text} IN ${quoteList(doubtfulWords)}`;

/** A date, and perhaps a time, without offset or zone. */
const isPlainIso = (sql: string): string =>
  `regexp_full_match(${sql}, ${quoteText(String.raw`\d+-\d+-\d+([ T][0-9:.]*)?`)})`;

/**
 * Text as a datetime: local times are taken for UTC, offsets are honoured. Only text with a zone is read with one: that
 * costs six times as much, and DuckDB 1.5 takes the zone named in one row for the next rows that name none.
 */
export const readDatetime = (sql: string, format: string, hasZones = true): string => {
  if (format !== 'iso') return `try_strptime(${sql}, ${quoteText(format)})`;
  const plain = `TRY_CAST(${sql} AS TIMESTAMP)`;
  return hasZones
    ? `CASE WHEN ${isPlainIso(sql)} THEN ${plain} ELSE TRY_CAST(${sql} AS TIMESTAMPTZ) AT TIME ZONE 'UTC' END`
    : plain;
};

/** A pattern that plain numbers and numbers with commas between thousands both fit. */
const groupedPattern = String.raw`[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d*)?([eE][+-]?\d+)?`;

/** A column may be read in some way when at least this share of a sample can. */
const worthTrying = 0.5;
const sampleRows = 10_000;

type Reader = { readonly name: string; readonly sql: (text: string) => string };

const readers: readonly Reader[] = [
  { name: 'number', sql: (text) => `TRY_CAST(${text} AS DOUBLE) IS NOT NULL` },
  { name: 'grouped', sql: (text) => `regexp_full_match(${text}, ${quoteText(groupedPattern)})` },
  { name: 'boolean', sql: (text) => `lower(${text}) IN ${quoteList([...trueWords, ...falseWords])}` },
  ...datetimeFormats.map((format) => ({
    name: format,
    sql: (text: string) => `${readDatetime(text, format)} IS NOT NULL`,
  })),
];

const text = (place: number): string => `t${place}`;

/** Text columns cleaned once under short names, so that every reading is counted over the same value. */
const cleaned = (columns: readonly RawColumn[], relation: string, end: string): string => {
  const selected = columns.map((column, place) => {
    const raw = quoteName(column.name);
    return column.storage === 'text'
      ? `${raw} AS r${place}, ${cleanText(raw)} AS ${text(place)}`
      : `${raw} AS r${place}`;
  });
  return `SELECT ${selected.join(', ')} FROM (${relation}) ${end}`;
};

const number = (row: JsonRow | undefined, name: string): number => Number(row?.[name] ?? 0);

/** What a first look at a text column says. */
interface FirstLook {
  /** The readings that the look does not rule out. */
  readonly tried: readonly Reader[];
  /** Values come back so often that counting each once and weighing it is cheaper than reading every row. */
  readonly isRepetitive: boolean;
}

const fewDistinct = 0.1;

/** Looks at the first 10,000 rows of every text column. */
const firstLooks = async (
  database: DuckDb,
  relation: string,
  columns: readonly RawColumn[],
): Promise<readonly FirstLook[]> => {
  const texts = columns.flatMap((column, place) => (column.storage === 'text' ? [place] : []));
  if (texts.length === 0) return columns.map(() => ({ tried: [], isRepetitive: false }));
  const counted = texts.flatMap((place) => [
    `count(${text(place)})::DOUBLE AS n${place}`,
    `count_if(${isDoubtful(text(place))})::DOUBLE AS u${place}`,
    `count(DISTINCT ${text(place)})::DOUBLE AS d${place}`,
    ...readers.map((reader, which) => `count_if(${reader.sql(text(place))})::DOUBLE AS n${place}_${which}`),
  ]);
  const [row] = await database.rows(
    `SELECT ${counted.join(', ')} FROM (${cleaned(columns, relation, `LIMIT ${sampleRows}`)})`,
  );
  return columns.map((column, place) => {
    const present = number(row, `n${place}`);
    const plain = present - number(row, `u${place}`);
    return {
      tried: readers.filter((_reader, which) => number(row, `n${place}_${which}`) >= worthTrying * plain),
      isRepetitive:
        column.storage === 'text' && present > 1000 && number(row, `d${place}`) < fewDistinct * present,
    };
  });
};

/** Aggregates over every row, or over every value of a repetitive column with the rows it stands for as `n`. */
const counts = (column: RawColumn, place: number, { tried, isRepetitive }: FirstLook): readonly string[] => {
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
  const value = text(place);
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
    tried.map((reader) => [reader.name, number(row, `read_${readers.indexOf(reader)}_${place}`)]),
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

const statisticsOf = (
  column: RawColumn,
  place: number,
  row: JsonRow | undefined,
  rows: number,
  tried: readonly Reader[],
): ColumnStatistics => {
  const stored = number(row, `stored_${place}`);
  const present = number(row, `present_${place}`);
  const base = { name: column.name, storage: column.storage, rows, present, isDistinctExact: false };
  const distinct = Math.min(present, number(row, `distinct_${place}`));
  if (column.storage === 'boolean' || column.storage === 'datetime')
    return {
      ...base,
      nonFinite: column.storage === 'datetime' ? stored - present : 0,
      distinct,
      isDistinctExact: column.storage === 'boolean',
    };
  const isInteger = column.isInteger || number(row, `whole_${place}`) === 1;
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
    doubtful: number(row, `doubtful_${place}`),
    nonFinite: number(row, `strange_${place}`),
    distinct,
    ...(tried.some(({ name }) => name === 'number') ? { isInteger, ...limits(row, place) } : {}),
    readings: readingsOf(row, place, tried),
    hasZones: number(row, `zoned_${place}`) > 0,
    meanLength: number(row, `length_${place}`),
    needsCleaning: number(row, `unclean_${place}`) > 0,
  };
};

/** Columns that could be keys or prose by the first pass get an exact count and their words counted. */
const lookCloser = async (
  database: DuckDb,
  relation: string,
  column: RawColumn,
  statistics: ColumnStatistics,
): Promise<ColumnStatistics> => {
  const { min, max, present, isInteger, distinct, storage } = statistics;
  const isRun = isInteger === true && min !== undefined && max !== undefined && max - min + 1 === present;
  const mayBeUnique =
    storage === 'text' ? distinct > present * 0.5 : isRun || /(id|key|index|nr|number)$/i.test(column.name);
  if (present === 0 || !mayBeUnique || storage === 'boolean') return statistics;
  const raw = quoteName(column.name);
  const value = storage === 'text' ? cleanText(raw) : raw;
  const words = storage === 'text' ? ", avg(len(string_split_regex(v, '\\s+')))" : ', NULL';
  // Hashes of 8 bytes instead of the texts themselves: two of 3 million collide in one of four million tables.
  const [row] = await database.rows(
    `SELECT count(DISTINCT hash(v))::DOUBLE AS exact${words} AS words FROM (SELECT ${value} AS v FROM (${relation})) WHERE v IS NOT NULL`,
  );
  return {
    ...statistics,
    distinct: number(row, 'exact'),
    isDistinctExact: true,
    ...(storage === 'text' ? { meanWords: number(row, 'words') } : {}),
  };
};

/** The values of one repetitive column, each once, under the names that `counts` knows, with its rows as `n`. */
const valuesOf = (relation: string, column: RawColumn, place: number): string => {
  const values = `SELECT ${quoteName(column.name)} AS r${place}, count(*) AS n FROM (${relation}) GROUP BY 1`;
  return `SELECT *, ${cleanText(`r${place}`)} AS ${text(place)} FROM (${values})`;
};

/** Counts what every column holds: a look at 10,000 rows to rule readings out, then one pass over all of them. */
export const measureColumns = async (
  database: DuckDb,
  relation: string,
  columns: readonly RawColumn[],
): Promise<readonly ColumnStatistics[]> => {
  const looks = await firstLooks(database, relation, columns);
  const lookAt = (place: number): FirstLook => looks[place] ?? { tried: [], isRepetitive: false };
  const aggregates = columns.flatMap((column, place) =>
    lookAt(place).isRepetitive ? [] : counts(column, place, lookAt(place)),
  );
  const [all] = await database.rows(
    `SELECT ${['count(*)::DOUBLE AS rows', ...aggregates].join(', ')} FROM (${cleaned(columns, relation, '')})`,
  );
  const statistics: ColumnStatistics[] = [];
  for (const [place, column] of columns.entries()) {
    const look = lookAt(place);
    const own = look.isRepetitive
      ? await database.rows(
          `SELECT ${counts(column, place, look).join(', ')} FROM (${valuesOf(relation, column, place)})`,
        )
      : [all];
    const counted = statisticsOf(column, place, own[0], number(all, 'rows'), look.tried);
    const first = look.isRepetitive ? { ...counted, isDistinctExact: true } : counted;
    statistics.push(await lookCloser(database, relation, column, first));
  }
  return statistics;
};
