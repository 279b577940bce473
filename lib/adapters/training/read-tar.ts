import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { MillraceError } from '../../wire/errors.ts';

const blockBytes = 512;
/** Of everything in the archive: ten times what a Lambda could hold is an attack or a mistake. */
const maxUnpackedBytes = 20 * 2 ** 30;
/** Of what describes a model: millions of times what it says, and read as a whole. */
const maxJsonBytes = 16 * 2 ** 20;
/** Of the headers with long names that tar writes before an entry. */
const maxHeaderBytes = 2 ** 20;

/** A name in the archive may have a megabyte, and an error travels through the state of an execution. */
const refuse = (what: string, cause?: unknown): never => {
  throw new MillraceError('TRAINING_OUTPUT_INVALID', `model.tar.gz ${what.slice(0, 300)}`, {}, { cause });
};

/** Takes exact numbers of bytes from a stream that comes in pieces of its own size. */
class Blocks {
  readonly #pieces: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);
  #unpacked = 0;

  constructor(stream: AsyncIterable<Buffer>) {
    this.#pieces = stream[Symbol.asyncIterator]();
  }

  async #more(): Promise<boolean> {
    const { done, value } = await this.#pieces.next();
    if (done) return false;
    this.#unpacked += value.length;
    if (this.#unpacked > maxUnpackedBytes) refuse(`unpacks to more than ${maxUnpackedBytes} bytes`);
    this.#rest = value;
    return true;
  }

  /** Hands over so many bytes piece by piece; false when the stream ends before them. */
  async take(count: number, use: (piece: Buffer) => void): Promise<boolean> {
    let wanted = count;
    while (wanted > 0) {
      if (this.#rest.length === 0 && !(await this.#more())) return false;
      const piece = this.#rest.subarray(0, wanted);
      this.#rest = this.#rest.subarray(piece.length);
      wanted -= piece.length;
      use(piece);
    }
    return true;
  }
}

const bytesOf = async (blocks: Blocks, count: number): Promise<Buffer | undefined> => {
  const pieces: Buffer[] = [];
  return (await blocks.take(count, (piece) => pieces.push(piece))) ? Buffer.concat(pieces, count) : undefined;
};

interface Header {
  readonly name: string;
  readonly type: string;
  readonly sizeBytes: number;
}

const text = (block: Buffer, from: number, length: number): string => {
  const field = block.subarray(from, from + length);
  const end = field.indexOf(0);
  return field.toString('utf8', 0, end === -1 ? length : end);
};

/** Octal, or base 256 for what octal cannot hold: https://www.gnu.org/software/tar/manual/html_node/Standard.html */
const sizeOf = (block: Buffer): number => {
  if (((block[124] as number) & 0x80) !== 0) return Number(block.readBigUInt64BE(128));
  const size = Number.parseInt(text(block, 124, 12).trim() || '0', 8);
  return Number.isSafeInteger(size) && size >= 0 ? size : refuse('has an entry without a size');
};

/** The sum of all bytes of the header, its own field taken as blanks. */
const requireChecksum = (block: Buffer): void => {
  const sum = block.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 32 : byte), 0);
  if (Number.parseInt(text(block, 148, 8).trim(), 8) !== sum) refuse('is not a tar archive');
};

const headerOf = (block: Buffer): Header => {
  requireChecksum(block);
  const prefix = text(block, 257, 5) === 'ustar' ? text(block, 345, 155) : '';
  const name = text(block, 0, 100);
  return {
    name: prefix === '' ? name : `${prefix}/${name}`,
    type: String.fromCharCode(block[156] as number),
    sizeBytes: sizeOf(block),
  };
};

/** The path of a pax header: lines of "<length> <name>=<value>". */
const paxPath = (content: string): string | undefined => /(?:^|\n)\d+ path=([^\n]*)/.exec(content)?.[1];

const padding = (sizeBytes: number): number => (blockBytes - (sizeBytes % blockBytes)) % blockBytes;

const content = async (blocks: Blocks, { name, sizeBytes }: Header, maxBytes: number): Promise<Buffer> => {
  if (sizeBytes > maxBytes) refuse(`holds ${name} of ${sizeBytes} bytes, expected at most ${maxBytes}`);
  const bytes = (await bytesOf(blocks, sizeBytes)) ?? refuse(`ends in the middle of ${name}`);
  await blocks.take(padding(sizeBytes), () => {});
  return bytes;
};

const isFile = ({ type }: Header): boolean => type === '0' || type === '\0';

/**
 * Reads files out of a gzipped tar archive by their names, into memory; nothing else of it is kept and nothing is written,
 * so no name in it can lead anywhere. A leading "./" does not count. Of a name that comes twice the last one is taken.
 * Throws TRAINING_OUTPUT_INVALID for what is no such archive, is cut off, or holds a wanted file larger than `maxBytes`,
 * or a .json of more than 16 MiB.
 */
export const readTarGz = async (
  filePath: string,
  names: readonly string[],
  { maxBytes = 512 * 2 ** 20 }: { readonly maxBytes?: number } = {},
): Promise<ReadonlyMap<string, Uint8Array>> => {
  const gunzip = createGunzip();
  const source = createReadStream(filePath);
  source.on('error', (error) => gunzip.destroy(error));
  source.pipe(gunzip);
  const blocks = new Blocks(gunzip);
  const limitOf = (name: string) => (name.endsWith('.json') ? Math.min(maxBytes, maxJsonBytes) : maxBytes);
  const found = new Map<string, Uint8Array>();
  let longName: string | undefined;
  try {
    for (;;) {
      const block = await bytesOf(blocks, blockBytes);
      if (block === undefined || block.every((byte) => byte === 0)) return found;
      const header = headerOf(block);
      if (header.type === 'x' || header.type === 'L') {
        const said = (await content(blocks, header, maxHeaderBytes)).toString('utf8');
        longName = (header.type === 'L' ? said.replace(/\0.*$/s, '') : paxPath(said)) ?? longName;
        continue;
      }
      const name = (longName ?? header.name).replace(/^\.\//, '');
      longName = undefined;
      if (isFile(header) && names.includes(name))
        found.set(name, await content(blocks, { ...header, name }, limitOf(name)));
      else if (!(await blocks.take(header.sizeBytes + padding(header.sizeBytes), () => {})))
        refuse(`ends in the middle of ${name}`);
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (code.startsWith('Z_')) return refuse('is not gzip, or is cut off', error);
    throw error;
  } finally {
    source.destroy();
    gunzip.destroy();
  }
};
