import { type RandomStream, seededRandom } from '../../../lib/domain/random/index.ts';

/** Seeded draws for made-up data: the same seed gives the same data on every machine. */
export interface Draws extends RandomStream {
  /** Standard normal, by Box and Muller. */
  normal(): number;
  /** 0 … count − 1. */
  integer(count: number): number;
}

export const draws = (seed: number): Draws => {
  const random = seededRandom(seed);
  const { next } = random;
  return {
    ...random,
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    integer: (count) => Math.floor(next() * count),
  };
};

/** exp(score) over their sum, of each row of [rows, classes]. */
export const softmax = (scores: Float64Array, classes: number): Float64Array => {
  const weights = scores.map(Math.exp);
  return weights.map((weight, at) => {
    const start = at - (at % classes);
    let total = 0;
    for (const each of weights.subarray(start, start + classes)) total += each;
    return weight / total;
  });
};
