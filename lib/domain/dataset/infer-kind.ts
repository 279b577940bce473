import { type ColumnStatistics, type DatetimeFormat, presentAs } from './column-statistics.ts';
import type { ColumnKind } from './column-table.ts';

/** How the stored values become values of the kind. */
export type Reading =
  | { readonly as: 'number'; readonly isGrouped: boolean }
  | { readonly as: 'boolean' }
  | { readonly as: 'datetime'; readonly format: DatetimeFormat | 'stored' | 'epoch' }
  | { readonly as: 'text' };

export interface InferredKind {
  readonly kind: ColumnKind;
  readonly reading: Reading;
  readonly because: string;
  /** Why the column can teach nothing by itself: empty, constant, or a key. */
  readonly uselessBecause?: string;
}

/** Text of at least this mean length, or this many words, is prose rather than a name of something. */
const proseLength = 40;
const proseWords = 3;
/** Fewer values than this cannot show that a column is a key or free text. */
const minValuesToJudge = 20;
const keyName = /(^|[_\-. ])(id|key|uuid|guid|ids|nr|number|rownum|index)$|[a-z](Id|ID|Key|Uuid|Guid)$/;

const count = (value: number): string => value.toLocaleString('en-US');

const useless = (statistics: ColumnStatistics): string | undefined => {
  const { present, rows, distinct, isDistinctExact, name, storage } = statistics;
  if (present === 0) return 'every value is missing';
  if (distinct === 1 && present === rows) return 'one value only';
  if (present < minValuesToJudge || !isDistinctExact || distinct < present) return undefined;
  if (keyName.test(name)) return `all ${count(present)} values differ and the name says key`;
  const { min, max, isInteger } = statistics;
  const isRun = isInteger === true && min !== undefined && max !== undefined && max - min + 1 === present;
  if (isRun) return `all ${count(present)} values differ and run without a gap, as row numbers do`;
  const isToken = storage === 'text' && !readsAsNumber(statistics) && (statistics.meanWords ?? 1) < 2;
  return isToken ? `all ${count(present)} values differ, as keys do` : undefined;
};

const readsAsNumber = (statistics: ColumnStatistics): boolean => {
  const { readings } = statistics;
  const enough = presentAs(statistics, 'number') * 0.95;
  return readings !== undefined && Math.max(readings.number, readings.groupedNumber) >= enough;
};

const bestDatetime = (statistics: ColumnStatistics): { format: DatetimeFormat; read: number } | undefined => {
  const entries = Object.entries(statistics.readings?.datetime ?? {}) as [DatetimeFormat, number][];
  // The first of equals wins, and formats are listed month before day.
  return entries.reduce<{ format: DatetimeFormat; read: number } | undefined>(
    (best, [format, read]) => (read > (best?.read ?? 0) ? { format, read } : best),
    undefined,
  );
};

const share = (part: number, whole: number): string =>
  part === whole ? 'all values' : `${count(part)} of ${count(whole)} values`;

/** Text that is something else, words like "None" left aside; `undefined` when it is just text. */
const inferRead = (statistics: ColumnStatistics, tolerance: number): InferredKind | undefined => {
  const { readings } = statistics;
  const present = presentAs(statistics, 'number');
  const enough = present * (1 - tolerance);
  if (readings !== undefined && present > 0) {
    if (readings.boolean === present)
      return {
        kind: 'boolean',
        reading: { as: 'boolean' },
        because: 'all values are words for true and false',
      };
    if (readings.groupedNumber === present && readings.number < present)
      return {
        kind: 'number',
        reading: { as: 'number', isGrouped: true },
        because: 'all values are numbers, with commas between thousands',
      };
    if (readings.number >= enough)
      return {
        kind: 'number',
        reading: { as: 'number', isGrouped: false },
        because: `${share(readings.number, present)} are numbers`,
      };
    const datetime = bestDatetime(statistics);
    if (datetime !== undefined && datetime.read >= enough)
      return {
        kind: 'datetime',
        reading: { as: 'datetime', format: datetime.format },
        because: `${share(datetime.read, present)} are datetimes (${datetime.format})`,
      };
  }
  return undefined;
};

const inferText = (statistics: ColumnStatistics, tolerance: number): InferredKind => {
  const { present, distinct, meanLength = 0, meanWords = 1, doubtful = 0 } = statistics;
  const read = inferRead(statistics, tolerance);
  if (read !== undefined)
    return doubtful === 0
      ? read
      : { ...read, because: `${read.because}; ${count(doubtful)} words like "None" count as missing` };
  const isProse = meanLength >= proseLength || (meanWords >= proseWords && distinct > present / 2);
  const isNearlyUnique = present >= 2 * minValuesToJudge && distinct > 0.9 * present;
  if (isProse || isNearlyUnique)
    return {
      kind: 'text',
      reading: { as: 'text' },
      because: isProse
        ? `prose, ${Math.round(meanLength)} characters on average`
        : `about ${count(Math.min(distinct, present))} of ${count(present)} values differ`,
    };
  return {
    kind: 'category',
    reading: { as: 'text' },
    because: `text with about ${count(distinct)} different values`,
  };
};

const inferStored = (statistics: ColumnStatistics): InferredKind => {
  const { storage, min, max, isInteger } = statistics;
  if (storage === 'boolean')
    return { kind: 'boolean', reading: { as: 'boolean' }, because: 'stored as booleans' };
  if (storage === 'datetime')
    return {
      kind: 'datetime',
      reading: { as: 'datetime', format: 'stored' },
      because: 'stored as datetimes',
    };
  if (isInteger === true && min !== undefined && max !== undefined && min >= 0 && max <= 1)
    return { kind: 'boolean', reading: { as: 'boolean' }, because: 'all values are 0 or 1' };
  return { kind: 'number', reading: { as: 'number', isGrouped: false }, because: 'stored as numbers' };
};

/**
 * The kind of a column and how to read it, with the reason. `tolerance` is the share of values that may be misfits
 * (they are quarantined): above it, the column is text.
 */
export const inferKind = (statistics: ColumnStatistics, tolerance: number): InferredKind => {
  const inferred = statistics.storage === 'text' ? inferText(statistics, tolerance) : inferStored(statistics);
  const because = useless(statistics);
  return because === undefined ? inferred : { ...inferred, uselessBecause: because };
};

const forcedReading = (statistics: ColumnStatistics, kind: ColumnKind): Reading => {
  if (kind === 'boolean') return { as: 'boolean' };
  if (kind === 'category' || kind === 'text') return { as: 'text' };
  if (kind === 'number') {
    const { readings } = statistics;
    return { as: 'number', isGrouped: readings !== undefined && readings.groupedNumber > readings.number };
  }
  if (statistics.storage === 'datetime') return { as: 'datetime', format: 'stored' };
  if (statistics.storage === 'number') return { as: 'datetime', format: 'epoch' };
  return { as: 'datetime', format: bestDatetime(statistics)?.format ?? 'iso' };
};

/** The kind that model.json forces on a column: every value that does not fit is quarantined. */
export const forceKind = (statistics: ColumnStatistics, kind: ColumnKind): InferredKind => ({
  kind,
  reading: forcedReading(statistics, kind),
  because: 'forced in model.json',
});
