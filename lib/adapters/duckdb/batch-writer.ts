import { closeSync, openSync, writeSync } from 'node:fs';
import { MillraceError } from '../../wire/errors.ts';

/** Writes many small pieces to a new file in large blocks. */
export interface BatchWriter {
  write(piece: Uint8Array | string): void;
  /** Writes what is left and closes the file. */
  close(): void;
}

const blockBytes = 1024 * 1024;

/** Below this a loop beats the call into native code. */
const shortLength = 96;

/** Copies a short piece into the block at `at`; returns how many bytes it took. */
const putShort = (block: Buffer, at: number, piece: Uint8Array | string): number => {
  const { length } = piece;
  if (typeof piece !== 'string') {
    for (let index = 0; index < length; index += 1) block[at + index] = piece[index] as number;
    return length;
  }
  for (let index = 0; index < length; index += 1) {
    const code = piece.charCodeAt(index);
    if (code > 127) return block.write(piece, at);
    block[at + index] = code;
  }
  return length;
};

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
      // A character takes three bytes at most.
      if (piece.length < shortLength && used + 3 * piece.length <= blockBytes) {
        used += putShort(block, used, piece);
        return;
      }
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
