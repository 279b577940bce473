import Table from 'cli-table3';

/** No frames: what stands out is the content, and columns survive copying and `cut`. */
const plain = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};

/** Control characters but for the line feed: a column name of somebody's file must not steer the terminal. */
const printable = (text: string): string => text.replace(/(?!\n)\p{Cc}/gu, '\ufffd');

/**
 * A table for people: a head in capitals, aligned columns, a line feed at the end. `ids` are further heads that stand
 * as they are, to be copied.
 */
export const renderTable = (
  head: readonly string[],
  rows: readonly (readonly string[])[],
  ids: readonly string[] = [],
): string => {
  const table = new Table({
    head: [...head.map((name) => name.toUpperCase()), ...ids],
    chars: plain,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  table.push(...rows.map((row) => row.map(printable)));
  return `${table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')}\n`;
};

/** Names and values below each other. */
export const renderFacts = (entries: readonly (readonly [string, string | undefined])[]): string => {
  const known = entries.filter(
    (entry): entry is readonly [string, string] => entry[1] !== undefined && entry[1] !== '',
  );
  const width = Math.max(0, ...known.map(([name]) => name.length));
  return known.map(([name, value]) => `${name.padEnd(width)}  ${printable(value)}\n`).join('');
};
