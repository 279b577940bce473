import type { ColumnStatistics } from '../../domain/dataset/index.ts';
import type { ModelSpec } from '../../domain/model-spec/index.ts';
import { MillraceError } from '../../wire/errors.ts';
import { type CheckedExpression, checkExpression } from './expression.ts';
import type { DuckDb } from './open-duckdb.ts';
import { isIntegerType, numberAsText } from './raw-sources.ts';
import { quoteName } from './sql-text.ts';

const isNumeric = (type: string): boolean => isIntegerType(type) || /^(DOUBLE|FLOAT|DECIMAL)/.test(type);

/** Class names as they are written everywhere: true and false in lower case, 3 rather than 3.0. */
const className = (text: string): string =>
  `CASE WHEN lower(${text}) IN ('true', 'false') THEN lower(${text}) WHEN regexp_full_match(${text}, '[+-]?\\d+\\.0+') THEN regexp_replace(${text}, '\\.0+$', '') ELSE ${text} END`;

/** Truth as an enumeration: grouped and written by its number, where text would be hashed for every row. */
const truth = (value: boolean): string => `'${value}'::ENUM('false', 'true')`;

const classOfType = (sql: string, type: string): string => {
  if (type === 'BOOLEAN')
    return `CASE ${sql} WHEN true THEN ${truth(true)} WHEN false THEN ${truth(false)} END`;
  if (isNumeric(type))
    return `CASE WHEN isfinite((${sql})::DOUBLE) THEN ${numberAsText(`(${sql})::DOUBLE`)} END`;
  return `nullif(trim(CAST(${sql} AS VARCHAR)), '')`;
};

/** Refuses a broken expression before any data is read by it. */
const typeOf = async (
  database: DuckDb,
  label: CheckedExpression,
  typed: string,
  source: string,
): Promise<string> => {
  try {
    const [row] = await database.rows(`DESCRIBE SELECT ${label.sql} AS label FROM (${typed})`);
    return String(row?.column_type);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
    throw new MillraceError(
      'EXPRESSION_INVALID',
      `the expression "${source}" does not fit the columns (${message})`,
      { sql: source },
      { cause },
    );
  }
};

/** The type an expression has over the typed columns. Throws EXPRESSION_INVALID when it has none. */
export const typeOfExpression = typeOf;

/** The label expression taken apart, when the target is one. */
export const checkedLabel = async (
  database: DuckDb,
  spec: ModelSpec,
  columns: readonly string[],
): Promise<CheckedExpression | undefined> =>
  typeof spec.target === 'string' ? undefined : checkExpression(database, spec.target.sql, columns);

/** `__target` as SQL over the typed columns: a class name, or a number for regression; NULL where there is none. */
export const targetSql = async (
  database: DuckDb,
  spec: ModelSpec,
  label: CheckedExpression | undefined,
  statistics: readonly ColumnStatistics[],
  typed: string,
): Promise<string> => {
  const isRegression = spec.task === 'regression';
  if (typeof spec.target === 'string' || label === undefined) {
    const name = String(spec.target);
    const isText = statistics.find((column) => column.name === name)?.storage === 'text';
    return isRegression || !isText ? quoteName(name) : className(quoteName(name));
  }
  const type = await typeOf(database, label, typed, spec.target.sql);
  const sql = `TRY(${label.sql})`;
  if (!isRegression) return classOfType(sql, type);
  if (!isNumeric(type))
    throw new MillraceError(
      'EXPRESSION_INVALID',
      `the expression "${spec.target.sql}" gives ${type}, expected a number for a regression`,
      { sql: spec.target.sql, type },
    );
  return `CASE WHEN isfinite((${sql})::DOUBLE) THEN (${sql})::DOUBLE END`;
};
