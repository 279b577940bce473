import type { PlannedColumn } from '../../domain/dataset/index.ts';
import type { ModelSpec } from '../../domain/model-spec/index.ts';
import { quoteName, quoteText } from './sql-text.ts';

export const parts = ['train', 'validation', 'test'] as const;
export type SplitPart = (typeof parts)[number];
/** `recent` is there only beside a champion. */
export type Part = SplitPart | 'recent';

/** Where the time line is cut: up to and including `validation` trains, up to and including `test` validates. */
export interface TimeCuts {
  readonly validation: string;
  readonly test: string;
}

const buckets = 1_000_000;

/**
 * A number below 1,000,000 that a row keeps for ever: of its key by MD5, or, when the spec names no key, of all
 * its values by DuckDB's own hash, which is ten times faster (MD5 of whole rows would cost more than writing them).
 */
const bucketSql = (spec: ModelSpec, columns: readonly PlannedColumn[]): string => {
  if (spec.key.length > 0) {
    const key = spec.key.map((name) => `CAST(${quoteName(name)} AS VARCHAR)`).join(', ');
    return `md5_number_lower(concat_ws(chr(31), ${key})) % ${buckets}`;
  }
  const names = columns.map(({ name }) => name).toSorted();
  return `hash(${names.map(quoteName).join(', ')}) % ${buckets}`;
};

/**
 * True for the rows of each part, as SQL over the labelled rows: exactly one of the three for every row kept. The test
 * part is cut first: it moves for no other share.
 */
export const partConditions = (
  spec: ModelSpec,
  columns: readonly PlannedColumn[],
  cuts: TimeCuts | undefined,
): Readonly<Record<SplitPart, string>> => {
  if (spec.split.by === 'time' && spec.eventTime !== undefined && cuts !== undefined) {
    const time = quoteName(spec.eventTime);
    const [first, second] = [cuts.validation, cuts.test].map((cut) => `TIMESTAMP ${quoteText(cut)}`);
    // Bare comparisons let DuckDB skip whole row groups by their statistics.
    return {
      train: `${time} <= ${first}`,
      validation: `${time} > ${first} AND ${time} <= ${second}`,
      test: `${time} > ${second}`,
    };
  }
  const test = Math.round(spec.split.test * buckets);
  const validation = test + Math.round(spec.split.validation * buckets);
  const bucket = bucketSql(spec, columns);
  return {
    train: `${bucket} >= ${validation}`,
    validation: `${bucket} >= ${test} AND ${bucket} < ${validation}`,
    test: `${bucket} < ${test}`,
  };
};

/** The cuts of a time line as one SQL list, over the event times of the rows kept. */
export const cutsSql = (spec: ModelSpec): string | undefined => {
  if (spec.split.by !== 'time' || spec.eventTime === undefined) return undefined;
  const { validation, test } = spec.split;
  return `quantile_disc(${quoteName(spec.eventTime)}, [${1 - test - validation}, ${1 - test}])`;
};

/** Which part a row kept is in, as SQL; a row of none is one of the golden set. */
export type PartConditions = Readonly<Record<SplitPart, string> & Partial<Record<'recent', string>>>;

/**
 * Takes recent and trusted rows out of what is learned from. Trusted rows stay in the test part, from which nothing is
 * learned: the first golden set is a test part, and without it there would be none under a split by hash. Rows that repeat
 * recent ones join them there.
 */
export const withoutTrusted = (
  split: Readonly<Record<SplitPart, string>>,
  recent: string | undefined,
  golden: string | undefined,
  twins?: string,
): PartConditions => {
  const unless = (condition: string, others: readonly (string | undefined)[]) =>
    [`(${condition})`, ...others.flatMap((other) => (other === undefined ? [] : [`NOT ${other}`]))].join(
      ' AND ',
    );
  if (recent === undefined && golden === undefined) return split;
  return {
    train: unless(split.train, [recent, golden, twins]),
    validation: unless(split.validation, [recent, golden, twins]),
    test: unless(twins === undefined ? split.test : `(${split.test}) OR ${twins}`, [recent]),
    ...(recent === undefined ? {} : { recent: unless(recent, [golden]) }),
  };
};

/** The parts that are written. */
export const partsOf = (conditions: PartConditions): readonly Part[] =>
  conditions.recent === undefined ? parts : [...parts, 'recent'];

/** The rows that are in a part. */
export const onlyIn = (conditions: PartConditions, keptRows: string): string =>
  `SELECT * FROM (${keptRows}) WHERE ${partsOf(conditions)
    .map((part) => `(${conditions[part]})`)
    .join(' OR ')}`;
