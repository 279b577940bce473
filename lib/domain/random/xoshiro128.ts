/** A seeded stream of random numbers; the same seed gives the same stream on every machine. */
export interface RandomStream {
  /** A uniform integer from 0 to 2³² − 1. */
  nextUint32(): number;
  /** A uniform number in [0, 1), with 32 random bits. */
  next(): number;
}

const rotateLeft = (x: number, bits: number): number => (x << bits) | (x >>> (32 - bits));

/** splitmix32: spreads a small seed over the 128 bits of state, which must not all be zero. */
const seedWords = (seed: number): [number, number, number, number] => {
  let state = seed | 0;
  const nextWord = (): number => {
    state = (state + 0x9e3779b9) | 0;
    let word = state ^ (state >>> 16);
    word = Math.imul(word, 0x21f0aaad);
    word ^= word >>> 15;
    word = Math.imul(word, 0x735a2d97);
    return word ^ (word >>> 15);
  };
  return [nextWord(), nextWord(), nextWord(), nextWord()];
};

/**
 * xoshiro128** 1.1 by David Blackman and Sebastiano Vigna (https://prng.di.unimi.it/xoshiro128starstar.c), from four words
 * of state, not all 0. Statistical quality for sampling rows and columns; not for secrets.
 */
export const xoshiro128 = (state: readonly [number, number, number, number]): RandomStream => {
  let [s0, s1, s2, s3] = state;
  const nextUint32 = (): number => {
    const result = Math.imul(rotateLeft(Math.imul(s1, 5), 7), 9) >>> 0;
    const shifted = s1 << 9;
    s2 ^= s0;
    s3 ^= s1;
    s1 ^= s2;
    s0 ^= s3;
    s2 ^= shifted;
    s3 = rotateLeft(s3, 11);
    return result;
  };
  return { nextUint32, next: () => nextUint32() / 2 ** 32 };
};

/** The stream of a seed: an integer of 32 bits, spread over the state by splitmix32. */
export const seededRandom = (seed: number): RandomStream => xoshiro128(seedWords(seed));
