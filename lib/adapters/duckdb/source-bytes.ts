import { createHash } from 'node:crypto';
import { closeSync, createReadStream, openSync, readSync, type Stats, statSync } from 'node:fs';
import { PassThrough, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { SourceFormat } from '../../domain/dataset/index.ts';
import { MillraceError } from '../../wire/errors.ts';

/** What a file may hold at most: a small one may unpack to more than any disk has. */
export interface SourceLimits {
  readonly unpackedBytes: number;
  readonly rows: number;
  readonly columns: number;
}

/** A dropped file on the local disk. */
export interface SourceFile {
  readonly filePath: string;
  /** Its name for people. */
  readonly key: string;
  readonly sha256: string;
  readonly format: SourceFormat;
  /** False for a file of an earlier batch: its good rows and its columns hide no fault of the new ones. @default true */
  readonly isNew?: boolean;
  /** @default - what the disk holds */
  readonly limits?: SourceLimits;
}

const chunkBytes = 1024 * 1024;

/** The first bytes of a file. */
export const firstBytesOf = (filePath: string, count: number): Buffer => {
  const file = openSync(filePath, 'r');
  try {
    const bytes = Buffer.alloc(count);
    return bytes.subarray(0, readSync(file, bytes, 0, count, 0));
  } finally {
    closeSync(file);
  }
};

/** By its first two bytes, whatever its name says. */
export const isGzip = (filePath: string): boolean =>
  firstBytesOf(filePath, 2).equals(Buffer.from([0x1f, 0x8b]));

/** What tells that a file is no longer the one it was: cheaper than hashing it again. */
export const fingerprintOf = (filePath: string): string => {
  const { size, mtimeMs, ino }: Stats = statSync(filePath);
  return `${size} ${mtimeMs} ${ino}`;
};

const changed = (source: SourceFile, details: Record<string, unknown>): MillraceError =>
  new MillraceError('OBJECT_CHANGED', `${source.key} is not the file that was announced`, {
    key: source.key,
    ...details,
  });

/** Throws OBJECT_CHANGED when the file was replaced since the fingerprint was taken. */
export const refuseChange = (source: SourceFile, fingerprint: string): void => {
  if (fingerprintOf(source.filePath) !== fingerprint) throw changed(source, { while: 'reading' });
};

const tooLarge = ({ key }: SourceFile, what: string, limit: number): MillraceError =>
  new MillraceError('DATA_TOO_LARGE', `${key} has more than ${limit} ${what}, expected at most that`, {
    file: key,
    limit,
  });

/** Throws DATA_TOO_LARGE for more rows or columns than the file may hold. */
export const refuseSize = (
  source: SourceFile,
  { rows, columns }: { readonly rows: number; readonly columns: number },
): void => {
  const { limits } = source;
  if (limits && rows > limits.rows) throw tooLarge(source, 'rows', limits.rows);
  if (limits && columns > limits.columns) throw tooLarge(source, 'columns', limits.columns);
};

/** Lets no more bytes through than a file may unpack to. */
const bounded = (source: SourceFile): PassThrough => {
  const limit = source.limits?.unpackedBytes ?? Number.POSITIVE_INFINITY;
  let bytes = 0;
  return new PassThrough({
    transform(chunk, _encoding, done) {
      bytes += chunk.length;
      if (bytes > limit) done(tooLarge(source, 'bytes when it is unpacked', limit));
      else done(null, chunk);
    },
  });
};

/**
 * Streams a file's content, uncompressed, into `consume`, and its raw bytes through sha256 on the way.
 * Throws OBJECT_CHANGED when the hash is not the announced one, DATA_UNREADABLE for broken gzip, DATA_TOO_LARGE.
 */
export const readSource = async <Result>(
  source: SourceFile,
  consume: (chunks: AsyncIterable<Uint8Array>) => Promise<Result>,
): Promise<Result> => {
  const hash = createHash('sha256');
  const hashing = new Transform({
    transform(chunk, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  const bytes = createReadStream(source.filePath, { highWaterMark: chunkBytes });
  let result: Result | undefined;
  const sink = async (chunks: AsyncIterable<Uint8Array>) => {
    result = await consume(chunks);
  };
  try {
    if (isGzip(source.filePath))
      await pipeline(bytes, hashing, createGunzip({ chunkSize: chunkBytes }), bounded(source), sink);
    else await pipeline(bytes, hashing, bounded(source), sink);
  } catch (error) {
    throw translateGzip(error, source);
  }
  const actual = hash.digest('hex');
  if (actual !== source.sha256) throw changed(source, { expected: source.sha256, actual });
  return result as Result;
};

const translateGzip = (error: unknown, source: SourceFile): unknown => {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ENOSPC')
    return new MillraceError('STORAGE_FULL', `no space to unpack ${source.key}`, {}, { cause: error });
  if (!code.startsWith('Z_')) return error;
  return new MillraceError(
    'DATA_UNREADABLE',
    `${source.key} is a broken or incomplete gzip file (${code}), expected one that unpacks`,
    { key: source.key },
    { cause: error },
  );
};
