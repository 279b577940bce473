import { createReadStream, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { isMillraceError } from '../../wire/errors.ts';
import { isAboutData } from './duckdb-faults.ts';
import { type LabelReading, labelSelect } from './label-columns.ts';
import { mergeSmallFiles } from './merge-small-files.ts';
import { type DuckDb, withOwnDuckDb } from './open-duckdb.ts';
import { readRawSource } from './raw-sources.ts';
import type { SourceFile, SourceLimits } from './source-bytes.ts';
import { quoteName } from './sql-text.ts';

export type { LabelReading } from './label-columns.ts';

/** A row of a file of labels, its columns told apart; `null` for what is missing. */
export interface LabelRow {
  /** Which of the files, by its place in the list. */
  readonly place: number;
  /** Its number in the file, from 1. */
  readonly row: number;
  readonly id: string | null;
  readonly at: string | null;
  /** JSON objects of the columns that have a value, as text. */
  readonly key: string;
  readonly truth: string;
  readonly label: string | null;
  readonly target: string | null;
  readonly computed: string | null;
}

/** A record that could not be read at all. */
export interface RejectedRow {
  readonly place: number;
  readonly row: number;
  readonly because: string;
  readonly raw: string;
}

/** Larger ones no function takes in before its time is up, whatever they are. */
const limits: SourceLimits = { unpackedBytes: 1e9, rows: 20_000_000, columns: 1000 };

/** How many records a file has, or why nothing of it can be read. */
export type ReadFile = { readonly rows: number } | { readonly because: string };

export interface ReadLabelsJob extends LabelReading {
  readonly files: readonly SourceFile[];
  /** For what does not fit in memory; removed afterwards. */
  readonly folder: string;
  readonly memoryLimitMb?: number;
  readonly threads?: number;
  readonly signal?: AbortSignal | undefined;
  /** Takes rows in the order of prediction ids, those without one last, files one after the other; some thousand at a time. */
  readonly onRows: (rows: readonly LabelRow[]) => Promise<void>;
  readonly onRejected: (row: RejectedRow) => Promise<void>;
}

/** Errors that say that a file is unfit: its matter, and no other file's. */
const isAboutFile = (error: unknown): error is Error =>
  isAboutData(error) ||
  (isMillraceError(error) &&
    /^(DATA_(?!TOO_SLOW)|OBJECT_CHANGED|COLUMN_|EXPRESSION_INVALID)/.test(error.name));

/** What DuckDB says goes on for lines, with paths of the machine in it. */
const becauseOf = (error: Error, { key }: SourceFile): string =>
  isMillraceError(error)
    ? error.message
    : `${key} cannot be read (${error.message.split(/[\n"]/, 1)[0]?.trim()})`;

/** Which file, and which row of it, a record of a source is. */
type Origin = (row: number) => { readonly place: number; readonly row: number };

interface Sink {
  readonly job: ReadLabelsJob;
  readonly database: DuckDb;
  /** By the number of a source in the table; of one that could not be read nothing is there. */
  readonly origins: Origin[];
}

const tellRejected = async (path: string, origin: Origin, onRejected: ReadLabelsJob['onRejected']) => {
  for await (const line of createInterface({ input: createReadStream(path) })) {
    const { row, reason, raw }: { row: number; reason: string; raw: string } = JSON.parse(line);
    await onRejected({ ...origin(row), because: `it cannot be read: ${reason}`, raw });
  }
};

/** Reads one file into the table of labels; how many records it has. */
const readInto = async (
  { job, database, origins }: Sink,
  file: SourceFile,
  origin: Origin,
): Promise<number> => {
  const number = origins.push(origin) - 1;
  const source = await readRawSource(database, { ...file, limits }, join(job.folder, `labels-${number}`));
  const isSound = source.rowsIn > source.rowsRejected;
  const select = isSound ? await labelSelect(database, source, job) : undefined;
  if (select !== undefined)
    await database.run(`INSERT INTO labels SELECT ${number}::DOUBLE, * FROM (${select})`);
  if (source.rejectedPath !== undefined && source.rowsRejected > 0)
    await tellRejected(source.rejectedPath, origin, job.onRejected);
  return source.rowsIn;
};

const orBecause = async (reading: Promise<number>, file: SourceFile): Promise<ReadFile> => {
  try {
    return { rows: await reading };
  } catch (error) {
    if (!isAboutFile(error)) throw error;
    return { because: becauseOf(error, file) };
  }
};

/** Small files together, the others one by one; also all of them, where they do not go together. */
const readFiles = async (sink: Sink): Promise<readonly ReadFile[]> => {
  const { files, folder } = sink.job;
  const merged = mergeSmallFiles(files, join(folder, 'small.jsonl'));
  const together =
    merged &&
    (await orBecause(
      readInto(sink, merged.source, (row) => merged.from[row - 1] as ReturnType<Origin>),
      merged.source,
    ));
  const isTogether = together !== undefined && 'rows' in together;
  const read: ReadFile[] = [];
  for (const [place, file] of files.entries()) {
    const rows = isTogether ? merged?.rows.get(place) : undefined;
    read.push(
      rows === undefined
        ? await orBecause(
            readInto(sink, file, (row) => ({ place, row })),
            file,
          )
        : { rows },
    );
  }
  return read;
};

const columns = ['place', 'row', 'id', 'at', 'key', 'label', 'target', 'computed', 'truth'] as const;

const tellRows = async ({ database, origins, job }: Sink): Promise<void> => {
  const result = await database.stream(
    `SELECT ${columns.map(quoteName).join(', ')} FROM labels ORDER BY id NULLS LAST, place, "row"`,
  );
  for (
    let chunk = await result.fetchChunk();
    chunk !== null && chunk.rowCount > 0;
    chunk = await result.fetchChunk()
  ) {
    const rows = chunk.getRows().map((values) => {
      const row = Object.fromEntries(values.map((value, at) => [columns[at], value])) as unknown as LabelRow;
      const origin = origins[row.place]?.(row.row);
      return { ...row, ...origin };
    });
    await job.onRows(rows);
  }
};

/**
 * Reads files of labels, however many, in one DuckDB: in each what a row is named by, its label, and what the target's
 * SQL makes of its raw columns. A file that cannot be read is told and stops no other. Memory stays bounded: rows wait
 * on disk to be sorted. Throws STORAGE_FULL, DATA_TOO_SLOW.
 */
export const readLabels = (job: ReadLabelsJob): Promise<readonly ReadFile[]> => {
  const { folder, files, memoryLimitMb, threads, signal } = job;
  const options = {
    folder,
    files: files.map(({ filePath }) => realpathSync(filePath)),
    ...(memoryLimitMb === undefined ? {} : { memoryLimitMb }),
    ...(threads === undefined ? {} : { threads }),
    signal,
  };
  return withOwnDuckDb(options, async (database) => {
    const texts = columns.slice(2).map((name) => `${quoteName(name)} VARCHAR`);
    await database.run(`CREATE TABLE labels (place DOUBLE, "row" DOUBLE, ${texts.join(', ')})`);
    const sink: Sink = { job, database, origins: [] };
    const read = await readFiles(sink);
    await tellRows(sink);
    return read;
  });
};
