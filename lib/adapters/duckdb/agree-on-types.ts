import type { DuckDb } from './open-duckdb.ts';
import { isIntegerType, type RawSource, storageOf } from './raw-sources.ts';
import { numberIn, quoteName, quoteText } from './sql-text.ts';
import { cleanText, readDatetime } from './text-readings.ts';

/** What a column is in the files that store it with its type, where all of them agree. */
interface AgreedType {
  readonly storage: 'number' | 'datetime';
  readonly isInteger: boolean;
}

const agreedTypes = (sources: readonly RawSource[]): ReadonlyMap<string, AgreedType> => {
  const stored = new Map<string, string[]>();
  for (const { types } of sources.filter(({ isText }) => !isText))
    for (const [name, type] of types)
      stored.set(name.toLowerCase(), [...(stored.get(name.toLowerCase()) ?? []), type]);
  return new Map(
    [...stored].flatMap(([name, types]): [string, AgreedType][] => {
      const [storage, ...others] = new Set(types.map(storageOf));
      const isAgreed = (storage === 'number' || storage === 'datetime') && others.length === 0;
      return isAgreed ? [[name, { storage, isInteger: types.every(isIntegerType) }]] : [];
    }),
  );
};

interface Reading {
  readonly name: string;
  readonly type: 'TIMESTAMP' | 'BIGINT' | 'DOUBLE';
  /** The value in that type. */
  readonly value: string;
  /** True for a text that is there and is more, or other, than a value of the type. */
  readonly isOther: string;
}

/** A number with leading zeros is a name: read as a number it is another. */
const isNumbered = String.raw`[+-]?(0|[1-9]\d*)(\.\d*)?([eE][+-]?\d+)?`;

const readAs = (name: string, { storage, isInteger }: AgreedType): Reading => {
  const text = `(${cleanText(quoteName(name))})`;
  if (storage === 'datetime') {
    const value = readDatetime(text, 'iso');
    const isOther = `${text} IS NOT NULL AND NOT coalesce(isfinite(${value}), false)`;
    return { name, type: 'TIMESTAMP', value, isOther };
  }
  const type = isInteger ? 'BIGINT' : 'DOUBLE';
  // DuckDB rounds what it casts to a whole number.
  const pattern = isInteger ? String.raw`[+-]?(0|[1-9]\d*)` : isNumbered;
  const value = `TRY_CAST(${text} AS ${type})`;
  const isRead = isInteger ? `${value} IS NOT NULL` : `coalesce(isfinite(${value}), false)`;
  const isOther = `${text} IS NOT NULL AND NOT (regexp_full_match(${text}, ${quoteText(pattern)}) AND ${isRead})`;
  return { name, type, value, isOther };
};

const agree = async (
  database: DuckDb,
  source: RawSource,
  agreed: ReadonlyMap<string, AgreedType>,
): Promise<RawSource> => {
  const tried = [...source.types.keys()].flatMap((name) => {
    const type = agreed.get(name.toLowerCase());
    return type === undefined ? [] : [readAs(name, type)];
  });
  if (tried.length === 0) return source;
  const from = `read_parquet(${quoteText(source.parquetPath)})`;
  const counts = tried.map(({ isOther }, place) => `count_if(${isOther})::DOUBLE AS other_${place}`);
  const [row] = await database.rows(`SELECT ${counts.join(', ')} FROM ${from}`);
  const readings = tried.filter((_, place) => numberIn(row, `other_${place}`) === 0);
  if (readings.length === 0) return source;
  const parquetPath = `${source.parquetPath}.typed`;
  const replaced = readings.map(({ name, value }) => `${value} AS ${quoteName(name)}`).join(', ');
  await database.run(
    `COPY (SELECT * REPLACE (${replaced}) FROM ${from}) TO ${quoteText(parquetPath)} (FORMAT parquet, COMPRESSION snappy)`,
  );
  const types = new Map([...source.types, ...readings.map(({ name, type }) => [name, type] as const)]);
  return { ...source, parquetPath, types };
};

/**
 * The sources with the columns of text files read as what files with types say they are, where every value can be: labelled
 * predictions beside years of Parquet, for example. Otherwise the years would be turned into text, and inferred and read
 * from it again, for the sake of one small file.
 */
export const agreeOnTypes = async (
  database: DuckDb,
  sources: readonly RawSource[],
): Promise<readonly RawSource[]> => {
  const agreed = agreedTypes(sources);
  const found: RawSource[] = [];
  for (const source of sources) found.push(source.isText ? await agree(database, source, agreed) : source);
  return found;
};
