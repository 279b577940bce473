import type { ColumnStatistics } from '../../domain/dataset/index.ts';
import { counts, statisticsOf } from './column-counts.ts';
import { cleaned, type FirstLook, firstLooks, textAt } from './first-look.ts';
import type { DuckDb } from './open-duckdb.ts';
import type { RawColumn } from './raw-sources.ts';
import { numberIn, quoteName } from './sql-text.ts';
import { cleanText } from './text-readings.ts';

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
    distinct: numberIn(row, 'exact'),
    isDistinctExact: true,
    ...(storage === 'text' ? { meanWords: numberIn(row, 'words') } : {}),
  };
};

/** The values of one repetitive column, each once, under the names that `counts` knows, with its rows as `n`. */
const valuesOf = (relation: string, column: RawColumn, place: number): string => {
  const values = `SELECT ${quoteName(column.name)} AS r${place}, count(*) AS n FROM (${relation}) GROUP BY 1`;
  return `SELECT *, ${cleanText(`r${place}`)} AS ${textAt(place)} FROM (${values})`;
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
    const counted = statisticsOf(column, place, own[0], numberIn(all, 'rows'), look.tried);
    const first = look.isRepetitive ? { ...counted, isDistinctExact: true } : counted;
    statistics.push(await lookCloser(database, relation, column, first));
  }
  return statistics;
};
