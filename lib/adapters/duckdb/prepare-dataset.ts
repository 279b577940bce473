import { mkdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  type ColumnStatistics,
  type DatasetProfile,
  type PlannedColumn,
  planColumns,
  type QualityReport,
  qualityChecksOf,
  qualityReportOf,
} from '../../domain/dataset/index.ts';
import type { ModelSpec, ResolvedSpec } from '../../domain/model-spec/index.ts';
import { MillraceError } from '../../wire/errors.ts';
import { type CheckedRows, checkRows } from './check-rows.ts';
import { measureColumns } from './column-statistics.ts';
import { requireColumns } from './named-columns.ts';
import { type DuckDb, openDuckDb } from './open-duckdb.ts';
import { profileRows } from './profile-rows.ts';
import { type RawColumn, type RawSource, rawColumnsOf, rawRelation, readRawSource } from './raw-sources.ts';
import { fingerprintOf, refuseChange, type SourceFile } from './source-bytes.ts';
import { parts } from './split-rows.ts';
import { quoteName, quoteText } from './sql-text.ts';
import { requireClasses, resolveClasses } from './target-classes.ts';
import { checkedLabel, targetSql } from './target-column.ts';
import { typeColumn } from './typed-columns.ts';
import { typedRelation } from './typed-relation.ts';
import { targetAs, writeParts, writeQuarantine, writtenColumns } from './write-parts.ts';

export type { SourceFile } from './source-bytes.ts';

/** What a column was called and held in the dataset before; enough of a `ResolvedColumn`. */
export interface PreviousColumn {
  readonly name: string;
}

export interface PreparationProgress {
  readonly phase: 'read' | 'infer' | 'check' | 'write' | 'profile';
  /** 0 to 1 over the whole preparation, a rough guide. */
  readonly fraction: number;
  readonly message: string;
}

export interface Preparation {
  readonly spec: ModelSpec;
  /** In the order that decides which of two rows with one key is the first. */
  readonly sources: readonly SourceFile[];
  /** The columns of the last dataset, to notice what is missing or new. */
  readonly previousColumns?: readonly PreviousColumn[];
  /** Exists, and is empty. */
  readonly outputFolder: string;
  /** ISO 8601, UTC. */
  readonly now: string;
  readonly onProgress?: (progress: PreparationProgress) => void;
  readonly memoryLimitMb?: number;
  readonly threads?: number;
  readonly statementTimeoutSeconds?: number;
}

export interface PreparedRows {
  readonly in: number;
  readonly kept: number;
  readonly quarantined: number;
  /** 0 when the batch was refused: its parts are not written. */
  readonly train: number;
  readonly validation: number;
  readonly test: number;
}

export interface PreparedDataset {
  readonly outcome: 'accepted' | 'refused';
  readonly resolved: ResolvedSpec;
  readonly quality: QualityReport;
  readonly profile: DatasetProfile;
  readonly rows: PreparedRows;
}

/** A batch read and understood, its rows not yet checked. */
interface ReadBatch {
  readonly sources: readonly RawSource[];
  readonly rawColumns: readonly RawColumn[];
  readonly raw: string;
  readonly statistics: readonly ColumnStatistics[];
  readonly columns: readonly PlannedColumn[];
  readonly missingColumns: readonly string[];
  readonly newColumns: readonly string[];
}

const withoutCase = (names: readonly string[]): ReadonlySet<string> =>
  new Set(names.map((name) => name.toLowerCase()));

const columnChanges = (now: readonly string[], before: readonly PreviousColumn[] | undefined) => {
  if (before === undefined) return { missingColumns: [], newColumns: [] };
  const names = before.map(({ name }) => name);
  return {
    missingColumns: names.filter((name) => !withoutCase(now).has(name.toLowerCase())),
    newColumns: now.filter((name) => !withoutCase(names).has(name.toLowerCase())),
  };
};

type Report = (phase: PreparationProgress['phase'], fraction: number, message: string) => void;

const readSources = async (database: DuckDb, job: Preparation, folder: string, report: Report) => {
  const sources: RawSource[] = [];
  for (const [place, source] of job.sources.entries()) {
    report('read', (0.3 * place) / job.sources.length, `reading ${source.key}`);
    sources.push(await readRawSource(database, source, join(folder, `source-${place}`)));
  }
  return sources;
};

