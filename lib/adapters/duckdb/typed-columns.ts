import type { ColumnStatistics, PlannedColumn } from '../../domain/dataset/index.ts';
import { doubtfulWords, falseWords, missingWords, presentAs, trueWords } from '../../domain/dataset/index.ts';
import { numberAsText } from './raw-sources.ts';
import { quoteList, quoteName } from './sql-text.ts';
import { cleanText, readDatetime } from './text-readings.ts';

/** How one raw column becomes a typed one, as SQL over the raw relation. */
export interface TypedColumn {
  readonly plan: PlannedColumn;
  /** The value; NULL when missing, or when it does not fit. */
  readonly value: string;
  /** True for a value that is there and does not fit the kind; absent when that cannot be. */
  readonly misfit?: string;
  /** Reading it takes more than looking at it: worth doing once. */
  readonly isCostly: boolean;
  /** What is said of a row with a misfit. */
  readonly reason: string;
}

const finite = (sql: string): string => `CASE WHEN isfinite(${sql}) THEN ${sql} END`;

/** Whether every value was seen to read as the kind, so that none needs to be asked again. */
const allFit = ({ kind, reading }: PlannedColumn, statistics: ColumnStatistics): boolean => {
  const { readings } = statistics;
  if (readings === undefined || reading.as === 'text') return reading.as === 'text';
  const present = presentAs(statistics, kind);
  switch (reading.as) {
    case 'number':
      // Commas were found by a pattern, which knows nothing of numbers too large to hold.
      return !reading.isGrouped && readings.number === present;
    case 'boolean':
      return readings.boolean === present;
    case 'datetime':
      return (
        reading.format !== 'stored' &&
        reading.format !== 'epoch' &&
        readings.datetime[reading.format] === present
      );
  }
};

const fromText = (
  plan: PlannedColumn,
  statistics: ColumnStatistics,
  text: string,
): Pick<TypedColumn, 'value' | 'misfit'> => {
  const { reading } = plan;
  if (reading.as === 'text') return { value: text };
  const misfitWhere = (isMissing: string) =>
    allFit(plan, statistics) ? {} : { misfit: `${text} IS NOT NULL AND ${isMissing}` };
  if (reading.as === 'boolean') {
    const lower = `lower(${text})`;
    const value = `CASE WHEN ${lower} IN ${quoteList(trueWords)} THEN true WHEN ${lower} IN ${quoteList(falseWords)} THEN false END`;
    return { value, ...misfitWhere(`${value} IS NULL`) };
  }
  const plain = reading.as === 'number' && reading.isGrouped ? `replace(${text}, ',', '')` : text;
  const read =
    reading.as === 'number'
      ? `TRY_CAST(${plain} AS DOUBLE)`
      : readDatetime(
          text,
          reading.format === 'stored' || reading.format === 'epoch' ? 'iso' : reading.format,
          !(allFit(plan, statistics) && statistics.hasZones === false),
        );
  const isKnownFinite = reading.as === 'number' && allFit(plan, statistics) && statistics.nonFinite === 0;
  return { value: isKnownFinite ? read : finite(read), ...misfitWhere(`${read} IS NULL`) };
};

/** Numbers above this are milliseconds since the epoch, below it seconds: 10¹¹ s is the year 5138, 10¹¹ ms is 1973. */
const fromEpoch = (raw: string): string =>
  `CASE WHEN isfinite(${raw}::DOUBLE) AND abs(${raw}) < 1e14 THEN make_timestamp(CAST(CASE WHEN abs(${raw}) >= 1e11 THEN ${raw} * 1000.0 ELSE ${raw} * 1000000.0 END AS BIGINT)) END`;

const storedAsText = (storage: ColumnStatistics['storage'], raw: string): string =>
  storage === 'number' ? numberAsText(raw) : `CAST(${raw} AS VARCHAR)`;

const fromStored = (
  plan: PlannedColumn,
  statistics: ColumnStatistics,
  raw: string,
): Pick<TypedColumn, 'value' | 'misfit'> => {
  const { storage, nonFinite } = statistics;
  const number = nonFinite > 0 ? finite(`CAST(${raw} AS DOUBLE)`) : `CAST(${raw} AS DOUBLE)`;
  switch (plan.reading.as) {
    case 'number':
      return storage === 'datetime' ? { value: `CAST(epoch_ms(${raw}) AS DOUBLE)` } : { value: number };
    case 'boolean': {
      if (storage === 'boolean') return { value: raw };
      if (storage === 'datetime') return { value: 'CAST(NULL AS BOOLEAN)', misfit: `${raw} IS NOT NULL` };
      const value = `CASE ${raw} WHEN 1 THEN true WHEN 0 THEN false END`;
      const { min, max } = statistics;
      const fits =
        min !== undefined && max !== undefined && min >= 0 && max <= 1 && statistics.isInteger === true;
      return fits
        ? { value }
        : { value, misfit: `${raw} IS NOT NULL AND isfinite(${raw}::DOUBLE) AND ${raw} NOT IN (0, 1)` };
    }
    case 'datetime':
      // A bare column lets a split by time skip whole row groups by their statistics.
      if (storage === 'datetime') return { value: nonFinite > 0 ? finite(raw) : raw };
      return storage === 'number'
        ? { value: fromEpoch(raw) }
        : { value: 'CAST(NULL AS TIMESTAMP)', misfit: `${raw} IS NOT NULL` };
    case 'text':
      return {
        value:
          nonFinite > 0
            ? `CASE WHEN isfinite(${raw}) THEN ${storedAsText(storage, raw)} END`
            : storedAsText(storage, raw),
      };
  }
};

const nouns = { number: 'a number', boolean: 'true or false', datetime: 'a datetime', text: 'text' } as const;

/** The SQL that types a column by its plan. */
export const typeColumn = (plan: PlannedColumn, statistics: ColumnStatistics): TypedColumn => {
  const raw = quoteName(plan.name);
  const reason = `${plan.name}: not ${nouns[plan.reading.as]}`;
  if (statistics.storage !== 'text')
    return { plan, reason, isCostly: false, ...fromStored(plan, statistics, raw) };
  const mayBeDoubtful = plan.reading.as !== 'text' && (statistics.doubtful ?? 0) > 0;
  const missing = mayBeDoubtful ? [...missingWords, ...doubtfulWords] : missingWords;
  const text = statistics.needsCleaning === true || mayBeDoubtful ? `(${cleanText(raw, missing)})` : raw;
  const isCostly = plan.reading.as !== 'text';
  return { plan, reason, isCostly, ...fromText(plan, statistics, text) };
};
