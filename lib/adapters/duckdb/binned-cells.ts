import { doubtfulWords, falseWords, missingWords, trueWords } from '../../domain/dataset/index.ts';
import { isIntegerType, numberAsText } from './raw-sources.ts';
import { quoteList, quoteName } from './sql-text.ts';
import { cleanText, readNumber } from './text-readings.ts';

/** A stored column as the monitor sees its values, as SQL. */
export interface StoredColumn {
  readonly name: string;
  /** As DuckDB calls it. */
  readonly type: string;
  /** Text as it came: words for missing are missing. Else only what is empty is. */
  readonly isRaw: boolean;
}

const isNumeric = (type: string): boolean => isIntegerType(type) || /^(DOUBLE|FLOAT|DECIMAL)/.test(type);

const textOf = ({ name, isRaw }: StoredColumn, missing: readonly string[]): string =>
  isRaw ? `(${cleanText(quoteName(name), missing)})` : `nullif(${quoteName(name)}, '')`;

export interface NumberCell {
  /** The value as a number, NaN and infinities included; NULL where it is none. */
  readonly number: string;
  /** The same where it counts: finite. */
  readonly value: string;
  /** Nothing is there; a NaN that is there is missing too. */
  readonly isAbsent: string;
  readonly canBeNaN: boolean;
}

/** A value as a number; what is there, neither finite nor NaN, is of the wrong kind. */
export const numberCell = (column: StoredColumn): NumberCell => {
  const name = quoteName(column.name);
  const { type } = column;
  if (type !== 'VARCHAR' && !isNumeric(type) && type !== 'BOOLEAN') {
    const none = 'CAST(NULL AS DOUBLE)';
    return { number: none, value: none, isAbsent: `${name} IS NULL`, canBeNaN: false };
  }
  const isText = type === 'VARCHAR';
  const text = textOf(column, [...missingWords, ...doubtfulWords]);
  const number = isText ? readNumber(text) : `CAST(${name} AS DOUBLE)`;
  return {
    number,
    value: `CASE WHEN isfinite(${number}) THEN ${number} END`,
    isAbsent: `${isText ? text : name} IS NULL`,
    canBeNaN: isText || /^(DOUBLE|FLOAT)/.test(type),
  };
};

/** Booleans are counted as categories of these names, however a file writes them. */
const isFlag = (values: readonly string[]): boolean =>
  values.length > 0 && values.every((value) => value === 'true' || value === 'false');

/** A value as the name of a category; NULL where it is missing. */
export const categoryCell = (
  column: StoredColumn,
  { values }: { readonly values: readonly string[] },
): string => {
  const name = quoteName(column.name);
  const flags = isFlag(values);
  if (column.type === 'VARCHAR') {
    const text = textOf(column, missingWords);
    return flags
      ? `CASE WHEN lower(${text}) IN ${quoteList(trueWords)} THEN 'true' WHEN lower(${text}) IN ${quoteList(falseWords)} THEN 'false' ELSE ${text} END`
      : text;
  }
  if (!isNumeric(column.type)) return `CAST(${name} AS VARCHAR)`;
  const text = isIntegerType(column.type)
    ? `CAST(${name} AS VARCHAR)`
    : `CASE WHEN NOT isnan(CAST(${name} AS DOUBLE)) THEN ${numberAsText(`CAST(${name} AS DOUBLE)`)} END`;
  return flags ? `CASE ${name} WHEN 1 THEN 'true' WHEN 0 THEN 'false' ELSE ${text} END` : text;
};
