import { seededRandom } from '../../../lib/domain/random/index.ts';
import { type ConceptStream, conceptCounter, type StreamOptions } from './concept-stream.ts';

/** Segments lit by 0 … 9: top, upper left, upper right, middle, lower left, lower right, bottom. */
export const ledDigits = [
  '1110111',
  '0010010',
  '1011101',
  '1011011',
  '0111010',
  '1101011',
  '1101111',
  '1010010',
  '1111111',
  '1111011',
].map((segments) => Array.from(segments, Number));

const segmentCount = 7;
const irrelevantCount = 17;
const onOff = ['0', '1'] as const;

/** Likelihood of what is seen, each segment inverted with the given chance. */
export const ledLikelihood = (seen: ArrayLike<number>, digit: number, noise: number): number =>
  (ledDigits[digit] as number[]).reduce(
    (product, lit, segment) => product * (seen[segment] === lit ? 1 - noise : noise),
    1,
  );

/** The most likely digit, the smallest of equals: nobody can do better. */
export const ledBayesClass = (seen: ArrayLike<number>, noise = 0.1): number => {
  const likelihoods = ledDigits.map((_, digit) => ledLikelihood(seen, digit, noise));
  return likelihoods.indexOf(Math.max(...likelihoods));
};

export interface LedOptions extends StreamOptions<number> {
  readonly segmentNoise?: number;
  /** 17 columns more that toss a coin. */
  readonly hasIrrelevant?: boolean;
}

/**
 * Digits on a display some of whose segments are inverted. The concept is how many of the segments, from the first on,
 * have changed places with a coin: it needs the irrelevant columns where it is not 0.
 */
export const ledStream = (options: LedOptions): ConceptStream => {
  const random = seededRandom(options.seed);
  const conceptNow = conceptCounter(options);
  const { segmentNoise = 0.1, hasIrrelevant = false } = options;
  const width = segmentCount + (hasIrrelevant ? irrelevantCount : 0);
  return {
    columns: Array.from({ length: width }, (_, index) => ({ name: `segment${index + 1}`, values: onOff })),
    classes: ledDigits.map((_, digit) => String(digit)),
    next: (cells) => {
      const digit = Math.floor(10 * random.next());
      (ledDigits[digit] as number[]).forEach((lit, segment) => {
        cells[segment] = random.next() < segmentNoise ? 1 - lit : lit;
      });
      for (let index = segmentCount; index < width; index += 1) cells[index] = random.next() < 0.5 ? 1 : 0;
      const swapped = conceptNow();
      for (let segment = 0; segment < swapped; segment += 1) {
        const lit = cells[segment] as number;
        cells[segment] = cells[segmentCount + segment] as number;
        cells[segmentCount + segment] = lit;
      }
      return digit;
    },
  };
};
