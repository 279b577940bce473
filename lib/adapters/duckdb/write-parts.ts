import { join } from 'node:path';
import type { PlannedColumn, ReasonCount, ValueCount } from '../../domain/dataset/index.ts';
import type { ModelSpec } from '../../domain/model-spec/index.ts';
import type { CheckedRows } from './check-rows.ts';
import type { CountedValues } from './count-values.ts';
import type { DuckDb } from './open-duckdb.ts';
import type { RawColumn, RawSource } from './raw-sources.ts';
import { type Part, partsOf, type SplitPart } from './split-rows.ts';
import { quoteList, quoteName, quoteText } from './sql-text.ts';

/**
 * Fixed, so that equal rows give equal bytes whatever a later DuckDB takes for its default. Dictionaries of more values
 * than this, of times for example, take longer to make than they save.
 */
const format = '(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880, DICTIONARY_SIZE_LIMIT 4096)';

const copy = async (database: DuckDb, select: string, path: string): Promise<number> => {
  const [row] = await database.rows(`COPY (${select}) TO ${quoteText(path)} ${format}`);
  return Number(row?.Count);
};

/** The columns a part is written with: everything with a role, and what reports cut slices and time lines by. */
export const writtenColumns = (
  spec: ModelSpec,
  columns: readonly PlannedColumn[],
): readonly PlannedColumn[] => {
  const wanted = new Set([...spec.gates.slices, ...(spec.eventTime === undefined ? [] : [spec.eventTime])]);
  return columns.filter(({ name, role }) => role !== 'ignored' || wanted.has(name));
};

/** As an enumeration, whose dictionary Parquet takes as it is instead of making one by row group (read back: text). */
const enumerated = (name: string, values: readonly ValueCount[]): string =>
  `CAST(${name} AS ENUM${quoteList(values.map(({ value }) => value))}) AS ${name}`;

/** The target as it is written. */
const targetAs = (classes: readonly ValueCount[] | undefined): string =>
  classes === undefined || classes.length === 0 ? '__target' : enumerated('__target', classes);

/** A category as it is written: text when it has too many values, or one that no SQL can spell. */
const columnAs = (name: string, values: CountedValues | undefined): string => {
  const { listed, distinct } = values ?? { listed: [], distinct: 0 };
  const isSpelled = listed.length === distinct && listed.every(({ value }) => !value.includes('\0'));
  return listed.length > 0 && isSpelled ? enumerated(quoteName(name), listed) : quoteName(name);
};

/** How the columns of a part are selected for writing, the target last. */
export const selectedAs = (
  columns: readonly PlannedColumn[],
  values: ReadonlyMap<string, CountedValues>,
  classes: readonly ValueCount[] | undefined,
): readonly string[] => [...columns.map(({ name }) => columnAs(name, values.get(name))), targetAs(classes)];

/** Rows by part, as the writer counted them. */
export type WrittenRows = Readonly<Record<SplitPart, number> & Partial<Record<'recent', number>>>;

/** Writes train, validation, test and, where there is one, recent, and returns their rows, counted by the writer. */
export const writeParts = async (
  database: DuckDb,
  { keptRows, conditions }: Pick<CheckedRows, 'keptRows' | 'conditions'>,
  selected: readonly string[],
  outputFolder: string,
  onPart: (part: Part) => void,
): Promise<WrittenRows> => {
  const rows: Record<SplitPart, number> & { recent?: number } = { train: 0, validation: 0, test: 0 };
  for (const part of partsOf(conditions)) {
    onPart(part);
    const select = `SELECT ${selected.join(', ')} FROM (${keptRows}) WHERE ${conditions[part]}`;
    rows[part] = await copy(database, select, join(outputFolder, `${part}.parquet`));
  }
  return rows;
};

/** The records of a source that could not be read, as SQL over the file they were put into. */
export const rejectedRows = (source: RawSource, place: number): string =>
  `SELECT ${place} AS place, "row" AS row_number, [reason] AS reasons, to_json(raw)::VARCHAR AS raw FROM read_json(${quoteText(source.rejectedPath ?? '')}, format = 'newline_delimited', maximum_object_size = 67108864, columns = {'row': 'BIGINT', 'reason': 'VARCHAR', 'raw': 'VARCHAR'})`;

export interface QuarantineInput {
  readonly sources: readonly RawSource[];
  readonly rawColumns: readonly RawColumn[];
  readonly raw: string;
  /** SELECT `__source, __row, reasons` of the rows set aside by checks. */
  readonly bad: string;
  readonly hasBadRows: boolean;
}

/** Writes every row set aside, as it came, with where it stood and why; returns how many and how often each reason. */
export const writeQuarantine = async (
  database: DuckDb,
  input: QuarantineInput,
  path: string,
): Promise<{ readonly rows: number; readonly reasons: readonly ReasonCount[] }> => {
  const { sources, rawColumns, raw } = input;
  const json = rawColumns.map(({ name }) => `${quoteName(name)} := raw.${quoteName(name)}`).join(', ');
  const checked = `SELECT raw.__source AS place, raw.__row AS row_number, bad.reasons, to_json(struct_pack(${json}))::VARCHAR AS raw FROM (${raw}) raw JOIN (${input.bad}) bad ON raw.__source = bad.__source AND raw.__row = bad.__row`;
  const selects = [
    ...sources.flatMap((source, place) => (source.rowsRejected > 0 ? [rejectedRows(source, place)] : [])),
    ...(input.hasBadRows ? [checked] : []),
  ];
  const none =
    'SELECT 0 AS place, 0::BIGINT AS row_number, []::VARCHAR[] AS reasons, NULL::VARCHAR AS raw WHERE false';
  const all = [none, ...selects].join(' UNION ALL ');
  const names = `[${sources.map(({ key }) => quoteText(key)).join(', ')}]`;
  const rows = await copy(
    database,
    `SELECT ${names}[place + 1] AS source, row_number, reasons, raw FROM (${all}) ORDER BY place, row_number`,
    path,
  );
  const counted = await database.rows(
    `SELECT reason, count(*)::DOUBLE AS n FROM (SELECT unnest(reasons) AS reason FROM read_parquet(${quoteText(path)})) GROUP BY reason`,
  );
  return { rows, reasons: counted.map(({ reason, n }) => ({ reason: String(reason), rows: Number(n) })) };
};
