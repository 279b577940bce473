import { mkdirSync, realpathSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { ModelSpec, ResolvedSpec } from '../../domain/model-spec/index.ts';
import { MillraceError } from '../../wire/errors.ts';
import { type DuckDb, withOwnDuckDb } from './open-duckdb.ts';
import { labelRows, readBatch } from './read-batch.ts';
import type { SourceFile } from './source-bytes.ts';
import { quoteName, quoteText } from './sql-text.ts';

export interface ConformRows {
  readonly source: SourceFile;
  /** What the columns are: the file is read by it, whatever its own values look like. */
  readonly resolved: ResolvedSpec;
  /** Parquet with the columns of a dataset's part that the file has, and `__target`; in a folder that exists. */
  readonly outputPath: string;
  readonly memoryLimitMb?: number;
  readonly threads?: number;
  readonly signal?: AbortSignal;
}

export interface ConformedRows {
  readonly rows: number;
  /** Rows without a truth, or with a value that is not of its column's kind. */
  readonly leftOut: number;
}

/** The columns the model reads, cuts reports by, or makes its label from. */
const wantedColumns = ({ spec, columns }: ResolvedSpec) => {
  const named = new Set([...spec.gates.slices, spec.eventTime]);
  return columns.filter(({ name, role }) => role !== 'ignored' || named.has(name));
};

/** The spec with every kind that matters forced to what it was found to be. A key is text, the target the task's. */
const forcedSpec = (resolved: ResolvedSpec): ModelSpec => {
  const forced = wantedColumns(resolved)
    .filter(({ role }) => role !== 'target' && role !== 'key')
    .map(({ name, kind }) => [name, kind] as const);
  return { ...resolved.spec, columns: { ...resolved.spec.columns, ...Object.fromEntries(forced) } };
};

const requireModelColumns = (resolved: ResolvedSpec, names: ReadonlySet<string>, file: string): void => {
  const missing = resolved.columns.find(
    ({ name, role }) => (role === 'feature' || role === 'source') && !names.has(name),
  );
  if (missing === undefined) return;
  throw new MillraceError(
    'COLUMN_MISSING',
    `${file} has no column "${missing.name}", expected every column the model reads`,
    { column: missing.name, file },
  );
};

const conform = async (database: DuckDb, job: ConformRows, folder: string): Promise<ConformedRows> => {
  const { resolved, source } = job;
  const preparation = {
    spec: forcedSpec(resolved),
    sources: [source],
    outputFolder: folder,
    now: new Date(0).toISOString(),
  };
  const batch = await readBatch(database, preparation, folder, () => undefined);
  const names = new Set(batch.columns.map(({ name }) => name));
  requireModelColumns(resolved, names, source.key);
  const { labelled } = await labelRows(database, preparation, batch, folder);
  const columns = wantedColumns(resolved).flatMap(({ name }) => (names.has(name) ? [quoteName(name)] : []));
  const target = resolved.spec.task === 'regression' ? '__target::DOUBLE' : '__target::VARCHAR';
  const [copied] = await database.rows(
    `COPY (SELECT ${[...columns, `${target} AS __target`].join(', ')} FROM (${labelled}) WHERE __target IS NOT NULL AND __mistyped IS NULL ORDER BY __pos) TO ${quoteText(resolve(job.outputPath))} (FORMAT parquet, COMPRESSION zstd)`,
  );
  const rows = Number(copied?.Count);
  const rowsIn = batch.sources.reduce((sum, one) => sum + one.rowsIn, 0);
  return { rows, leftOut: rowsIn - rows };
};

/**
 * Reads a file of rows with their truth as a model reads its data, into what `readColumnTable` takes. Throws
 * TARGET_MISSING, COLUMN_MISSING, DATA_EMPTY, DATA_UNREADABLE, DATA_ENCODING, EXPRESSION_INVALID; OBJECT_CHANGED where
 * the content is not the announced one.
 */
export const conformRows = async (job: ConformRows): Promise<ConformedRows> => {
  const { source, outputPath, memoryLimitMb, threads, signal } = job;
  const folder = join(dirname(resolve(outputPath)), `.conform-${source.sha256.slice(0, 12)}`);
  mkdirSync(folder, { recursive: true });
  const options = {
    folder,
    folders: [dirname(resolve(outputPath))],
    files: [realpathSync(source.filePath)],
    ...(memoryLimitMb === undefined ? {} : { memoryLimitMb }),
    ...(threads === undefined ? {} : { threads }),
    signal,
  };
  return withOwnDuckDb(options, (database) => conform(database, job, folder));
};
