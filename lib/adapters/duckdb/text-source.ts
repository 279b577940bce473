import { isUtf8 } from 'node:buffer';
import { MillraceError } from '../../wire/errors.ts';
import { type BatchWriter, batchWriter } from './batch-writer.ts';
import { delimiterOf, namesOfHeader, refuseNames, splitCsvRecord } from './csv-header.ts';
import { arrayElementsAsLines } from './json-elements.ts';
import { scanRecords, type TextRecord } from './record-scanner.ts';

/** A text file after its records were told apart: the sound ones in one file, the others in another. */
export interface CleanText {
  readonly columns: readonly string[];
  /** The delimiter of the clean CSV; absent when it is JSON Lines. */
  readonly delimiter?: string;
  /** Every record of the file, sound or not. */
  readonly rowsIn: number;
  readonly rowsRejected: number;
}

export interface TextPaths {
  /** Each sound record with its number in front, as CSV or JSON Lines. */
  readonly cleanPath: string;
  /** JSON Lines `{ row, reason, raw }`. */
  readonly rejectedPath: string;
}

const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

const refuseEncoding = (file: string, what: string): never => {
  throw new MillraceError('DATA_ENCODING', `${file} ${what}, expected UTF-8`, { file });
};

/** The content after its byte order mark. Throws DATA_EMPTY, and DATA_ENCODING for UTF-16 and binary content. */
async function* utf8Chunks(chunks: AsyncIterable<Uint8Array>, file: string): AsyncGenerator<Buffer> {
  let isFirst = true;
  for await (const chunk of chunks) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    if (isFirst && (bytes.readUInt16BE(0) === 0xfffe || bytes.readUInt16BE(0) === 0xfeff))
      refuseEncoding(file, 'is written in UTF-16');
    if (bytes.includes(0)) refuseEncoding(file, 'holds zero bytes, as UTF-16 and binary files do');
    yield isFirst && bytes.subarray(0, 3).equals(byteOrderMark) ? bytes.subarray(3) : bytes;
    isFirst = false;
  }
}

/** A record as text; one that is not UTF-8 is shown as Latin-1, which can show every byte. */
const textOf = (record: TextRecord, isSound: boolean): string =>
  record.bytes.toString(isSound ? 'utf8' : 'latin1');

class Sorter {
  rowsIn = 0;
  rowsRejected = 0;
  readonly #clean: BatchWriter;
  readonly #rejected: BatchWriter;

  constructor(paths: TextPaths) {
    this.#clean = batchWriter(paths.cleanPath);
    this.#rejected = batchWriter(paths.rejectedPath);
  }

  keep(before: string, bytes: Uint8Array): void {
    this.#clean.write(before);
    this.#clean.write(bytes);
    this.#clean.write('\n');
  }

  reject(record: TextRecord, reason: string): void {
    this.rowsRejected += 1;
    const isSound = isUtf8(record.bytes);
    const raw = textOf(record, isSound);
    this.#rejected.write(
      `${JSON.stringify({ row: this.rowsIn, reason: isSound ? reason : 'not UTF-8', raw })}\n`,
    );
  }

  close(): void {
    this.#clean.close();
    this.#rejected.close();
  }
}

/** First chunk of a stream and the stream with it put back. */
const peek = async (chunks: AsyncIterable<Buffer>, file: string) => {
  const iterator = chunks[Symbol.asyncIterator]();
  let first = Buffer.alloc(0);
  // A header can be longer than the first chunk of a gzip stream.
  while (first.length < 65_536) {
    const next = await iterator.next();
    if (next.done === true) break;
    first = Buffer.concat([first, next.value]);
  }
  if (first.toString('latin1').trim() === '')
    throw new MillraceError('DATA_EMPTY', `${file} is empty`, { file });
  async function* again() {
    yield first;
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value;
  }
  return { first, all: again() };
};

