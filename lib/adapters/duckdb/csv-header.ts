import { MillraceError } from '../../wire/errors.ts';

const delimiters = [',', ';', '\t', '|'] as const;

/** The delimiter that cuts the first line into the most fields, quoted parts left out; a comma when none does. */
export const delimiterOf = (firstLine: string): string => {
  const bare = firstLine.replace(/"(?:[^"]|"")*"/g, '');
  const counted = delimiters.map((delimiter) => ({ delimiter, cuts: bare.split(delimiter).length }));
  return counted.reduce((best, next) => (next.cuts > best.cuts ? next : best)).delimiter;
};

/** The fields of one sound CSV record. */
export const splitCsvRecord = (record: string, delimiter: string): readonly string[] => {
  const fields: string[] = [];
  let position = 0;
  while (position <= record.length) {
    if (record[position] === '"') {
      const closed = /^"((?:[^"]|"")*)"/.exec(record.slice(position));
      fields.push((closed?.[1] ?? '').replaceAll('""', '"'));
      position += (closed?.[0].length ?? record.length) + 1;
      continue;
    }
    const cut = record.indexOf(delimiter, position);
    const end = cut < 0 ? record.length : cut;
    fields.push(record.slice(position, end));
    position = end + 1;
  }
  return fields;
};

/** Names Millrace needs for itself while it works. */
const reserved = new Set(['__row', '__source', '__pos', '__bad', '__part', '__target', '__mistyped']);

/** Column names of a CSV header: trimmed, "column_3" for an empty third one. */
export const namesOfHeader = (header: readonly string[]): readonly string[] =>
  header.map((name, place) => (name.trim() === '' ? `column_${place + 1}` : name.trim()));

/**
 * Throws DATA_UNREADABLE for two names that differ at most in case (SQL cannot tell them apart), for a reserved one and for
 * one that no SQL can hold.
 */
export const refuseNames = (names: readonly string[], file: string): void => {
  const seen = new Map<string, string>();
  for (const name of names) {
    if (name === '' || name.includes('\0') || !name.isWellFormed())
      throw new MillraceError(
        'DATA_UNREADABLE',
        `${file} has a column ${JSON.stringify(name.slice(0, 80))}, expected names of whole characters, none of them zero`,
        { file, column: name },
      );
    const earlier = seen.get(name.toLowerCase());
    const what =
      earlier !== undefined
        ? `the columns "${earlier}" and "${name}", expected names that differ in more than case`
        : `a column "${name}", a name Millrace keeps for itself`;
    if (earlier !== undefined || reserved.has(name.toLowerCase()))
      throw new MillraceError('DATA_UNREADABLE', `${file} has ${what}`, { file, column: name });
    seen.set(name.toLowerCase(), name);
  }
};
