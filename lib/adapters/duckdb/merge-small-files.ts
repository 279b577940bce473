import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { batchWriter } from './batch-writer.ts';
import { isGzip, type SourceFile } from './source-bytes.ts';

/** Several small files of JSON Lines as one: each record of it knows the file and the row it came from. */
export interface MergedFiles {
  readonly source: SourceFile;
  /** By the number of the record in the merged file, from 1 at place 0. */
  readonly from: readonly { readonly place: number; readonly row: number }[];
  /** Records of each file, by its place in the list. */
  readonly rows: ReadonlyMap<number, number>;
}

/** Larger files are worth a statement of their own. */
const maxBytes = 256 * 1024;
const maxUnpackedBytes = 4 * 1024 * 1024;

/** The records of a small file, `undefined` for one that is better read by itself: its faults are its own. */
const recordsOf = ({ filePath, format }: SourceFile): readonly string[] | undefined => {
  if (format !== 'jsonl' || statSync(filePath).size > maxBytes) return undefined;
  try {
    const stored = readFileSync(filePath);
    const bytes =
      stored.length > 1 && isGzip(filePath)
        ? gunzipSync(stored, { maxOutputLength: maxUnpackedBytes })
        : stored;
    const records = bytes
      .toString()
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '');
    // An array, a mark of byte order, or another encoding.
    const isPlain = isUtf8(bytes) && records.length > 0 && records[0]?.startsWith('{');
    return isPlain ? records : undefined;
  } catch {
    return undefined;
  }
};

/**
 * Puts the small files of JSON Lines together, so that thousands of them cost little more than one; `path` is written.
 * `undefined` when there are not two of them.
 */
export const mergeSmallFiles = (files: readonly SourceFile[], path: string): MergedFiles | undefined => {
  const from: { place: number; row: number }[] = [];
  const rows = new Map<number, number>();
  const hash = createHash('sha256');
  const writer = batchWriter(path);
  try {
    for (const [place, file] of files.entries()) {
      const records = recordsOf(file);
      if (records === undefined) continue;
      rows.set(place, records.length);
      for (const [index, record] of records.entries()) {
        from.push({ place, row: index + 1 });
        hash.update(`${record}\n`);
        writer.write(`${record}\n`);
      }
    }
  } finally {
    writer.close();
  }
  if (rows.size < 2) return undefined;
  const source: SourceFile = {
    filePath: path,
    key: 'small files together',
    sha256: hash.digest('hex'),
    format: 'jsonl',
  };
  return { source, from, rows };
};
