import { hash } from 'node:crypto';

/** 2^19 buckets of 8 ids of two 32-bit words: 32 MB, of which only what is used takes memory. */
const buckets = 2 ** 19;
const wordsPerBucket = 2 * 8;

/**
 * Tells ids that come again: capture delivers at least once. Memory does not grow with the predictions: each bucket holds
 * the latest 8 ids that fell into it, by 64 bits of their hash. An id that comes again after a million others is told
 * 999 times of 1,000, after two million 95 of 100; else it is taken for new. Two ids are taken for one about once in
 * 10¹⁸ looks.
 */
export const repeatedIds = () => {
  // Made with the first id: most looks of a quiet model see none.
  let words: Uint32Array | undefined;
  return {
    /** Whether this id was here before; it is from now on. */
    isRepeated: (id: string): boolean => {
      words ??= new Uint32Array(buckets * wordsPerBucket);
      const digest = hash('sha256', id, 'buffer');
      const from = (digest.readUInt32LE(0) % buckets) * wordsPerBucket;
      const to = from + wordsPerBucket;
      const [first, second] = [digest.readUInt32LE(4), digest.readUInt32LE(8)];
      for (let at = from; at < to; at += 2) if (words[at] === first && words[at + 1] === second) return true;
      // The newest in front; the oldest of the bucket drops out.
      words.copyWithin(from + 2, from, to - 2);
      words[from] = first;
      words[from + 1] = second;
      return false;
    },
    /** Takes back what was told of rows that turned out not to count. */
    forget: (): void => {
      words = undefined;
    },
  };
};
export type RepeatedIds = ReturnType<typeof repeatedIds>;
