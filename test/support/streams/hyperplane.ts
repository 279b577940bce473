import { seededRandom } from '../../../lib/domain/random/index.ts';
import type { ConceptStream } from './concept-stream.ts';

/** Class 1 iff Σ w x ≥ ½ Σ w. */
export const hyperplaneClass = (cells: ArrayLike<number>, weights: ArrayLike<number>): number => {
  let side = 0;
  for (let index = 0; index < weights.length; index += 1)
    side += (weights[index] as number) * ((cells[index] as number) - 0.5);
  return side >= 0 ? 1 : 0;
};

export interface HyperplaneOptions {
  readonly seed: number;
  readonly dimensions?: number;
  /** How many of the weights drift, from the first on, and by how much after each row. */
  readonly driftingWeights?: number;
  readonly changePerRow?: number;
  /** The chance, after each row, that a weight turns back. */
  readonly turnShare?: number;
  readonly labelNoise?: number;
  /** From the row on every second weight, from the first on, counts the other way: an abrupt change. */
  readonly switchAtRow?: number;
}

export interface HyperplaneStream extends ConceptStream {
  /** As they are for the next row. */
  readonly weights: Float64Array;
}

/** A plane that turns slowly through the unit cube; 10 dimensions, 2 of which drift, 5 % of the labels turned round. */
export const hyperplaneStream = (options: HyperplaneOptions): HyperplaneStream => {
  const {
    dimensions = 10,
    driftingWeights = 2,
    changePerRow = 0,
    turnShare = 0.1,
    labelNoise = 0.05,
  } = options;
  const random = seededRandom(options.seed);
  const weights = Float64Array.from({ length: dimensions }, () => random.next());
  const direction = new Int8Array(driftingWeights).fill(1);
  const drift = () => {
    direction.forEach((sign, index) => {
      weights[index] = (weights[index] as number) + sign * changePerRow;
      if (random.next() < turnShare) direction[index] = -sign;
    });
  };
  let row = 0;
  return {
    columns: Array.from({ length: dimensions }, (_, index) => ({ name: `x${index + 1}` })),
    classes: ['below', 'above'],
    weights,
    next: (cells) => {
      if (row === options.switchAtRow)
        for (let index = 0; index < dimensions; index += 2) weights[index] = -(weights[index] as number);
      for (let index = 0; index < dimensions; index += 1) cells[index] = random.next();
      const label = hyperplaneClass(cells, weights);
      const isTurned = random.next() < labelNoise;
      drift();
      row += 1;
      return isTurned ? 1 - label : label;
    },
  };
};
