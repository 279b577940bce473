import { type CapturedPrediction, readCapturedLine, type Span } from '../../lib/domain/drift/index.ts';
import { keysUnder } from '../objects-under.ts';
import type { Services } from '../services.ts';
import { hourFoldersOf, hourMs, linesOfGzip } from './captured-files.ts';
import type { RepeatedIds } from './repeated-ids.ts';
import { wholeFiles } from './whole-files.ts';

type Needs = Pick<Services, 'objects' | 'signal'>;

/** What is told of every row, in one pass over the files: a profile, a counter, a join. */
export interface RowTaker {
  /**
   * Takes one answer of the champion: each prediction once, from files that are whole, `atMs` being when it counts. The row
   * must not be kept: memory would grow with the rows.
   */
  take(row: CapturedPrediction, atMs: number): void;
  /** Awaited after some hundred rows, so that a taker that writes holds reading back. */
  settle?(): Promise<void>;
}

export interface ReadCaptured {
  readonly model: string;
  /** Only what this version answered as champion is told. */
  readonly version: number;
  readonly span: Span;
  /** Predictions told before are told no more. */
  readonly ids: RepeatedIds;
  readonly takers: readonly RowTaker[];
  /** Told the ids of what other versions answered in the span, or this one not as champion. */
  readonly onOther?: (predictionId: string) => void;
}

export interface Captured {
  /** Rows told to the takers. */
  readonly rows: number;
  /** Predictions they stand for: Σ 1/share. */
  readonly predictions: number;
  /** Objects that could not be read to their end; nothing of them is told. */
  readonly skippedFiles: readonly string[];
  /** Lines that are no prediction records. */
  readonly skippedLines: number;
  /** Predictions that were delivered once more. */
  readonly repeatedRows: number;
  /** Rows more than an hour away from the hour they are filed under: not told, for nobody knows when they were. */
  readonly skewedRows: number;
}

/** How far a row's time may lie outside of the hour it is filed under before one of the two is wrong. */
const maxSkewMs = hourMs;

const clamp = (atMs: number, { from, to }: Span): number => Math.min(Math.max(atMs, from), to - 1);

/** Tells the takers what is in the files of one reading, and counts what is not. */
const rowReader = ({ model, version, span, ids, takers, onOther }: ReadCaptured) => {
  const counts = { rows: 0, predictions: 0, skippedLines: 0, repeatedRows: 0, skewedRows: 0 };
  const readLine = (line: string | undefined, hour: Span): void => {
    if (line === '' || line === '\r') return;
    const row = line === undefined ? undefined : readCapturedLine(line);
    if (row === undefined) {
      counts.skippedLines += 1;
      return;
    }
    if (row.model !== model) return;
    if (row.version !== version || row.role !== 'champion') {
      onOther?.(row.predictionId);
      return;
    }
    const toldMs = Date.parse(row.at);
    // A row is read in one folder only: within an hour of it, it counts at the nearer end, else no window would have it.
    const atMs = clamp(toldMs, hour);
    if (atMs < span.from || atMs >= span.to) return;
    if (ids.isRepeated(row.predictionId)) counts.repeatedRows += 1;
    else if (Math.abs(toldMs - atMs) > maxSkewMs) counts.skewedRows += 1;
    else {
      counts.rows += 1;
      counts.predictions += 1 / (row.share ?? 1);
      for (const taker of takers) taker.take(row, atMs);
    }
  };
  const readFile = async (filePath: string, hour: Span): Promise<void> => {
    for await (const lines of linesOfGzip(filePath)) {
      for (const line of lines) readLine(line, hour);
      for (const taker of takers) await taker.settle?.();
    }
  };
  return { counts, readFile };
};

/**
 * Tells takers what a version answered as champion in a span of time, file by file. A file that is corrupt or gone is left
 * out as a whole: it is unpacked once to see that it has its end, then again for its rows, so that takers need not take
 * back. Memory does not grow with the rows. `folder` holds two files at a time.
 */
export const readCaptured = async (
  request: ReadCaptured,
  folder: string,
  services: Needs,
): Promise<Captured> => {
  const { counts, readFile } = rowReader(request);
  const skippedFiles: string[] = [];
  for (const { prefix, hour } of hourFoldersOf(request.model, request.span)) {
    const keys = await keysUnder(prefix, services);
    for await (const { key, filePath } of wholeFiles(keys, folder, services))
      if (filePath === undefined) skippedFiles.push(key);
      else await readFile(filePath, hour);
  }
  return { ...counts, skippedFiles };
};
