import { hash } from 'node:crypto';

/** Two words of 32 bits each: 32 MB, of which only what is used takes memory, whatever the number of predictions. */
const slots = 2 ** 22;

/**
 * Tells ids that come again: capture delivers at least once. A table of the last id in each of its slots, by 64 bits of
 * its hash: an id that comes again after k others is told with probability e^(−k/4,194,304), 0.98 after 100,000, and is
 * counted twice else. Two ids are taken for one less than once in 10¹⁹ looks.
 */
export const repeatedIds = () => {
  const high = new Uint32Array(slots);
  const low = new Uint32Array(slots);
  return {
    /** Whether this id was here before; it is from now on. */
    isRepeated: (id: string): boolean => {
      const digest = hash('sha256', id, 'buffer');
      const slot = digest.readUInt32LE(0) % slots;
      const [first, second] = [digest.readUInt32LE(4), digest.readUInt32LE(8)];
      const isKnown = high[slot] === first && low[slot] === second;
      high[slot] = first;
      low[slot] = second;
      return isKnown;
    },
    /** Takes back what was told of rows that turned out not to count. */
    forget: (): void => {
      high.fill(0);
      low.fill(0);
    },
  };
};
export type RepeatedIds = ReturnType<typeof repeatedIds>;