const readBatch = async (
  database: DuckDb,
  job: Preparation,
  folder: string,
  report: Report,
): Promise<ReadBatch> => {
  const sources = await readSources(database, job, folder, report);
  const rawColumns = rawColumnsOf(sources);
  const names = rawColumns.map(({ name }) => name);
  requireColumns(job.spec, names);
  const label = await checkedLabel(database, job.spec, names);
  const raw = rawRelation(sources, rawColumns);
  report('infer', 0.3, `inferring the kinds of ${names.length} columns`);
  const statistics = await measureColumns(database, raw, rawColumns);
  const changes = columnChanges(names, job.previousColumns);
  const columns = planColumns({
    spec: job.spec,
    statistics,
    labelColumns: label?.columns ?? [],
    newColumns: changes.newColumns,
  });
  return { sources, rawColumns, raw, statistics, columns, ...changes };
};

/** The rows with their types and their target, as SQL. */
const labelRows = async (database: DuckDb, job: Preparation, batch: ReadBatch, folder: string) => {
  const byName = new Map(batch.statistics.map((statistics) => [statistics.name, statistics]));
  const typed = batch.columns.flatMap((plan) => {
    const statistics = byName.get(plan.name);
    return statistics === undefined ? [] : [typeColumn(plan, statistics)];
  });
  const relation = await typedRelation(database, batch.raw, typed, join(folder, 'typed.parquet'));
  const label = await checkedLabel(
    database,
    job.spec,
    batch.columns.map(({ name }) => name),
  );
  const target = await targetSql(database, job.spec, label, batch.statistics, relation);
  return { typed, relation, labelled: `SELECT *, ${target} AS __target FROM (${relation})` };
};

const judge = (
  job: Preparation,
  batch: ReadBatch,
  checked: CheckedRows,
  reasons: QualityReport['reasons'],
): QualityReport => {
  const rowsIn = batch.sources.reduce((sum, source) => sum + source.rowsIn, 0);
  const rows = {
    in: rowsIn,
    kept: checked.kept,
    quarantined: rowsIn - checked.kept,
    bad: rowsIn - checked.kept - checked.outsideWindow,
  };
  const checks = qualityChecksOf({
    spec: job.spec,
    statistics: batch.statistics,
    columns: batch.columns,
    rows,
    reasons,
    looked: checked.looked,
    partRows: checked.partRows,
    missingColumns: batch.missingColumns,
    newColumns: batch.newColumns,
    ...(checked.newestEvent === undefined ? {} : { newestEvent: checked.newestEvent }),
    now: job.now,
  });
  return qualityReportOf(rows, checks, reasons, job.now);
};

/** The promise of every run: each row read is either kept or in quarantine. Counts come from three places on purpose. */
const assertNothingLost = (rowsIn: number, kept: number, quarantined: number): void => {
  if (rowsIn === kept + quarantined) return;
  throw new MillraceError(
    'ROWS_LOST',
    `${rowsIn} rows came in, ${kept} were kept and ${quarantined} quarantined, expected the two to sum to the first`,
    { rowsIn, kept, quarantined },
  );
};

const writeJson = (folder: string, name: string, value: unknown): void =>
  writeFileSync(join(folder, name), `${JSON.stringify(value, null, 2)}\n`);

