import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { CaptureSink, PredictionRecord } from '../../ports/capture-sink.ts';
import type { Ids } from '../../ports/ids.ts';
import type { ObjectStore } from '../../ports/object-store.ts';

const compress = promisify(gzip);

/** The folder of a record: captured/model=<m>/dt=<yyyy-mm-dd>/hour=<hh>/, by the UTC time of the prediction. */
export const capturedPrefix = (record: Pick<PredictionRecord, 'model' | 'at'>): string => {
  const at = new Date(record.at).toISOString();
  return `captured/model=${record.model}/dt=${at.slice(0, 10)}/hour=${at.slice(11, 13)}/`;
};

export interface FolderCaptureSink extends CaptureSink {
  /** Flushes and stops the timer; what is captured afterwards is counted as lost. */
  close(): Promise<{ readonly written: number; readonly lost: number }>;
}

/**
 * Prediction records as gzip NDJSON objects, one for each batch, model and hour. The buffer is bounded: when the disk
 * is slower than the predictions, or fails, records are dropped and counted rather than held in memory.
 * `flush` gives the totals since the sink was made.
 */
export const folderCaptureSink = (options: {
  readonly objects: ObjectStore;
  readonly ids: Ids;
  /** @default 50000 records, some 50 MB */
  readonly maxBufferedRecords?: number;
  /** How long a record may wait in memory. @default 5000 */
  readonly maxDelayMs?: number;
}): FolderCaptureSink => {
  const { objects, ids, maxBufferedRecords = 50_000, maxDelayMs = 5000 } = options;
  const totals = { written: 0, lost: 0 };
  let buffer: PredictionRecord[] = [];
  /** Records taken but not yet written or lost: the buffer, and the batches on their way to the disk. */
  let held = 0;
  let writing: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;

  const writeGroup = async (prefix: string, lines: readonly string[]) => {
    const body = await compress(Buffer.from(lines.join('')));
    await objects.putIfAbsent(`${prefix}${ids.next()}.ndjson.gz`, body);
  };

  const writeBatch = async (batch: readonly PredictionRecord[]) => {
    for (const [prefix, lines] of groupLines(batch)) {
      try {
        await writeGroup(prefix, lines);
        totals.written += lines.length;
      } catch {
        // Capture must not disturb predictions: what the loss says is the count.
      }
    }
  };

  const startWriting = () => {
    clearTimeout(timer);
    timer = undefined;
    const batch = buffer;
    buffer = [];
    if (batch.length === 0) return;
    writing = writing.then(async () => {
      const writtenBefore = totals.written;
      await writeBatch(batch);
      totals.lost += batch.length - (totals.written - writtenBefore);
      held -= batch.length;
    });
  };

  const capture: CaptureSink['capture'] = (records) => {
    const room = isClosed ? 0 : maxBufferedRecords - held;
    const taken = records.slice(0, Math.max(0, room));
    totals.lost += records.length - taken.length;
    held += taken.length;
    for (const record of taken) buffer.push(record);
    if (buffer.length > 0) timer ??= setTimeout(startWriting, maxDelayMs).unref();
  };

  const flush = async () => {
    startWriting();
    await writing;
    return { ...totals };
  };

  const close = () => {
    isClosed = true;
    return flush();
  };

  return { capture, flush, close };
};

/** Lines by folder. A record that cannot be written down (no valid time, not JSON) is left out, and so counts as lost. */
const groupLines = (batch: readonly PredictionRecord[]): ReadonlyMap<string, readonly string[]> => {
  const groups = new Map<string, string[]>();
  for (const record of batch) {
    try {
      const prefix = capturedPrefix(record);
      const line = `${JSON.stringify(record)}\n`;
      const lines = groups.get(prefix);
      if (lines === undefined) groups.set(prefix, [line]);
      else lines.push(line);
    } catch {
      // Counted by the caller: batch length less lines written.
    }
  }
  return groups;
};
