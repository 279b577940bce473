import type { PlannedColumn, ValueCount } from '../../domain/dataset/index.ts';
import type { ModelSpec } from '../../domain/model-spec/index.ts';
import { goldenPlaces } from './golden-places.ts';
import type { DuckDb, JsonRow } from './open-duckdb.ts';
import { recentRows, recentTwins } from './recent-rows.ts';
import { repeatChecks } from './repeated-rows.ts';
import { anyBad, type RowCheck, reasonsSql, rowChecks } from './row-checks.ts';
import {
  cutsSql,
  type Part,
  type PartConditions,
  partConditions,
  partsOf,
  type TimeCuts,
  withoutTrusted,
} from './split-rows.ts';
import { quoteName, quoteText } from './sql-text.ts';
import { separator } from './typed-relation.ts';

/** Rows by part. `golden`: rows of the golden set that are in none, counted where there is such a set. */
export type PartRows = Readonly<
  Record<'train' | 'validation' | 'test', number> & Partial<Record<'recent' | 'golden', number>>
>;

/** The rows kept of one source; `labels` by class, absent for a regression. */
export interface SourceRows {
  readonly rows: number;
  readonly labels?: Readonly<Record<string, number>>;
}

/** Rows after every check: as SQL that can be read again, and in numbers. */
export interface CheckedRows {
  /** The rows kept. */
  readonly keptRows: string;
  /** Which part a row kept belongs to. */
  readonly conditions: PartConditions;
  /** `__source`, `__row` and `reasons` of the rows set aside. */
  readonly bad: string;
  /** Every row of the new files with its reasons, by checks that look at no other file; absent when all files are new. */
  readonly newRows?: string;
  readonly kept: number;
  readonly outsideWindow: number;
  readonly partRows: PartRows;
  /** Of each source, by its place. */
  readonly sourceRows: readonly SourceRows[];
  readonly classes: readonly ValueCount[];
  readonly trainClasses: readonly ValueCount[];
  readonly looked: readonly RowCheck[];
  readonly newestEvent?: string;
}

interface Totals {
  readonly kept: number;
  readonly newest?: string;
  readonly cuts?: TimeCuts;
}

const outsideWindow = 'outside the data window';

const flagged = (labelled: string, checks: readonly RowCheck[]): string =>
  `SELECT *, (__mistyped IS NOT NULL OR ${anyBad(checks)}) AS __bad FROM (${labelled})`;

const textOf = (row: JsonRow | undefined, name: string): string | undefined => {
  const value = row?.[name];
  return typeof value === 'string' ? value : undefined;
};

const cutsOf = async (database: DuckDb, spec: ModelSpec, relation: string): Promise<TimeCuts | undefined> => {
  const sql = cutsSql(spec);
  if (sql === undefined) return undefined;
  const [row] = await database.rows(
    `SELECT cuts[1]::VARCHAR AS validation, cuts[2]::VARCHAR AS test FROM (SELECT ${sql} AS cuts FROM (${relation}))`,
  );
  const [validation, test] = [textOf(row, 'validation'), textOf(row, 'test')];
  return validation === undefined || test === undefined ? undefined : { validation, test };
};

/** Counts the rows kept and finds the newest of them and the cuts of the time line, in one pass. */
const totalsOf = async (database: DuckDb, spec: ModelSpec, relation: string): Promise<Totals> => {
  const time = spec.eventTime === undefined ? 'NULL::TIMESTAMP' : quoteName(spec.eventTime);
  const cuts = cutsSql(spec) ?? 'NULL::TIMESTAMP[]';
  const [row] = await database.rows(
    `SELECT kept, newest, cuts[1]::VARCHAR AS validation, cuts[2]::VARCHAR AS test FROM (SELECT count(*)::DOUBLE AS kept, max(${time})::VARCHAR AS newest, ${cuts} AS cuts FROM (${relation}) WHERE NOT __bad)`,
  );
  const newest = textOf(row, 'newest');
  const [validation, test] = [textOf(row, 'validation'), textOf(row, 'test')];
  return {
    kept: Number(row?.kept ?? 0),
    ...(newest === undefined ? {} : { newest }),
    ...(validation === undefined || test === undefined ? {} : { cuts: { validation, test } }),
  };
};

/** The place of a row kept that is in no part. */
const inNoPart = 4;
const placeOf: Readonly<Record<Part, number>> = { train: 0, validation: 1, test: 2, recent: 3 };

/** The place of a row's part, its number: three million words would cost more. */
const placeSql = (conditions: PartConditions, hasGolden: boolean): string => {
  const { train, test, validation, recent } = conditions;
  if (recent === undefined && !hasGolden) return `CASE WHEN ${train} THEN 0 WHEN ${test} THEN 2 ELSE 1 END`;
  const isRecent = recent === undefined ? '' : `WHEN ${recent} THEN ${placeOf.recent}`;
  return `CASE WHEN ${train} THEN 0 WHEN ${test} THEN 2 WHEN ${validation} THEN 1 ${isRecent} ELSE ${inNoPart} END`;
};

const sum = (rows: readonly JsonRow[]): number => rows.reduce((total, row) => total + Number(row.n), 0);

const classesOf = (rows: readonly JsonRow[]): readonly ValueCount[] => {
  const names = [...new Set(rows.map((row) => String(row.class)))].toSorted();
  return names.map((value) => ({ value, count: sum(rows.filter((row) => String(row.class) === value)) }));
};