const run = async (
  database: DuckDb,
  job: Preparation,
  folder: string,
  report: Report,
): Promise<PreparedDataset> => {
  const fingerprints = job.sources.map(({ filePath }) => fingerprintOf(filePath));
  const batch = await readBatch(database, job, folder, report);
  report('check', 0.45, 'checking every row');
  const { labelled, relation } = await labelRows(database, job, batch, folder);
  const checked = await checkRows(database, job, batch.columns, labelled, relation);

  const { sources, rawColumns, raw } = batch;
  const rowsIn = sources.reduce((sum, source) => sum + source.rowsIn, 0);
  const rejected = sources.reduce((sum, source) => sum + source.rowsRejected, 0);
  const quarantine = await writeQuarantine(
    database,
    { sources, rawColumns, raw, bad: checked.bad, hasBadRows: rowsIn - rejected > checked.kept },
    join(job.outputFolder, 'quarantine.parquet'),
  );
  assertNothingLost(rowsIn, checked.kept, quarantine.rows);

  const quality = judge(job, batch, checked, quarantine.reasons);
  const isAccepted = quality.verdict === 'accepted';
  const classes = job.spec.task === 'regression' ? undefined : checked.classes;
  if (isAccepted && classes !== undefined) {
    requireClasses(job.spec, classes, 'the rows kept');
    requireClasses(job.spec, checked.trainClasses, 'the training part');
  }
  const resolved: ResolvedSpec = {
    spec: job.spec,
    columns: batch.columns.map(({ name, kind, role, because }) => ({ name, kind, role, because })),
    targetName: typeof job.spec.target === 'string' ? job.spec.target : job.spec.target.name,
    ...resolveClasses(job.spec, checked.classes),
  };

  const written = writtenColumns(job.spec, batch.columns);
  const none = { train: 0, validation: 0, test: 0 };
  const names = written.map(({ name }) => name);
  const target = targetAs(classes);
  const onPart = (part: string) =>
    report('write', part === 'train' ? 0.6 : part === 'validation' ? 0.75 : 0.8, `writing ${part}`);
  const partRows = isAccepted
    ? await writeParts(
        database,
        checked.relation,
        [...names.map(quoteName), target],
        job.outputFolder,
        onPart,
      )
    : none;
  if (isAccepted)
    assertNothingLost(rowsIn, partRows.train + partRows.validation + partRows.test, quarantine.rows);

  report('profile', 0.85, 'profiling every column');
  const files = parts.map((part) => quoteText(join(job.outputFolder, `${part}.parquet`))).join(', ');
  const kept = isAccepted
    ? `SELECT *, file_row_number AS __place FROM read_parquet([${files}], file_row_number = true)`
    : `SELECT *, __pos AS __place FROM (${checked.relation}) WHERE NOT __bad`;
  const profile = await profileRows(database, kept, written, checked.kept, classes);
  job.sources.forEach((source, place) => {
    refuseChange(source, fingerprints[place] ?? '');
  });

  writeJson(job.outputFolder, 'profile.json', profile);
  writeJson(job.outputFolder, 'quality.json', quality);
  writeJson(job.outputFolder, 'model.resolved.json', resolved);
  report('profile', 1, isAccepted ? `${checked.kept} rows are ready` : 'the batch is refused');
  return {
    outcome: quality.verdict,
    resolved,
    quality,
    profile,
    rows: { in: rowsIn, kept: checked.kept, quarantined: quarantine.rows, ...partRows },
  };
};

/**
 * Reads a batch of files, infers kinds, checks every row, sets bad ones aside with reasons, splits the rest and writes
 * train, validation, test and quarantine Parquet beside profile.json, quality.json and model.resolved.json.
 * A batch that is too bad is an outcome, not an exception. Memory stays bounded: rows stream through DuckDB.
 * Throws DATA_EMPTY, DATA_UNREADABLE, DATA_ENCODING, OBJECT_CHANGED, TARGET_MISSING, COLUMN_MISSING, ONE_CLASS_TARGET,
 * TOO_MANY_CLASSES, EXPRESSION_INVALID, MODEL_SPEC_INVALID, STORAGE_FULL, ROWS_LOST.
 */
export const prepareDataset = async (given: Preparation): Promise<PreparedDataset> => {
  const job = { ...given, outputFolder: resolve(given.outputFolder) };
  if (job.sources.length === 0)
    throw new MillraceError('DATA_EMPTY', 'the batch has no files, expected at least one');
  const folder = join(job.outputFolder, '.work');
  mkdirSync(folder, { recursive: true });
  const { memoryLimitMb, threads, statementTimeoutSeconds } = job;
  const database = await openDuckDb({
    folder,
    folders: [job.outputFolder],
    files: job.sources.map(({ filePath }) => realpathSync(filePath)),
    ...(memoryLimitMb === undefined ? {} : { memoryLimitMb }),
    ...(threads === undefined ? {} : { threads }),
    ...(statementTimeoutSeconds === undefined ? {} : { statementTimeoutSeconds }),
  });
  try {
    return await run(database, job, folder, (phase, fraction, message) =>
      job.onProgress?.({ phase, fraction, message }),
    );
  } finally {
    database.close();
    rmSync(folder, { recursive: true, force: true });
  }
};
