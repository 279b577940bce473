import {
  datetimeFormats,
  doubtfulWords,
  falseWords,
  missingWords,
  trueWords,
} from '../../domain/dataset/index.ts';
import { quoteList, quoteText } from './sql-text.ts';

/** A raw text value, trimmed, NULL when it is a word for missing. */
export const cleanText = (sql: string, missing: readonly string[] = missingWords): string =>
  `CASE WHEN trim(${sql}) NOT IN ${quoteList(missing)} THEN trim(${sql}) END`;

/** True for a word that is a value among names and missing among numbers. */
export const isDoubtful = (text: string): string => `${text} IN ${quoteList(doubtfulWords)}`;

/** A date, and perhaps a time, without offset or zone. */
export const isPlainIso = (sql: string): string =>
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

/** A number with commas between its thousands without them; NULL for any other text. */
const withoutGroups = (text: string): string =>
  `CASE WHEN regexp_full_match(${text}, ${quoteText(groupedPattern)}) THEN replace(${text}, ',', '') END`;

/** Text as a number, commas between thousands or not: where nobody has looked at the whole column to know. */
export const readNumber = (text: string): string =>
  `coalesce(TRY_CAST(${text} AS DOUBLE), TRY_CAST(${withoutGroups(text)} AS DOUBLE))`;

/** One way to read text, and how to see whether a value can be read so. */
export type Reader = { readonly name: string; readonly sql: (text: string) => string };

export const readers: readonly Reader[] = [
  { name: 'number', sql: (text) => `TRY_CAST(${text} AS DOUBLE) IS NOT NULL` },
  { name: 'grouped', sql: (text) => `regexp_full_match(${text}, ${quoteText(groupedPattern)})` },
  { name: 'boolean', sql: (text) => `lower(${text}) IN ${quoteList([...trueWords, ...falseWords])}` },
  ...datetimeFormats.map((format) => ({
    name: format,
    sql: (text: string) => `${readDatetime(text, format)} IS NOT NULL`,
  })),
];
