import { mkdtempSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { BaselineColumn, Bins, ColumnCounts, Profile } from '../../domain/drift/index.ts';
import { categoryCell, numberCell, type StoredColumn } from './binned-cells.ts';
import { type DuckDb, type JsonRow, withOwnDuckDb } from './open-duckdb.ts';
import { rawColumnsOf, rawRelation, readRawSource } from './raw-sources.ts';
import type { SourceFile } from './source-bytes.ts';
import { numberIn, quoteText } from './sql-text.ts';
import { withDatabase } from './with-parquet.ts';

type Binned = Pick<BaselineColumn, 'name' | 'bins'>;
type NumberBins = Bins & { readonly kind: 'number' };
type CategoryBins = Bins & { readonly kind: 'category' };

const smallest = '-Infinity';
const largest = String(Number.MAX_VALUE);

/** The largest number below a finite one. */
const justBelow = (value: number): number => {
  if (value === 0) return -Number.MIN_VALUE;
  const bits = new BigInt64Array(Float64Array.of(value).buffer);
  bits[0] = (bits[0] as bigint) + (value > 0 ? -1n : 1n);
  return new Float64Array(bits.buffer)[0] as number;
};

/** Where counting stops on its way up: at what is no number, at the ends of the baseline's range, and at each edge. */
const stopsOf = ({ edges, min, max }: NumberBins): readonly string[] => {
  const ends = min === null || max === null ? [] : [justBelow(min), max];
  const inside = new Set([...ends, ...edges].toSorted((a, b) => a - b).map((stop) => String(stop)));
  return [...new Set([smallest, ...inside, largest])];
};

/** One histogram tells the bins and what is outside of them: in a column store three times as fast as comparing with each edge. */
const numberSql = (column: StoredColumn, bins: NumberBins, place: number): readonly string[] => {
  const { number, isAbsent, canBeNaN } = numberCell(column);
  // As text, which is read to the last digit; a decimal literal is divided and rounded.
  const stops = stopsOf(bins).map((stop) => `CAST(${quoteText(stop)} AS DOUBLE)`);
  return [
    `map_values(histogram(${number}, [${stops.join(', ')}]))::DOUBLE[] AS steps_${place}`,
    `count_if(${isAbsent})::DOUBLE AS absent_${place}`,
    `${canBeNaN ? `count_if(isnan(${number}))::DOUBLE` : '0'} AS nan_${place}`,
  ];
};

const numberCounts = (
  row: JsonRow | undefined,
  bins: NumberBins,
  place: number,
  rows: number,
): ColumnCounts => {
  const steps = row?.[`steps_${place}`];
  let sum = 0;
  const upTo = new Map(
    stopsOf(bins).map((stop, at) => {
      sum += Array.isArray(steps) ? Number(steps[at] ?? 0) : 0;
      return [stop, sum];
    }),
  );
  const atMost = (stop: number | string): number => upTo.get(String(stop)) as number;
  const { edges, min, max } = bins;
  const ends = [smallest, ...edges, largest];
  const missing = numberIn(row, `absent_${place}`) + numberIn(row, `nan_${place}`);
  const beyond =
    min === null || max === null
      ? 0
      : atMost(justBelow(min)) - atMost(smallest) + atMost(largest) - atMost(max);
  return {
    counts: [...ends.slice(1).map((end, at) => atMost(end) - atMost(ends[at] as number | string)), missing],
    outside: beyond,
    wrong: rows - (atMost(largest) - atMost(smallest)) - missing,
  };
};

/** A text as SQL that holds even a character of code 0, which no SQL can spell. */
const spelled = (text: string): string => `(${quoteText(text).replaceAll('\0', "' || chr(0) || '")})`;

/** A column of categories by a join with the few values that stand by themselves: values never seen take no room. */
const countCategories = async (
  database: DuckDb,
  relation: string,
  cell: string,
  { values, isClosed }: CategoryBins,
): Promise<ColumnCounts> => {
  const known =
    values.length === 0
      ? 'SELECT NULL::VARCHAR AS value, NULL::INTEGER AS place WHERE false'
      : `SELECT * FROM (VALUES ${values.map((value, place) => `(${spelled(value)}, ${place})`).join(', ')}) v(value, place)`;
  const counted = await database.rows(
    `SELECT CASE WHEN cell IS NULL THEN ${values.length + 1} ELSE coalesce(place, ${values.length}) END AS bin, count(*)::DOUBLE AS n FROM (SELECT ${cell} AS cell FROM (${relation})) LEFT JOIN (${known}) ON cell = value GROUP BY 1`,
  );
  const counts = new Array<number>(values.length + 2).fill(0);
  for (const { bin, n } of counted) counts[Number(bin)] = Number(n);
  return { counts, outside: isClosed ? (counts[values.length] as number) : 0, wrong: 0 };
};

const allMissing = ({ bins }: Binned, rows: number): ColumnCounts => {
  const others = bins.kind === 'number' ? bins.edges.length + 1 : bins.values.length + 1;
  return { counts: [...new Array<number>(others).fill(0), rows], outside: 0, wrong: 0 };
};

/**
 * Counts the rows of a relation in the bins of a baseline, as `profileBuilder` would row by row. One pass for all numbers and
 * a narrow one for each category; the memory it takes does not grow with the rows. A column the relation does not have is
 * missing in every row. Text that reads as a number is one; the rest is of the wrong kind.
 */
export const profileRelation = async (
  database: DuckDb,
  relation: string,
  columns: readonly Binned[],
  { isRaw = false }: { readonly isRaw?: boolean } = {},
): Promise<Profile> => {
  const described = await database.rows(`DESCRIBE ${relation}`);
  const stored = new Map(
    described.map(({ column_name: name, column_type: type }) => [
      String(name).toLowerCase(),
      { name: String(name), type: String(type).startsWith('ENUM') ? 'VARCHAR' : String(type), isRaw },
    ]),
  );
  const found = columns.map(({ name }) => stored.get(name.toLowerCase()));
  const numbers = columns.flatMap(({ bins }, place) => {
    const column = found[place];
    return bins.kind === 'number' && column !== undefined ? numberSql(column, bins, place) : [];
  });
  const [row] = await database.rows(
    `SELECT ${['count(*)::DOUBLE AS rows', ...numbers].join(', ')} FROM (${relation})`,
  );
  const rows = numberIn(row, 'rows');
  const counted: ColumnCounts[] = [];
  for (const [place, one] of columns.entries()) {
    const column = found[place];
    if (column === undefined) counted.push(allMissing(one, rows));
    else if (one.bins.kind === 'number') counted.push(numberCounts(row, one.bins, place, rows));
    else counted.push(await countCategories(database, relation, categoryCell(column, one.bins), one.bins));
  }
  return { rows, columns: counted };
};

export interface ProfileOptions {
  /** A database already open that may read the file. @default - one of its own for this call */
  readonly database?: DuckDb;
  /** Interrupts the counting; not with a database of the caller's. */
  readonly signal?: AbortSignal;
}

/** Counts the rows of a part of a dataset, or of any typed Parquet file, in the bins of a baseline. */
export const profileParquet = (
  filePath: string,
  columns: readonly Binned[],
  { database, signal }: ProfileOptions = {},
): Promise<Profile> =>
  withDatabase(
    filePath,
    database,
    (opened) =>
      profileRelation(opened, `SELECT * FROM read_parquet(${quoteText(resolve(filePath))})`, columns),
    signal,
  );

/**
 * Counts the rows of a file as people drop it, of any format, in the bins of a baseline. Records that cannot be read are
 * in no bin but counted. Throws DATA_EMPTY, DATA_UNREADABLE, DATA_ENCODING.
 */
export const profileDropped = async (
  source: SourceFile,
  columns: readonly Binned[],
  { signal }: Pick<ProfileOptions, 'signal'> = {},
): Promise<Profile & { readonly unreadableRows: number }> => {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-profile-'));
  return withOwnDuckDb({ folder, files: [realpathSync(source.filePath)], signal }, async (database) => {
    const raw = await readRawSource(database, source, join(folder, 'source'));
    const relation = rawRelation([raw], rawColumnsOf([raw]));
    const profile = await profileRelation(database, relation, columns, { isRaw: true });
    return { ...profile, unreadableRows: raw.rowsRejected };
  });
};
