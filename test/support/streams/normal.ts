import { type RandomStream, seededRandom } from '../../../lib/domain/random/index.ts';
import type { ConceptStream } from './concept-stream.ts';

/** Standard normal numbers by Box and Muller, two of each pair of uniform ones. */
export const normalDraws = (random: RandomStream): (() => number) => {
  let kept: number | undefined;
  return () => {
    if (kept !== undefined) {
      const second = kept;
      kept = undefined;
      return second;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - random.next()));
    const angle = 2 * Math.PI * random.next();
    kept = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
};

export interface NormalOptions {
  readonly seed: number;
  readonly dimensions: number;
  /** From the row on the first column is this of what it would have been; NaN makes it missing. */
  readonly changeAtRow: number;
  readonly change: (value: number, random: RandomStream) => number;
}

/** Independent standard normal columns; class 1 iff the last one is above zero. One column changes, all at once. */
export const normalStream = (options: NormalOptions): ConceptStream => {
  const { dimensions, changeAtRow, change } = options;
  const random = seededRandom(options.seed);
  const draw = normalDraws(random);
  let row = 0;
  return {
    columns: Array.from({ length: dimensions }, (_, index) => ({ name: `x${index + 1}` })),
    classes: ['below', 'above'],
    next: (cells) => {
      for (let index = 0; index < dimensions; index += 1) cells[index] = draw();
      if (row >= changeAtRow) cells[0] = change(cells[0] as number, random);
      row += 1;
      return (cells[dimensions - 1] as number) > 0 ? 1 : 0;
    },
  };
};
