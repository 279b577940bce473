import { type Column, type ColumnTable, missingDatetime } from '../dataset/index.ts';
import type { DatePart, NumberRule } from './fitted-features.ts';
import { columnOf } from './table-column.ts';

/**
 * The numbers a rule gives for every row, computed in plain TypeScript to learn their median, mean and deviation.
 * Only these three statistics come from here; the features themselves, in training as in serving, come from the graph.
 */
export const transformValues = (rule: NumberRule, table: ColumnTable): Float64Array => {
  switch (rule.kind) {
    case 'number':
      return numbers(columnOf(table, rule.column));
    case 'log':
      return numbers(columnOf(table, rule.column)).map((x) => (x < 0 ? Number.NaN : Math.log(1 + x)));
    case 'ratio':
      return ratios(numbers(columnOf(table, rule.numerator)), numbers(columnOf(table, rule.denominator)));
    case 'clip': {
      const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = rule;
      return numbers(columnOf(table, rule.column)).map((x) => Math.min(Math.max(x, min), max));
    }
    case 'bucket':
      return numbers(columnOf(table, rule.column)).map((x) => bucketOf(x, rule.edges));
    case 'datePart':
      return datetimes(columnOf(table, rule.column)).map(dateReader(rule.part));
    case 'textLength':
      return Float64Array.from(texts(columnOf(table, rule.column)), codePoints);
    case 'wordCount':
      return Float64Array.from(texts(columnOf(table, rule.column)), (text) => text.match(word)?.length ?? 0);
  }
};

/** A run of anything but Unicode separators and the control characters that are white space. */
const word = /[^\t\n\v\f\r\x85\p{Z}]+/gu;

const numbers = (column: Column): Float64Array =>
  column.kind === 'number' || column.kind === 'boolean' ? column.values : new Float64Array();

const datetimes = (column: Column): Float64Array =>
  column.kind === 'datetime'
    ? Float64Array.from(column.values, (ms) => (ms === missingDatetime ? Number.NaN : Number(ms)))
    : new Float64Array();

const texts = (column: Column): readonly string[] =>
  column.kind === 'category' || column.kind === 'text' ? column.values : [];

const ratios = (numerators: Float64Array, denominators: Float64Array): Float64Array =>
  numerators.map((numerator, row) => {
    const ratio = numerator / (denominators[row] as number);
    return Number.isFinite(ratio) ? ratio : Number.NaN;
  });

const bucketOf = (x: number, edges: readonly number[]): number =>
  Number.isNaN(x) ? x : edges.filter((edge) => edge <= x).length;

const codePoints = (text: string): number => {
  let count = 0;
  for (const _ of text) count++;
  return count;
};

const dayMs = 86_400_000;

const dateReader = (part: DatePart): ((ms: number) => number) => {
  const read = (get: (date: Date) => number) => (ms: number) => get(new Date(ms));
  switch (part) {
    case 'year':
      return read((date) => date.getUTCFullYear());
    case 'month':
      return read((date) => date.getUTCMonth() + 1);
    case 'dayOfMonth':
      return read((date) => date.getUTCDate());
    case 'dayOfWeek':
      return read((date) => ((date.getUTCDay() + 6) % 7) + 1);
    case 'dayOfYear':
      return read((date) => Math.floor((date.getTime() - startOfYear(date)) / dayMs) + 1);
    case 'hour':
      return read((date) => date.getUTCHours());
    case 'minuteOfDay':
      return read((date) => date.getUTCHours() * 60 + date.getUTCMinutes());
  }
};

/** `Date.UTC` reads the years 0 to 99 as 1900 to 1999, so the year is set by itself. */
const startOfYear = (date: Date): number => new Date(0).setUTCFullYear(date.getUTCFullYear());
