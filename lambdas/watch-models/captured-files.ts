import { createReadStream } from 'node:fs';
import { pipeline, Writable } from 'node:stream';
import { pipeline as pipelined } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { Span } from '../../lib/domain/drift/index.ts';

export const hourMs = 3_600_000;

/** Unpacked bytes in one piece: fewer, larger ones are read faster, up to here. */
const chunkBytes = 256 * 1024;

/** A line longer than this is no prediction record, whatever is in it: memory does not grow with it. */
const maxLineBytes = 8 * 1024 * 1024;

/** One folder an hour, as both capture sinks write them. */
export const hourFoldersOf = (
  model: string,
  { from, to }: Span,
): readonly { readonly prefix: string; readonly hour: Span }[] => {
  const first = Math.floor(from / hourMs);
  const count = Math.ceil(to / hourMs) - first;
  return Array.from({ length: count }, (_, index) => {
    const hour = { from: (first + index) * hourMs, to: (first + index + 1) * hourMs };
    const at = new Date(hour.from).toISOString();
    return { prefix: `captured/model=${model}/dt=${at.slice(0, 10)}/hour=${at.slice(11, 13)}/`, hour };
  });
};

/** What unpacking says of bytes that are no gzip file, or not all of one. */
const isCorrupt = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && /^Z_/.test(String(error.code));

/** Whether a gzip file unpacks to its end and its checksum is right. */
export const isWholeGzip = async (filePath: string): Promise<boolean> => {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  try {
    await pipelined(createReadStream(filePath), createGunzip({ chunkSize: chunkBytes }), nowhere);
    return true;
  } catch (error) {
    if (isCorrupt(error)) return false;
    throw error;
  }
};

/**
 * The lines of a gzip file as they are unpacked, some hundred at a time. A line that is too long to be held comes as
 * `undefined`.
 */
export async function* linesOfGzip(filePath: string): AsyncGenerator<readonly (string | undefined)[]> {
  const gunzip = createGunzip({ chunkSize: chunkBytes });
  // The error of either stream ends the reading of lines; the callback only keeps it from being unhandled.
  const unpacked = pipeline(createReadStream(filePath), gunzip, () => undefined);
  let rest: Buffer = Buffer.alloc(0);
  let isTooLong = false;
  for await (const chunk of unpacked) {
    const end = chunk.lastIndexOf(10);
    if (end < 0) {
      isTooLong ||= rest.length + chunk.length > maxLineBytes;
      rest = isTooLong ? Buffer.alloc(0) : Buffer.concat([rest, chunk]);
      continue;
    }
    const lines: (string | undefined)[] = Buffer.concat([rest, chunk.subarray(0, end)])
      .toString('utf8')
      .split('\n');
    if (isTooLong) lines[0] = undefined;
    isTooLong = false;
    rest = Buffer.from(chunk.subarray(end + 1));
    yield lines;
  }
  yield [isTooLong ? undefined : rest.toString('utf8')];
}
