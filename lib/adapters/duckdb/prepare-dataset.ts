import { mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  type NewRows,
  type QualityReport,
  qualityChecksOf,
  qualityReportOf,
} from '../../domain/dataset/index.ts';
import type { ResolvedSpec } from '../../domain/model-spec/index.ts';
import { MillraceError } from '../../wire/errors.ts';
import { type CheckedRows, checkRows } from './check-rows.ts';
import { countValues } from './count-values.ts';
import { holdBatches, unseenRowSql } from './hold-batches.ts';
import { judgeNewRows, newRowSql } from './new-rows.ts';
import { type DuckDb, withOwnDuckDb } from './open-duckdb.ts';
import type { Preparation, PreparedDataset } from './preparation.ts';
import { profileRows } from './profile-rows.ts';
import { labelRows, type ReadBatch, type Report, readBatch } from './read-batch.ts';
import { fingerprintOf, refuseChange } from './source-bytes.ts';
import { onlyIn, partsOf } from './split-rows.ts';
import { quoteText } from './sql-text.ts';
import { requireClasses, resolveClasses } from './target-classes.ts';
import { selectedAs, type WrittenRows, writeParts, writeQuarantine, writtenColumns } from './write-parts.ts';

export type {
  BesideChampion,
  CountedBatch,
  NewBatch,
  Preparation,
  PreparationProgress,
  PreparedDataset,
  PreparedRows,
  PreviousColumn,
} from './preparation.ts';
export type { SourceFile } from './source-bytes.ts';

const judge = (
  job: Preparation,
  batch: ReadBatch,
  checked: CheckedRows,
  reasons: QualityReport['reasons'],
  newRows: NewRows | undefined,
): QualityReport => {
  const rowsIn = batch.sources.reduce((sum, source) => sum + source.rowsIn, 0);
  const rows = {
    in: rowsIn,
    kept: checked.kept,
    quarantined: rowsIn - checked.kept,
    bad: rowsIn - checked.kept - checked.outsideWindow,
    ...(checked.partRows.golden !== undefined && { golden: checked.partRows.golden }),
  };
  const checks = qualityChecksOf({
    spec: job.spec,
    statistics: batch.statistics,
    columns: batch.columns,
    rows,
    ...(newRows === undefined ? {} : { newRows }),
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
  const { sources, rawColumns, raw } = batch;
  const rowsIn = sources.reduce((sum, source) => sum + source.rowsIn, 0);
  const rejected = sources.reduce((sum, source) => sum + source.rowsRejected, 0);
  const checked = await checkRows(database, job, batch.columns, labelled, {
    rows: rowsIn - rejected,
    sources: sources.length,
    typed: relation,
    newRow: newRowSql(batch),
    unseenRow: job.beside && unseenRowSql(job.sources, job.beside),
  });

  const quarantine = await writeQuarantine(
    database,
    { sources, rawColumns, raw, bad: checked.bad, hasBadRows: rowsIn - rejected > checked.kept },
    join(job.outputFolder, 'quarantine.parquet'),
  );
  assertNothingLost(rowsIn, checked.kept, quarantine.rows);

  const newRows = await judgeNewRows(database, job.spec, batch, checked.newRows);
  const quality = judge(job, batch, checked, quarantine.reasons, newRows);
  const held = job.beside ? await holdBatches(database, job.sources, job.beside, checked) : [];
  const isAccepted = quality.verdict === 'accepted' && held.length === 0;
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
  const none: WrittenRows = { train: 0, validation: 0, test: 0 };
  const { golden } = checked.partRows;
  const writtenRows = golden ? onlyIn(checked.conditions, checked.keptRows) : checked.keptRows;
  const values = await countValues(database, writtenRows, written);
  const selected = selectedAs(written, values, classes);
  const onPart = (part: string) =>
    report('write', part === 'train' ? 0.6 : part === 'validation' ? 0.75 : 0.8, `writing ${part}`);
  const partRows = isAccepted
    ? await writeParts(database, checked, selected, job.outputFolder, onPart)
    : none;
  if (isAccepted)
    assertNothingLost(
      rowsIn,
      partRows.train + partRows.validation + partRows.test + (partRows.recent ?? 0) + (golden ?? 0),
      quarantine.rows,
    );

  report('profile', 0.85, 'profiling every column');
  const files = isAccepted
    ? partsOf(checked.conditions).map((part) => join(job.outputFolder, `${part}.parquet`))
    : [];
  const kept = isAccepted
    ? `SELECT *, file_row_number AS __place FROM read_parquet([${files.map(quoteText).join(', ')}], file_row_number = true)`
    : `SELECT *, __pos AS __place FROM (${writtenRows})`;
  const profile = await profileRows(database, kept, written, {
    rows: checked.kept - (golden ?? 0),
    classes,
    values,
    files,
  });
  job.sources.forEach((source, place) => {
    refuseChange(source, fingerprints[place] ?? '');
  });

  writeJson(job.outputFolder, 'profile.json', profile);
  writeJson(job.outputFolder, 'quality.json', quality);
  writeJson(job.outputFolder, 'model.resolved.json', resolved);
  report('profile', 1, isAccepted ? `${checked.kept} rows are ready` : 'the batch is refused');
  return {
    outcome: isAccepted ? 'accepted' : 'refused',
    resolved,
    quality,
    profile,
    rows: {
      in: rowsIn,
      kept: checked.kept,
      quarantined: quarantine.rows,
      ...partRows,
      ...(golden !== undefined && { golden }),
    },
    sourceRows: checked.sourceRows,
    held,
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
  const job = {
    ...given,
    outputFolder: resolve(given.outputFolder),
    ...(given.goldenPath !== undefined && { goldenPath: realpathSync(given.goldenPath) }),
  };
  if (job.sources.length === 0)
    throw new MillraceError('DATA_EMPTY', 'the batch has no files, expected at least one');
  const { signal } = job;
  signal?.throwIfAborted();
  const folder = join(job.outputFolder, '.work');
  mkdirSync(folder, { recursive: true });
  const { memoryLimitMb, threads, statementTimeoutSeconds } = job;
  const options = {
    folder,
    folders: [job.outputFolder],
    files: [...job.sources.map(({ filePath }) => filePath), ...(job.goldenPath ? [job.goldenPath] : [])].map(
      (filePath) => realpathSync(filePath),
    ),
    ...(memoryLimitMb === undefined ? {} : { memoryLimitMb }),
    ...(threads === undefined ? {} : { threads }),
    ...(statementTimeoutSeconds === undefined ? {} : { statementTimeoutSeconds }),
    signal,
  };
  return withOwnDuckDb(options, (database) =>
    run(database, job, folder, (phase, fraction, message) => {
      signal?.throwIfAborted();
      job.onProgress?.({ phase, fraction, message });
    }),
  );
};
