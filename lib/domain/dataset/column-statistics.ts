import type { ColumnKind } from './column-table.ts';

/** Ways of writing a datetime that are recognised; names are DuckDB's `strptime` formats, `iso` is ISO 8601. */
export const datetimeFormats = [
  'iso',
  '%Y/%m/%d',
  '%Y/%m/%d %H:%M',
  '%Y/%m/%d %H:%M:%S',
  '%m/%d/%Y',
  '%m/%d/%Y %H:%M',
  '%m/%d/%Y %H:%M:%S',
  '%d/%m/%Y',
  '%d/%m/%Y %H:%M',
  '%d/%m/%Y %H:%M:%S',
  '%d.%m.%Y',
  '%d.%m.%Y %H:%M',
  '%d.%m.%Y %H:%M:%S',
  '%d-%b-%Y',
  '%b %d %Y',
  '%b %d, %Y',
  '%Y%m%dT%H%M%S',
] as const;
export type DatetimeFormat = (typeof datetimeFormats)[number];

/** What a file says a column is before anyone has thought about it. CSV and JSON give text only. */
export type Storage = 'text' | 'number' | 'boolean' | 'datetime';

/** How many of the values present can be read as something. */
export interface Readings {
  readonly number: number;
  /** As numbers whose thousands may be separated by commas: "1,234.5"; plain numbers count too. */
  readonly groupedNumber: number;
  readonly boolean: number;
  readonly datetime: Readonly<Partial<Record<DatetimeFormat, number>>>;
}

/** Facts about one raw column, counted in one pass; kinds are inferred from these and nothing else. */
export interface ColumnStatistics {
  readonly name: string;
  readonly storage: Storage;
  readonly rows: number;
  /** Values that are there: not null, not empty, not a word for missing, not NaN and not infinite. */
  readonly present: number;
  /** Text only: how many of those present are doubtful words, missing where the column turns out to be no text. */
  readonly doubtful?: number;
  /** NaN and infinities, which are treated as missing. */
  readonly nonFinite: number;
  /** Exact when `isDistinctExact`. */
  readonly distinct: number;
  readonly isDistinctExact: boolean;
  /** Numbers only. */
  readonly min?: number;
  readonly max?: number;
  readonly isInteger?: boolean;
  /** Text only. */
  readonly readings?: Readings;
  readonly meanLength?: number;
  readonly meanWords?: number;
  /** Text only: some ISO datetime names an offset or a zone; absent or true when unknown. */
  readonly hasZones?: boolean;
  /** Text only: some value has spaces around it or is a word for missing, so it must be cleaned when read. */
  readonly needsCleaning?: boolean;
}

/** Words that people and programs write for "there is no value" wherever they stand; compared exactly, after trimming. */
export const missingWords = ['', 'NA', 'N/A', '#N/A', 'NULL', 'Null', 'null', 'NaN', 'nan', '\\N'] as const;

/**
 * Words that stand for a missing value among numbers, booleans and datetimes, but are values among names: a damage of
 * "None" is a finding. Compared exactly, after trimming; none of them reads as anything but text.
 */
export const doubtfulWords = ['None', 'none', 'NONE', 'nil', 'n/a', '-', '--', '?', '.'] as const;

/** Words for true and false; compared in lower case, after trimming. */
export const trueWords = ['true', 'yes', '1', 't', 'y'] as const;
export const falseWords = ['false', 'no', '0', 'f', 'n'] as const;

/** The values a column has when it is read as this kind. */
export const presentAs = (statistics: ColumnStatistics, kind: ColumnKind): number =>
  kind === 'category' || kind === 'text'
    ? statistics.present
    : statistics.present - (statistics.doubtful ?? 0);
