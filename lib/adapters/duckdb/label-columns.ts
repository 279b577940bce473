import type { ColumnKind } from '../../domain/dataset/index.ts';
import { doubtfulWords, falseWords, missingWords, trueWords } from '../../domain/dataset/index.ts';
import type { ModelSpec } from '../../domain/model-spec/index.ts';
import { checkExpression } from './expression.ts';
import type { DuckDb } from './open-duckdb.ts';
import { isIntegerType, numberAsText, type RawSource } from './raw-sources.ts';
import { quoteList, quoteName, quoteText } from './sql-text.ts';
import { targetSql } from './target-column.ts';
import { cleanText, readDatetime } from './text-readings.ts';

/** Columns of a file of labels that mean the same whatever the model, unless it has a column of that name itself. */
const ownNames = ['predictionId', 'at', 'label'] as const;

const isNumeric = (type: string): boolean => isIntegerType(type) || /^(DOUBLE|FLOAT|DECIMAL)/.test(type);

/** A stored value as text, NULL when it is missing. */
const asText = (name: string, type: string, missing: readonly string[] = missingWords): string => {
  const sql = quoteName(name);
  if (type === 'VARCHAR') return cleanText(sql, missing);
  if (isNumeric(type))
    return `CASE WHEN isfinite(CAST(${sql} AS DOUBLE)) THEN ${numberAsText(`CAST(${sql} AS DOUBLE)`)} END`;
  if (/TIME ZONE/.test(type)) return `strftime(${sql} AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%S.%gZ')`;
  if (/^TIMESTAMP/.test(type)) return `strftime(CAST(${sql} AS TIMESTAMP), '%Y-%m-%dT%H:%M:%S.%gZ')`;
  return `CAST(${sql} AS VARCHAR)`;
};

/** Whole numbers as they are stored: a double holds only the first 15 digits of a key. */
const asKey = (name: string, type: string): string =>
  isIntegerType(type) ? `CAST(${quoteName(name)} AS VARCHAR)` : asText(name, type);

/** A value as training read its column. */
const typed = (name: string, type: string, kind: ColumnKind): string => {
  const sql = quoteName(name);
  if (kind === 'number') {
    const text = asText(name, type, [...missingWords, ...doubtfulWords]);
    const number = `coalesce(TRY_CAST(${text} AS DOUBLE), TRY_CAST(replace(${text}, ',', '') AS DOUBLE))`;
    return `CASE WHEN isfinite(${number}) THEN ${number} END`;
  }
  if (kind === 'datetime') {
    if (/^(DATE$|TIMESTAMP)/.test(type))
      return /TIME ZONE/.test(type) ? `(${sql} AT TIME ZONE 'UTC')` : `CAST(${sql} AS TIMESTAMP)`;
    return readDatetime(asText(name, type, [...missingWords, ...doubtfulWords]), 'iso');
  }
  if (kind !== 'boolean') return asText(name, type);
  const lower = `lower(${asText(name, type, [...missingWords, ...doubtfulWords])})`;
  return `CASE WHEN ${lower} IN ${quoteList(trueWords)} THEN true WHEN ${lower} IN ${quoteList(falseWords)} THEN false END`;
};

/** A JSON object of columns that have a value, each as its text. */
const objectOf = (columns: readonly (readonly [name: string, sql: string])[]): string => {
  if (columns.length === 0) return `'{}'`;
  const members = columns.map(
    ([name, sql]) =>
      `CASE WHEN ${sql} IS NOT NULL THEN to_json(${quoteText(name)}) || ':' || to_json(${sql}) END`,
  );
  return `'{' || concat_ws(',', ${members.join(', ')}) || '}'`;
};

/** What of a model says how its labels are read. */
export interface LabelReading {
  readonly spec: ModelSpec;
  /** What training found each raw column to be. @default - a number where all values are, else text */
  readonly kinds: ReadonlyMap<string, ColumnKind>;
}

