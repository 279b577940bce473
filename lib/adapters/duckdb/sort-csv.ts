import { isUtf8 } from 'node:buffer';
import { MillraceError } from '../../wire/errors.ts';
import { delimiterOf, namesOfHeader, refuseNames, splitCsvRecord } from './csv-header.ts';
import { scanRecords, type TextRecord } from './record-scanner.ts';
import { type CleanText, RecordSorter, type TextPaths } from './record-sorter.ts';
import { peek, refuseEncoding, utf8Chunks } from './utf8-chunks.ts';

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
  const sorter = new RecordSorter(paths);
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