/** Rows by part, class and source. */
const countParts = async (
  database: DuckDb,
  keptRows: string,
  { conditions, hasGolden }: { readonly conditions: PartConditions; readonly hasGolden: boolean },
  { isRegression, sources }: { readonly isRegression: boolean; readonly sources: number },
) => {
  const rows = await database.rows(
    `SELECT ${placeSql(conditions, hasGolden)} AS part, ${isRegression ? 'NULL' : '__target'} AS class, __source AS source, count(*)::DOUBLE AS n FROM (${keptRows}) GROUP BY ALL ORDER BY ALL`,
  );
  const of = (place: number) => rows.filter((row) => row.part === place);
  const partRows: PartRows = {
    train: sum(of(placeOf.train)),
    validation: sum(of(placeOf.validation)),
    test: sum(of(placeOf.test)),
    ...(partsOf(conditions).includes('recent') && { recent: sum(of(placeOf.recent)) }),
    ...(hasGolden && { golden: sum(of(inNoPart)) }),
  };
  const sourceRows = Array.from({ length: sources }, (_, place): SourceRows => {
    const own = rows.filter(({ source }) => Number(source) === place);
    if (isRegression) return { rows: sum(own) };
    const labels = classesOf(own).map(({ value, count }) => [value, count] as const);
    return { rows: sum(own), labels: Object.fromEntries(labels) };
  });
  return {
    partRows,
    sourceRows,
    classes: isRegression ? [] : classesOf(rows),
    trainClasses: isRegression ? [] : classesOf(of(placeOf.train)),
  };
};

/** Which part each row kept is in: the newest of the new rows and trusted ones are kept from what is learned from. */
const assignRows = async (
  database: DuckDb,
  job: Job,
  columns: readonly PlannedColumn[],
  keptRows: string,
  { cuts, unseenRow }: { readonly cuts: TimeCuts | undefined; readonly unseenRow: string | undefined },
) => {
  const { spec, goldenPath } = job;
  const recent = unseenRow && (await recentRows(database, spec, keptRows, unseenRow));
  const twins =
    recent &&
    unseenRow &&
    (await recentTwins(database, spec, columns, { keptRows, newRow: unseenRow, recent }));
  const golden = goldenPath && (await goldenPlaces(database, spec, columns, keptRows, goldenPath));
  // The recent rows are the newest: cut with them, the test part would lose its own.
  const ownCuts = recent
    ? await cutsOf(database, spec, `SELECT * FROM (${keptRows}) WHERE NOT ${recent}`)
    : cuts;
  const conditions = withoutTrusted(partConditions(spec, columns, ownCuts), recent, golden, twins);
  return { conditions, hasGolden: golden !== undefined };
};

const windowCheck = (spec: ModelSpec, newest: string | undefined): readonly RowCheck[] => {
  const { days } = spec.dataWindow;
  if (days === undefined || spec.eventTime === undefined || newest === undefined) return [];
  const milliseconds = Math.round(days * 86_400_000);
  return [
    {
      dimension: 'timeliness',
      reason: outsideWindow,
      isBad: `${quoteName(spec.eventTime)} < TIMESTAMP ${quoteText(newest)} - to_milliseconds(${milliseconds})`,
      column: spec.eventTime,
    },
  ];
};

export interface LabelledFacts {
  /** How many labelled rows there are: those that came in and could be read. */
  readonly rows: number;
  readonly sources: number;
  /** The same rows before they were labelled. */
  readonly typed: string;
  /** True for a row of the new files, as SQL; absent when all are new. */
  readonly newRow: string | undefined;
  /** True for a row no champion has seen, as SQL; absent where there is none, or no champion. */
  readonly unseenRow?: string | undefined;
}

type Job = { readonly spec: ModelSpec; readonly now: string; readonly goldenPath?: string };

/** Runs every check over the labelled rows: single rows first, then repeats, then the data window, then the split. */
export const checkRows = async (
  database: DuckDb,
  job: Job,
  columns: readonly PlannedColumn[],
  labelled: string,
  { rows, sources, typed, newRow, unseenRow }: LabelledFacts,
): Promise<CheckedRows> => {
  const { spec } = job;
  const single = await rowChecks(database, spec, columns, typed, job.now);
  const good = `FROM (${flagged(labelled, single)}) WHERE NOT __bad`;
  const repeats = await repeatChecks(database, spec, good, newRow);
  const bad = [...single, ...repeats];
  let totals = await totalsOf(database, spec, flagged(labelled, bad));
  const windows = windowCheck(spec, totals.newest);
  const before = totals.kept;
  const looked = [...bad, ...windows];
  if (windows.length > 0) totals = await totalsOf(database, spec, flagged(labelled, looked));
  const relation = flagged(labelled, looked);
  // Where a count says that no row is bad, writing need not ask each row again; the writer's own count is held against it.
  const keptRows = totals.kept === rows ? labelled : `SELECT * FROM (${relation}) WHERE NOT __bad`;
  const assigned = await assignRows(database, job, columns, keptRows, { cuts: totals.cuts, unseenRow });
  const isRegression = spec.task === 'regression';
  const counted = await countParts(database, keptRows, assigned, { isRegression, sources });
  const alone = bad.map((check) => ({ ...check, isBad: check.isBadAlone ?? check.isBad }));
  const mistyped = `coalesce(string_split(__mistyped, ${separator}), [])`;
  return {
    keptRows,
    conditions: assigned.conditions,
    bad: `SELECT __source, __row, list_concat(${mistyped}, ${reasonsSql(looked)}) AS reasons FROM (${relation}) WHERE __bad`,
    ...(newRow === undefined
      ? {}
      : {
          newRows: `SELECT *, list_concat(${mistyped}, ${reasonsSql(alone)}) AS __reasons FROM (${labelled}) WHERE ${newRow}`,
        }),
    kept: totals.kept,
    outsideWindow: before - totals.kept,
    ...counted,
    looked,
    ...(totals.newest === undefined ? {} : { newestEvent: `${totals.newest.replace(' ', 'T')}Z` }),
  };
};