/** What the target's SQL reads, when it is one and the file has all of it. */
const computedColumns = async (
  database: DuckDb,
  { spec, kinds }: LabelReading,
  columns: readonly string[],
) => {
  if (typeof spec.target === 'string') return undefined;
  const known = [...new Set([...columns, ...kinds.keys()])];
  // A column neither training nor this file knows: the SQL cannot be asked of these rows.
  const checked = await checkExpression(database, spec.target.sql, known).catch(() => undefined);
  return checked?.columns.every((name) => columns.includes(name)) ? checked : undefined;
};

const kindOf = async (
  database: DuckDb,
  source: RawSource,
  name: string,
  { kinds }: LabelReading,
): Promise<ColumnKind> => {
  const known = kinds.get(name);
  if (known !== undefined) return known;
  const text = asText(name, source.types.get(name) ?? 'VARCHAR');
  const [row] = await database.rows(
    `SELECT count_if(${text} IS NOT NULL AND TRY_CAST(${text} AS DOUBLE) IS NULL)::DOUBLE AS words FROM read_parquet(${quoteText(source.parquetPath)})`,
  );
  return Number(row?.words) === 0 ? 'number' : 'category';
};

type Text = (name: string | undefined) => string;

/** The columns that mean something in a file of labels, each as SQL that gives its text. */
const partsOf = ({ spec }: LabelReading, { types }: RawSource, read: readonly string[], textOf: Text) => {
  const modelsOwn = new Set([...spec.key, ...read]);
  const [id, at, label] = ownNames.map((name) => textOf(modelsOwn.has(name) ? undefined : name));
  const isPlain = typeof spec.target === 'string';
  const targetName = typeof spec.target === 'string' ? spec.target : spec.target.name;
  const isOwnColumn = targetName !== 'label' && !modelsOwn.has(targetName);
  const target = textOf(isOwnColumn ? targetName : undefined);

  const { sensitiveColumns, omittedColumns } = spec.monitor;
  const isShown = (name: string) => ![...sensitiveColumns, ...omittedColumns].includes(name);
  const key = spec.key.flatMap((name) => {
    const type = types.get(name);
    return type === undefined ? [] : [[name, asKey(name, type)] as const];
  });
  const plain =
    isPlain && isShown(targetName) ? [[targetName, `coalesce(${label}, ${target})`] as const] : [];
  const raw = read.filter(isShown).map((name) => [name, textOf(name)] as const);
  return { id, at, label, target, key: objectOf(key), truth: objectOf([...plain, ...raw]) };
};

/** One SELECT over a source: row, id, at, key, label, target, computed, truth; all but the first as text. */
export const labelSelect = async (
  database: DuckDb,
  source: RawSource,
  reading: LabelReading,
): Promise<string> => {
  const { types, isText, parquetPath } = source;
  const computed = await computedColumns(database, reading, [...types.keys()]);
  const read = computed?.columns ?? [];
  const textOf: Text = (name) =>
    name !== undefined && types.has(name) ? asText(name, types.get(name) ?? 'VARCHAR') : 'NULL::VARCHAR';
  const { id, at, label, target, key, truth } = partsOf(reading, source, read, textOf);
  const values: string[] = [];
  for (const name of read) {
    const kind = await kindOf(database, source, name, reading);
    values.push(`${typed(name, types.get(name) ?? 'VARCHAR', kind)} AS ${quoteName(name)}`);
  }
  const row = isText ? '__row' : 'file_row_number + 1';
  const options = isText ? '' : ', file_row_number = true';
  const parts = `${row} AS __place, lower(${id}) AS __id, ${at} AS __at, ${key} AS __key, ${label} AS __label, ${target} AS __told, ${truth} AS __truth`;
  const inner = `SELECT ${[parts, ...values].join(', ')} FROM read_parquet(${quoteText(parquetPath)}${options})`;
  const made = computed ? await targetSql(database, reading.spec, computed, [], inner) : 'NULL';
  // Of a row without any of its columns the SQL may still make a label, out of nothing.
  const isTold = read.map((name) => `${quoteName(name)} IS NOT NULL`).join(' OR ') || 'true';
  const value = `CASE WHEN ${isTold} THEN CAST(${made} AS VARCHAR) END`;
  return `SELECT __place::DOUBLE, __id, __at, __key, __label, __told, ${value}, __truth FROM (${inner})`;
};
