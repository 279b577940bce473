import { isUtf8 } from 'node:buffer';
import { MillraceError } from '../../wire/errors.ts';
import { refuseNames } from './csv-header.ts';
import { arrayElementsAsLines } from './json-elements.ts';
import { jsonRecordFault } from './json-record-fault.ts';
import { scanRecords, type TextRecord } from './record-scanner.ts';
import { type CleanText, RecordSorter, type TextPaths, textOf } from './record-sorter.ts';
import { peek, utf8Chunks } from './utf8-chunks.ts';

/** Of records that each have names of their own memory would hold all of them. */
const maxNames = 20_000;

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

/**
 * Sorts the records of JSON Lines or of one JSON array; which of the two, its first character tells. `isStrict` also looks
 * for what only DuckDB minds, which takes longer and is hardly ever there.
 */
export const sortJson = async (
  chunks: AsyncIterable<Uint8Array>,
  file: string,
  paths: TextPaths,
  isStrict = false,
): Promise<CleanText> => {
  const { first, all } = await peek(utf8Chunks(chunks, file), file);
  const isArray = first.toString('latin1').trimStart().startsWith('[');
  const sorter = new RecordSorter(paths);
  const columns = new Set<string>();
  try {
    for await (const records of scanRecords(isArray ? arrayElementsAsLines(all) : all, undefined))
      for (const record of records) {
        sortJsonRecord(record, sorter, columns, isStrict);
        if (columns.size > maxNames)
          throw new MillraceError(
            'DATA_TOO_LARGE',
            `${file} has more than ${maxNames} columns, expected at most that`,
            { file },
          );
      }
  } finally {
    sorter.close();
  }
  refuseNames([...columns], file);
  return { columns: [...columns], rowsIn: sorter.rowsIn, rowsRejected: sorter.rowsRejected };
};

const sortJsonRecord = (
  record: TextRecord,
  sorter: RecordSorter,
  columns: Set<string>,
  isStrict: boolean,
): void => {
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
  const fault = isStrict ? jsonRecordFault(line) : undefined;
  if (fault !== undefined) {
    sorter.reject(record, fault);
    return;
  }
  const names = Object.keys(value);
  for (const name of names) columns.add(name);
  sorter.keep(`{"__row":${sorter.rowsIn}${names.length === 0 ? '' : ','}`, Buffer.from(line.slice(1)));
};
