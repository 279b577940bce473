import type { DuckDb } from './open-duckdb.ts';
import type { RawColumn } from './raw-sources.ts';
import { numberIn, quoteName } from './sql-text.ts';
import { cleanText, isDoubtful, type Reader, readers } from './text-readings.ts';

/** A column may be read in some way when at least this share of a sample can. */
const worthTrying = 0.5;
const sampleRows = 10_000;

/** The short name of a cleaned text column. */
export const textAt = (place: number): string => `t${place}`;

/** Text columns cleaned once under short names, so that every reading is counted over the same value. */
export const cleaned = (columns: readonly RawColumn[], relation: string, end: string): string => {
  const selected = columns.map((column, place) => {
    const raw = quoteName(column.name);
    return column.storage === 'text'
      ? `${raw} AS r${place}, ${cleanText(raw)} AS ${textAt(place)}`
      : `${raw} AS r${place}`;
  });
  return `SELECT ${selected.join(', ')} FROM (${relation}) ${end}`;
};

/** What a first look at a text column says. */
export interface FirstLook {
  /** The readings that the look does not rule out. */
  readonly tried: readonly Reader[];
  /** Values come back so often that counting each once and weighing it is cheaper than reading every row. */
  readonly isRepetitive: boolean;
}

const fewDistinct = 0.1;

/** Looks at the first 10,000 rows of every text column. */
export const firstLooks = async (
  database: DuckDb,
  relation: string,
  columns: readonly RawColumn[],
): Promise<readonly FirstLook[]> => {
  const texts = columns.flatMap((column, place) => (column.storage === 'text' ? [place] : []));
  if (texts.length === 0) return columns.map(() => ({ tried: [], isRepetitive: false }));
  const counted = texts.flatMap((place) => [
    `count(${textAt(place)})::DOUBLE AS n${place}`,
    `count_if(${isDoubtful(textAt(place))})::DOUBLE AS u${place}`,
    `count(DISTINCT ${textAt(place)})::DOUBLE AS d${place}`,
    ...readers.map((reader, which) => `count_if(${reader.sql(textAt(place))})::DOUBLE AS n${place}_${which}`),
  ]);
  const [row] = await database.rows(
    `SELECT ${counted.join(', ')} FROM (${cleaned(columns, relation, `LIMIT ${sampleRows}`)})`,
  );
  return columns.map((column, place) => {
    const present = numberIn(row, `n${place}`);
    const plain = present - numberIn(row, `u${place}`);
    return {
      tried: readers.filter((_reader, which) => numberIn(row, `n${place}_${which}`) >= worthTrying * plain),
      isRepetitive:
        column.storage === 'text' && present > 1000 && numberIn(row, `d${place}`) < fewDistinct * present,
    };
  });
};
