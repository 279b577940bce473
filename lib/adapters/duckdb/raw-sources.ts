import { createWriteStream, symlinkSync } from 'node:fs';
import { resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { MillraceError } from '../../wire/errors.ts';
import { refuseNames } from './csv-header.ts';
import { isAboutData } from './duckdb-faults.ts';
import type { DuckDb } from './open-duckdb.ts';
import type { CleanText } from './record-sorter.ts';
import { sortCsv } from './sort-csv.ts';
import { sortJson } from './sort-json.ts';
import { firstBytesOf, isGzip, readSource, refuseSize, type SourceFile } from './source-bytes.ts';
import { quoteName, quoteText } from './sql-text.ts';

/** One source as a Parquet file DuckDB can read again and again. */
export interface RawSource {
  readonly key: string;
  readonly parquetPath: string;
  /** Counted without DuckDB where that is possible: the number every later count must match. */
  readonly rowsIn: number;
  readonly rowsRejected: number;
  /** JSON Lines of the records that could not be read; absent for Parquet. */
  readonly rejectedPath?: string;
  /** True when the file has its own `__row` column. */
  readonly isText: boolean;
  /** Column name to DuckDB type, in the file's order. */
  readonly types: ReadonlyMap<string, string>;
}

const structOf = (columns: readonly string[]): string =>
  [`'__row': 'BIGINT'`, ...columns.map((name) => `${quoteText(name)}: 'VARCHAR'`)].join(', ');

/** How DuckDB reads the clean text: nothing is left for it to guess. */
const readerOf = (clean: CleanText, path: string): string =>
  clean.delimiter === undefined
    ? `read_json(${quoteText(path)}, format = 'newline_delimited', maximum_object_size = 16777216, columns = {${structOf(clean.columns)}})`
    : `read_csv(${quoteText(path)}, auto_detect = false, header = false, delim = ${quoteText(clean.delimiter)}, quote = '"', escape = '"', nullstr = '', new_line = '\\n', max_line_size = 8388608, columns = {${structOf(clean.columns)}})`;

const unreadable = (source: SourceFile, what: string, cause?: unknown): MillraceError =>
  new MillraceError('DATA_UNREADABLE', `${source.key} ${what}`, { file: source.key }, { cause });

interface TextFile {
  readonly source: SourceFile;
  readonly parquetPath: string;
  readonly paths: { readonly cleanPath: string; readonly rejectedPath: string };
}

const cleanToParquet = async (
  database: DuckDb,
  { source, parquetPath, paths }: TextFile,
  isStrict = false,
): Promise<CleanText> => {
  const sort = source.format === 'csv' ? sortCsv : sortJson;
  const clean = await readSource(source, (chunks) => sort(chunks, source.key, paths, isStrict));
  if (clean.rowsIn === 0)
    throw new MillraceError('DATA_EMPTY', `${source.key} has a header and no rows`, { file: source.key });
  refuseSize(source, { rows: clean.rowsIn, columns: clean.columns.length });
  await database.run(
    `COPY (FROM ${readerOf(clean, paths.cleanPath)}) TO ${quoteText(parquetPath)} (FORMAT parquet, COMPRESSION snappy)`,
  );
  return clean;
};

/** Where DuckDB minds a record it is looked for, once more from the start: a bad record is to stop no other. */
const cleanTwice = async (database: DuckDb, file: TextFile): Promise<CleanText> => {
  try {
    return await cleanToParquet(database, file);
  } catch (error) {
    if (!isAboutData(error)) throw error;
  }
  try {
    return await cleanToParquet(database, file, true);
  } catch (error) {
    if (!isAboutData(error)) throw error;
    throw unreadable(
      file.source,
      `cannot be read (${error.message.split('\n', 1)[0]?.slice(0, 300)})`,
      error,
    );
  }
};

const textSource = async (database: DuckDb, source: SourceFile, stem: string): Promise<RawSource> => {
  const paths = { cleanPath: `${stem}.clean`, rejectedPath: `${stem}.rejected` };
  const parquetPath = `${stem}.parquet`;
  const clean = await cleanTwice(database, { source, parquetPath, paths });
  return {
    key: source.key,
    parquetPath,
    rowsIn: clean.rowsIn,
    rowsRejected: clean.rowsRejected,
    rejectedPath: paths.rejectedPath,
    isText: true,
    types: new Map(clean.columns.map((name) => [name, 'VARCHAR'])),
  };
};

const unpack = async (source: SourceFile, path: string): Promise<void> => {
  // A link with a plain name: the file's own path may hold characters that DuckDB reads as a pattern.
  if (!isGzip(source.filePath)) symlinkSync(resolve(source.filePath), path);
  await readSource(source, async (chunks) => {
    if (isGzip(source.filePath)) await pipeline(chunks, createWriteStream(path));
    else for await (const _ of chunks);
  });
};

const describe = async (database: DuckDb, source: SourceFile, path: string) => {
  try {
    const columns = await database.rows(`DESCRIBE FROM read_parquet(${quoteText(path)})`);
    const [meta] = await database.rows(
      `SELECT num_rows::DOUBLE AS rows FROM parquet_file_metadata(${quoteText(path)})`,
    );
    return {
      types: new Map(columns.map((column) => [String(column.column_name), String(column.column_type)])),
      rows: Number(meta?.rows),
    };
  } catch (cause) {
    throw unreadable(source, 'cannot be read as Parquet, expected a complete file', cause);
  }
};

const parquetSource = async (database: DuckDb, source: SourceFile, stem: string): Promise<RawSource> => {
  const parquetPath = `${stem}.parquet`;
  if (firstBytesOf(source.filePath, 1).length === 0)
    throw new MillraceError('DATA_EMPTY', `${source.key} is empty`, { file: source.key });
  await unpack(source, parquetPath);
  if (firstBytesOf(parquetPath, 4).toString('latin1') !== 'PAR1')
    throw unreadable(source, 'does not begin as Parquet files do');
  const { types, rows } = await describe(database, source, parquetPath);
  if (rows === 0) throw new MillraceError('DATA_EMPTY', `${source.key} has no rows`, { file: source.key });
  refuseNames([...types.keys()], source.key);
  refuseSize(source, { rows, columns: types.size });
  // DuckDB counts rows in a column it calls so.
  if (types.has('file_row_number'))
    throw unreadable(source, 'has a column "file_row_number", expected another name');
  return { key: source.key, parquetPath, rowsIn: rows, rowsRejected: 0, isText: false, types };
};

/** Makes one dropped file readable by DuckDB. `stem` is a path without extension in the working folder. */
export const readRawSource = (database: DuckDb, source: SourceFile, stem: string): Promise<RawSource> =>
  source.format === 'parquet' ? parquetSource(database, source, stem) : textSource(database, source, stem);

/** What a batch calls one column, and how each of its sources stores it. */
export interface RawColumn {
  readonly name: string;
  readonly storage: 'text' | 'number' | 'boolean' | 'datetime';
  readonly isInteger: boolean;
}

export const isIntegerType = (type: string): boolean => /^U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?$/.test(type);

export const storageOf = (type: string): RawColumn['storage'] => {
  if (isIntegerType(type) || /^(DOUBLE|FLOAT|DECIMAL)/.test(type)) return 'number';
  if (type === 'BOOLEAN') return 'boolean';
  return /^(DATE$|TIMESTAMP)/.test(type) ? 'datetime' : 'text';
};

/** The union of the sources' columns by name, in order of appearance; storage that differs becomes text. */
export const rawColumnsOf = (sources: readonly RawSource[]): readonly RawColumn[] => {
  const columns = new Map<string, RawColumn>();
  for (const { types } of sources)
    for (const [name, type] of types) {
      const earlier = columns.get(name.toLowerCase());
      const storage = storageOf(type);
      const isSame = earlier === undefined || earlier.storage === storage;
      columns.set(name.toLowerCase(), {
        name: earlier?.name ?? name,
        storage: isSame ? storage : 'text',
        isInteger: isIntegerType(type) && (earlier?.isInteger ?? true),
      });
    }
  return [...columns.values()];
};

/** A stored number as people write it: 3 rather than 3.0. */
export const numberAsText = (sql: string): string =>
  `CASE WHEN ${sql} = trunc(${sql}) AND abs(${sql}) < 1e15 THEN CAST(CAST(${sql} AS BIGINT) AS VARCHAR) ELSE CAST(${sql} AS VARCHAR) END`;

const castSql = (column: RawColumn, type: string | undefined, name: string | undefined): string => {
  if (type === undefined || name === undefined) return 'NULL';
  const sql = quoteName(name);
  if (column.storage === 'text') {
    if (type === 'VARCHAR') return sql;
    return /^(DOUBLE|FLOAT|DECIMAL)/.test(type) ? numberAsText(sql) : `CAST(${sql} AS VARCHAR)`;
  }
  if (column.storage === 'datetime')
    return /TIME ZONE/.test(type)
      ? `(${sql} AT TIME ZONE 'UTC')`
      : type === 'TIMESTAMP'
        ? sql
        : `CAST(${sql} AS TIMESTAMP)`;
  if (column.storage === 'number')
    return column.isInteger || type === 'DOUBLE' ? sql : `CAST(${sql} AS DOUBLE)`;
  return sql;
};

const sqlTypes = { text: 'VARCHAR', number: 'DOUBLE', boolean: 'BOOLEAN', datetime: 'TIMESTAMP' } as const;

/** One SELECT over all sources, in their order: `__source`, `__row` (from 1), and every raw column. */
export const rawRelation = (sources: readonly RawSource[], columns: readonly RawColumn[]): string =>
  sources
    .map((source, place) => {
      const names = new Map([...source.types.keys()].map((name) => [name.toLowerCase(), name]));
      const selected = columns.map((column) => {
        const own = names.get(column.name.toLowerCase());
        const sql = castSql(column, own === undefined ? undefined : source.types.get(own), own);
        const typed =
          sql === 'NULL' ? `CAST(NULL AS ${column.isInteger ? 'BIGINT' : sqlTypes[column.storage]})` : sql;
        return `${typed} AS ${quoteName(column.name)}`;
      });
      const row = source.isText ? '__row' : 'file_row_number + 1 AS __row';
      const options = source.isText ? '' : ', file_row_number = true';
      return `SELECT ${place} AS __source, ${row}, ${selected.join(', ')} FROM read_parquet(${quoteText(source.parquetPath)}${options})`;
    })
    .join(' UNION ALL ');