const headerOf = (record: TextRecord, delimiter: string, file: string): readonly string[] => {
  if (!isUtf8(record.bytes))
    refuseEncoding(file, 'has a header that is not UTF-8 (Latin-1 or Windows-1252?)');
  if (record.problem !== undefined)
    throw new MillraceError('DATA_UNREADABLE', `${file} has a header with ${record.problem}`, { file });
  const names = namesOfHeader(splitCsvRecord(record.bytes.toString('utf8'), delimiter));
  refuseNames(names, file);
  return names;
};

const csvProblem = (record: TextRecord, fields: number): string | undefined => {
  if (record.problem !== undefined) return record.problem;
  if (record.fields < fields) return 'fewer fields than the header';
  if (record.fields > fields) return 'more fields than the header';
  return isUtf8(record.bytes) ? undefined : 'not UTF-8';
};

/** Sorts the records of a CSV file. Throws DATA_EMPTY, DATA_ENCODING, DATA_UNREADABLE. */
export const sortCsv = async (
  chunks: AsyncIterable<Uint8Array>,
  file: string,
  paths: TextPaths,
): Promise<CleanText> => {
  const { first, all } = await peek(utf8Chunks(chunks, file), file);
  const delimiter = delimiterOf(
    first
      .toString('latin1')
      .trimStart()
      .split(/[\r\n]/, 1)[0] ?? '',
  );
  const sorter = new Sorter(paths);
  let columns: readonly string[] | undefined;
  try {
    for await (const records of scanRecords(all, delimiter.charCodeAt(0)))
      for (const record of records) {
        if (columns === undefined) {
          columns = headerOf(record, delimiter, file);
          continue;
        }
        sorter.rowsIn += 1;
        const problem = csvProblem(record, columns.length);
        if (problem === undefined) sorter.keep(`${sorter.rowsIn}${delimiter}`, record.bytes);
        else sorter.reject(record, problem);
      }
  } finally {
    sorter.close();
  }
  return { columns: columns ?? [], delimiter, rowsIn: sorter.rowsIn, rowsRejected: sorter.rowsRejected };
};

/** NaN and infinities, which JSON has no word for and many programs write all the same, become text. */
const quoteNonFinite = (line: string): string =>
  line.replace(/"(?:[^"\\]|\\.)*"|-?\bInfinity\b|\bNaN\b/g, (word) =>
    word.startsWith('"') ? word : `"${word}"`,
  );

const parseObject = (line: string): object | undefined => {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
};

/** Sorts the records of JSON Lines or of one JSON array; which of the two, its first character tells. */
export const sortJson = async (
  chunks: AsyncIterable<Uint8Array>,
  file: string,
  paths: TextPaths,
): Promise<CleanText> => {
  const { first, all } = await peek(utf8Chunks(chunks, file), file);
  const isArray = first.toString('latin1').trimStart().startsWith('[');
  const sorter = new Sorter(paths);
  const columns = new Set<string>();
  try {
    for await (const records of scanRecords(isArray ? arrayElementsAsLines(all) : all, undefined))
      for (const record of records) sortJsonRecord(record, sorter, columns);
  } finally {
    sorter.close();
  }
  refuseNames([...columns], file);
  return { columns: [...columns], rowsIn: sorter.rowsIn, rowsRejected: sorter.rowsRejected };
};

const sortJsonRecord = (record: TextRecord, sorter: Sorter, columns: Set<string>): void => {
  const isSound = isUtf8(record.bytes);
  const text = textOf(record, isSound).trim();
  if (text === '') return;
  sorter.rowsIn += 1;
  if (!isSound) {
    sorter.reject(record, 'not UTF-8');
    return;
  }
  let line = text;
  let value = parseObject(line);
  if (value === undefined) {
    line = quoteNonFinite(text);
    value = parseObject(line);
  }
  if (value === undefined) {
    sorter.reject(record, record.problem ?? 'not a JSON object');
    return;
  }
  const names = Object.keys(value);
  for (const name of names) columns.add(name);
  sorter.keep(`{"__row":${sorter.rowsIn}${names.length === 0 ? '' : ','}`, Buffer.from(line.slice(1)));
};
