import { closeSync, openSync, writeSync } from 'node:fs';
import { MillraceError } from '../../wire/errors.ts';

/** Writes many small pieces to a new file in large blocks. */
export interface BatchWriter {
  write(piece: Uint8Array | string): void;
  /** Writes what is left and closes the file. */
  close(): void;
}

const blockBytes = 1024 * 1024;

const writeAll = (file: number, bytes: Uint8Array): void => {
  try {
    for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
  } catch (error) {
    const isFull = error instanceof Error && 'code' in error && error.code === 'ENOSPC';
    throw isFull
      ? new MillraceError('STORAGE_FULL', 'no space to prepare data', {}, { cause: error })
      : error;
  }
};

/** Opens a file for writing; throws STORAGE_FULL when the disk has no room left. */
export const batchWriter = (filePath: string): BatchWriter => {
  const file = openSync(filePath, 'w');
  const block = Buffer.allocUnsafe(blockBytes);
  let used = 0;
  const flush = () => {
    writeAll(file, block.subarray(0, used));
    used = 0;
  };
  return {
    write: (piece) => {
      const length = typeof piece === 'string' ? Buffer.byteLength(piece) : piece.length;
      if (used + length > blockBytes) flush();
      if (length > blockBytes) {
        writeAll(file, Buffer.from(piece));
        return;
      }
      if (typeof piece === 'string') block.write(piece, used);
      else block.set(piece, used);
      used += length;
    },
    close: () => {
      try {
        flush();
      } finally {
        closeSync(file);
      }
    },
  };
};
