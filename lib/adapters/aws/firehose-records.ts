import type { PredictionRecord } from '../../ports/capture-sink.ts';

/** One prediction as a line of NDJSON, its line feed included. */
export interface CaptureLine {
  /** Lines of one group may share a Firehose record. */
  readonly group: string;
  readonly text: string;
  readonly bytes: number;
}

/** Several lines that travel, and are paid for, as one. */
export interface FirehoseRecord {
  readonly data: Buffer;
  readonly lines: number;
}

/** Firehose takes 1,000 KiB a record and takes apart at most 500 lines of one, https://docs.aws.amazon.com/firehose/latest/dev/limits.html */
export const maxRecordBytes = 900_000;
const maxLinesPerRecord = 500;
/** 500 records and 4 MB a request. Base64 makes 4 bytes of 3, and it is not said which are counted: 3 MB. */
const maxRecordsPerRequest = 500;
const maxRequestBytes = 3_000_000;

/** `undefined` for a record that cannot be kept: without a valid time, not JSON, or too large for Firehose. */
export const captureLine = (record: PredictionRecord): CaptureLine | undefined => {
  try {
    // The stream files by the first letters of `at`, so that it must be in UTC.
    const at = new Date(record.at).toISOString();
    const text = `${JSON.stringify({ ...record, at })}\n`;
    const bytes = Buffer.byteLength(text);
    return bytes > maxRecordBytes ? undefined : { group: `${record.model} ${at.slice(0, 13)}`, text, bytes };
  } catch {
    return undefined;
  }
};

interface Pack {
  readonly texts: string[];
  bytes: number;
}

/**
 * Lines of one model and hour together in records of up to 900 KB: Firehose bills each record as a multiple of 5 KB, so
 * ten lines of 500 bytes cost a tenth of ten records.
 */
export const packLines = (lines: readonly CaptureLine[]): readonly FirehoseRecord[] => {
  const packs: Pack[] = [];
  const open = new Map<string, Pack>();
  for (const { group, text, bytes } of lines) {
    let pack = open.get(group);
    const isFull =
      pack === undefined || pack.bytes + bytes > maxRecordBytes || pack.texts.length === maxLinesPerRecord;
    if (pack === undefined || isFull) {
      pack = { texts: [], bytes: 0 };
      packs.push(pack);
      open.set(group, pack);
    }
    pack.texts.push(text);
    pack.bytes += bytes;
  }
  return packs.map(({ texts }) => ({ data: Buffer.from(texts.join('')), lines: texts.length }));
};

/** Records shared out to requests, in their order. */
export const requestsOf = (records: readonly FirehoseRecord[]): readonly (readonly FirehoseRecord[])[] => {
  const requests: FirehoseRecord[][] = [];
  let bytes = 0;
  for (const record of records) {
    const last = requests.at(-1);
    const fits = bytes + record.data.length <= maxRequestBytes && (last?.length ?? 0) < maxRecordsPerRequest;
    if (last === undefined || !fits) {
      requests.push([record]);
      bytes = record.data.length;
    } else {
      last.push(record);
      bytes += record.data.length;
    }
  }
  return requests;
};
