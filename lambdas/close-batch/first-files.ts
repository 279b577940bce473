import type { Arrival } from '../../lib/domain/registry/index.ts';
import { isDoneMark } from '../done-mark.ts';

/** A batch is one record, whose body holds 350 KB; what it says beside its files takes less than 1 KB. */
const maxFilesBytes = 300 * 1024;

/** What a batch keeps of a file, and a comma. */
const bytesOf = ({ key, etag, writtenSecond, sizeBytes, arrivedAt }: Arrival): number =>
  Buffer.byteLength(
    JSON.stringify({ key, etag, writtenSecond, sizeBytes, sha256: 'f'.repeat(64), arrivedAt }),
  ) + 1;

/**
 * The oldest files, as many as one batch can name: about a thousand. The others make up the next one, after their quiet
 * period. Marks come first: this collection may be named after one, and the next must be named after a file.
 */
export const firstFiles = (arrivals: readonly Arrival[]): readonly Arrival[] => {
  const inOrder = arrivals.toSorted((a, b) => Number(isDoneMark(b)) - Number(isDoneMark(a)));
  let bytes = 0;
  const end = inOrder.findIndex((arrival) => {
    bytes += bytesOf(arrival);
    return bytes > maxFilesBytes;
  });
  return end === -1 ? arrivals : inOrder.slice(0, end);
};
