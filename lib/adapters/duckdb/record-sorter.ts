import { isUtf8 } from 'node:buffer';
import { type BatchWriter, batchWriter } from './batch-writer.ts';
import type { TextRecord } from './record-scanner.ts';

/** A text file after its records were told apart: the sound ones in one file, the others in another. */
export interface CleanText {
  readonly columns: readonly string[];
  /** The delimiter of the clean CSV; absent when it is JSON Lines. */
  readonly delimiter?: string;
  /** Every record of the file, sound or not. */
  readonly rowsIn: number;
  readonly rowsRejected: number;
}

export interface TextPaths {
  /** Each sound record with its number in front, as CSV or JSON Lines. */
  readonly cleanPath: string;
  /** JSON Lines `{ row, reason, raw }`. */
  readonly rejectedPath: string;
}

/** A record as text; one that is not UTF-8 is shown as Latin-1, which can show every byte. */
export const textOf = (record: TextRecord, isSound: boolean): string =>
  record.bytes.toString(isSound ? 'utf8' : 'latin1');

/** Puts the sound records of a text file into one file and the others, with their reasons, into another. */
export class RecordSorter {
  rowsIn = 0;
  rowsRejected = 0;
  readonly #clean: BatchWriter;
  readonly #rejected: BatchWriter;

  constructor(paths: TextPaths) {
    this.#clean = batchWriter(paths.cleanPath);
    this.#rejected = batchWriter(paths.rejectedPath);
  }

  keep(before: string, bytes: Uint8Array): void {
    this.#clean.write(before);
    this.#clean.write(bytes);
    this.#clean.write('\n');
  }

  reject(record: TextRecord, reason: string): void {
    this.rowsRejected += 1;
    const isSound = isUtf8(record.bytes);
    const raw = textOf(record, isSound);
    this.#rejected.write(
      `${JSON.stringify({ row: this.rowsIn, reason: isSound ? reason : 'not UTF-8', raw })}\n`,
    );
  }

  close(): void {
    this.#clean.close();
    this.#rejected.close();
  }
}
