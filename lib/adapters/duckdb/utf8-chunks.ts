import { MillraceError } from '../../wire/errors.ts';

const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

/** Throws DATA_ENCODING for a file that says so. */
export const refuseEncoding = (file: string, what: string): never => {
  throw new MillraceError('DATA_ENCODING', `${file} ${what}, expected UTF-8`, { file });
};

/** The content after its byte order mark. Throws DATA_EMPTY, and DATA_ENCODING for UTF-16 and binary content. */
export async function* utf8Chunks(chunks: AsyncIterable<Uint8Array>, file: string): AsyncGenerator<Buffer> {
  let isFirst = true;
  for await (const chunk of chunks) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const mark = isFirst && bytes.length > 1 ? bytes.readUInt16BE(0) : 0;
    if (mark === 0xfffe || mark === 0xfeff) refuseEncoding(file, 'is written in UTF-16');
    if (bytes.includes(0)) refuseEncoding(file, 'holds zero bytes, as UTF-16 and binary files do');
    yield isFirst && bytes.subarray(0, 3).equals(byteOrderMark) ? bytes.subarray(3) : bytes;
    isFirst = false;
  }
}

/** First chunk of a stream and the stream with it put back. */
export const peek = async (chunks: AsyncIterable<Buffer>, file: string) => {
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
