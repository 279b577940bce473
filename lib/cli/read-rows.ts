import type { ColumnKind } from '../domain/dataset/index.ts';
import { readPlainRows } from '../domain/prediction/index.ts';
import { parseJson } from '../serving/read-body.ts';
import { MillraceError } from '../wire/errors.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import type { AskedColumns } from './surroundings.ts';

/** CSV as RFC 4180 has it: fields in double quotes may hold commas, line feeds and doubled quotes. */
const csvField = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/y;

const parseCsv = (text: string): readonly (readonly string[])[] => {
  const records: string[][] = [[]];
  const body = text.replace(/^\ufeff/, '').replace(/\r?\n$/, '');
  csvField.lastIndex = 0;
  for (;;) {
    const from = csvField.lastIndex;
    const match = csvField.exec(body);
    if (match === null)
      throw new MillraceError(
        'REQUEST_MALFORMED',
        `the CSV breaks in record ${records.length}: a quote is not closed or stands inside a field (near ${JSON.stringify(body.slice(from, from + 20))})`,
      );
    records.at(-1)?.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '');
    if (match[3] === '') return records;
    if (match[3] !== ',') records.push([]);
  }
};

/** A field of a CSV as its column has it; what does not fit stays text, and the signature says what is wrong with it. */
const fieldValue = (field: string, kind: ColumnKind | undefined): JsonValue => {
  if (field === '') return null;
  if (kind === 'number' && /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/.test(field)) return Number(field);
  if (kind === 'boolean' && /^(?:true|false)$/i.test(field)) return field.toLowerCase() === 'true';
  return field;
};

const rowsOfCsv = (text: string, columns: AskedColumns): readonly JsonObject[] => {
  const [head = [], ...records] = parseCsv(text);
  const kinds = new Map(columns.map(({ name, kind }) => [name, kind]));
  return records.map((record, index) => {
    if (record.length !== head.length)
      throw new MillraceError(
        'REQUEST_MALFORMED',
        `record ${index + 1} of the CSV has ${record.length} fields, expected ${head.length} as in its header`,
      );
    return Object.fromEntries(head.map((name, at) => [name, fieldValue(record[at] ?? '', kinds.get(name))]));
  });
};

// How many rows one request takes is the caller's business: a file may hold more.
const rowsOfJson = (text: string): readonly JsonObject[] =>
  readPlainRows(parseJson(text), { maxRows: Number.POSITIVE_INFINITY });

/** Rows out of a file: .csv with a header, .jsonl, or JSON. */
export const readRows = (name: string, text: string, columns: AskedColumns): readonly JsonObject[] => {
  if (/\.csv$/i.test(name)) return rowsOfCsv(text, columns);
  if (/\.(?:jsonl|ndjson)$/i.test(name))
    return text
      .split('\n')
      .filter((line) => line.trim() !== '')
      .flatMap((line) => rowsOfJson(line));
  return rowsOfJson(text);
};
