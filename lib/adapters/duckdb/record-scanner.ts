/** One record of a text file, still as bytes. */
export interface TextRecord {
  readonly bytes: Buffer;
  /** CSV: how many fields it has. */
  readonly fields: number;
  /** Why it cannot be read; absent for a sound record. */
  readonly problem?: string;
}

const newline = 10;
const carriageReturn = 13;
const quote = 34;

/** A record longer than this is a quote that was never closed, or no table at all. */
export const maxRecordBytes = 4 * 1024 * 1024;

/** What one look at the buffer found: a record ending before `next`, or nothing yet. */
interface Found {
  readonly end: number;
  readonly next: number;
  readonly fields: number;
  readonly problem?: string;
}

/**
 * The end of the CSV record that starts at `start`, by RFC 4180: a quote opens a field only at its beginning, and a
 * doubled quote inside is a quote. CR, LF and CRLF all end a record. `undefined` when the buffer ends first.
 */
const findCsvRecord = (
  buffer: Buffer,
  start: number,
  delimiter: number,
  isLast: boolean,
): Found | undefined => {
  const length = buffer.length;
  let fields = 1;
  let position = start;
  let isFieldStart = true;
  let problem: string | undefined;
  while (position < length) {
    const byte = buffer[position] as number;
    if (byte === quote && isFieldStart) {
      position = endOfQuoted(buffer, position + 1);
      if (position < 0) return undefined;
      const after = buffer[position];
      if (after === undefined && !isLast) return undefined;
      const isClosed =
        after === undefined || after === delimiter || after === newline || after === carriageReturn;
      if (!isClosed) problem = 'text after a closing quote';
      isFieldStart = false;
      continue;
    }
    if (byte === newline || byte === carriageReturn) {
      // A CR at the very end of the buffer may be half of a CRLF.
      if (byte === carriageReturn && position + 1 === length && !isLast) return undefined;
      const isPair = byte === carriageReturn && buffer[position + 1] === newline;
      return {
        end: position,
        next: position + (isPair ? 2 : 1),
        fields,
        ...(problem === undefined ? {} : { problem }),
      };
    }
    isFieldStart = byte === delimiter;
    if (isFieldStart) fields += 1;
    position += 1;
  }
  return isLast
    ? { end: length, next: length, fields, ...(problem === undefined ? {} : { problem }) }
    : undefined;
};

/** The place after the quote that closes, or −1 when there is none yet. */
const endOfQuoted = (buffer: Buffer, from: number): number => {
  let position = buffer.indexOf(quote, from);
  while (position >= 0 && buffer[position + 1] === quote) position = buffer.indexOf(quote, position + 2);
  return position < 0 ? -1 : position + 1;
};

const findLine = (buffer: Buffer, start: number, isLast: boolean): Found | undefined => {
  const place = buffer.indexOf(newline, start);
  if (place < 0) return isLast ? { end: buffer.length, next: buffer.length, fields: 1 } : undefined;
  const end = place > start && buffer[place - 1] === carriageReturn ? place - 1 : place;
  return { end, next: place + 1, fields: 1 };
};

/** Gives up on the record at `start`: its first line is set aside and reading goes on with the next. */
const giveUp = (buffer: Buffer, start: number, problem: string): Found => {
  const line = findLine(buffer, start, true) ?? { end: buffer.length, next: buffer.length };
  // In a file whose lines end with CR alone, the next LF may be the end of the file.
  const carriage = buffer.subarray(start, line.end).indexOf(carriageReturn);
  const { end, next } = carriage < 0 ? line : { end: start + carriage, next: start + carriage + 1 };
  return { end, next, fields: 0, problem };
};

/**
 * Cuts a stream of bytes into records, in batches, and loses none: whatever cannot be a record comes with a problem.
 * A quote that never closes costs only the line it stands on. Blank lines are not records.
 */
export async function* scanRecords(
  chunks: AsyncIterable<Uint8Array>,
  delimiter: number | undefined,
): AsyncGenerator<readonly TextRecord[]> {
  const find = (buffer: Buffer, start: number, isLast: boolean): Found | undefined => {
    const found =
      delimiter === undefined
        ? findLine(buffer, start, isLast)
        : findCsvRecord(buffer, start, delimiter, isLast);
    if (found !== undefined) return found;
    const isHopeless = isLast || buffer.length - start > maxRecordBytes;
    return isHopeless
      ? giveUp(buffer, start, 'a quote that is never closed, or a line over 4 MiB')
      : undefined;
  };
  let rest: Buffer = Buffer.alloc(0);
  const take = (isLast: boolean): TextRecord[] => {
    const records: TextRecord[] = [];
    let start = 0;
    while (start < rest.length) {
      const found = find(rest, start, isLast);
      if (found === undefined) break;
      const { end, next, fields, problem } = found;
      if (end > start)
        records.push({
          bytes: rest.subarray(start, end),
          fields,
          ...(problem === undefined ? {} : { problem }),
        });
      start = next;
    }
    rest = rest.subarray(start);
    return records;
  };
  for await (const chunk of chunks) {
    rest =
      rest.length === 0
        ? Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
        : Buffer.concat([rest, chunk]);
    yield take(false);
  }
  yield take(true);
}
