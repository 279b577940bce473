import type { RandomStream } from './xoshiro128.ts';

/**
 * Draws `count` of the indices 0 … total − 1 without replacement into the front of `drawn`, ascending, and the others
 * behind them, ascending too. Every subset is equally likely: Knuth, The Art of Computer Programming 2, 3.4.2,
 * algorithm S.
 */
export const drawIndices = (options: {
  readonly random: RandomStream;
  readonly total: number;
  readonly count: number;
  readonly drawn: Int32Array;
}): void => {
  const { random, total, count, drawn } = options;
  let taken = 0;
  for (let index = 0; index < total; index += 1) {
    const isTaken = (total - index) * random.next() < count - taken;
    if (isTaken) {
      drawn[taken] = index;
      taken += 1;
    } else {
      drawn[count + index - taken] = index;
    }
  }
};
