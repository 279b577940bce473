import type { PlannedColumn, ValueCount } from '../../domain/dataset/index.ts';
import type { ModelSpec } from '../../domain/model-spec/index.ts';
import type { DuckDb, JsonRow } from './open-duckdb.ts';
import { repeatChecks } from './repeated-rows.ts';
import { anyBad, type RowCheck, reasonsSql, rowChecks } from './row-checks.ts';
import { cutsSql, type Part, partConditions, parts, type TimeCuts } from './split-rows.ts';
import { quoteName, quoteText } from './sql-text.ts';
import { separator } from './typed-relation.ts';

/** Rows after every check: as SQL that can be read again, and in numbers. */
export interface CheckedRows {
  /** The rows kept. */
  readonly keptRows: string;
  /** Which part a row kept belongs to. */
  readonly conditions: Readonly<Record<Part, string>>;
  /** `__source`, `__row` and `reasons` of the rows set aside. */
  readonly bad: string;
  /** Every row of the new files with its reasons, by checks that look at no other file; absent when all files are new. */
  readonly newRows?: string;
  readonly kept: number;
  readonly outsideWindow: number;
  readonly partRows: Readonly<Record<Part, number>>;
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

/** Rows by part and class. A part is a number here, its place in `parts`: three million words would cost more. */
const countParts = async (
  database: DuckDb,
  keptRows: string,
  conditions: Readonly<Record<Part, string>>,
  isRegression: boolean,
) => {
  const part = `CASE WHEN ${conditions.train} THEN 0 WHEN ${conditions.test} THEN 2 ELSE 1 END`;
  const rows = await database.rows(
    `SELECT ${part} AS part, ${isRegression ? 'NULL' : '__target'} AS class, count(*)::DOUBLE AS n FROM (${keptRows}) GROUP BY ALL ORDER BY ALL`,
  );
  const sum = (chosen: readonly JsonRow[]) => chosen.reduce((total, row) => total + Number(row.n), 0);
  const of = (part: Part) => rows.filter((row) => row.part === parts.indexOf(part));
  const classesOf = (chosen: readonly JsonRow[]): readonly ValueCount[] => {
    const names = [...new Set(chosen.map((row) => String(row.class)))].toSorted();
    return names.map((value) => ({ value, count: sum(chosen.filter((row) => String(row.class) === value)) }));
  };
  return {
    partRows: { train: sum(of('train')), validation: sum(of('validation')), test: sum(of('test')) },
    classes: isRegression ? [] : classesOf(rows),
    trainClasses: isRegression ? [] : classesOf(of('train')),
  };
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
  /** The same rows before they were labelled. */
  readonly typed: string;
  /** True for a row of the new files, as SQL; absent when all are new. */
  readonly newRow: string | undefined;
}

/** Runs every check over the labelled rows: single rows first, then repeats, then the data window, then the split. */
export const checkRows = async (
  database: DuckDb,
  job: { readonly spec: ModelSpec; readonly now: string },
  columns: readonly PlannedColumn[],
  labelled: string,
  { rows, typed, newRow }: LabelledFacts,
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
  const conditions = partConditions(spec, columns, totals.cuts);
  const counted = await countParts(database, keptRows, conditions, spec.task === 'regression');
  const alone = bad.map((check) => ({ ...check, isBad: check.isBadAlone ?? check.isBad }));
  const mistyped = `coalesce(string_split(__mistyped, ${separator}), [])`;
  return {
    keptRows,
    conditions,
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
