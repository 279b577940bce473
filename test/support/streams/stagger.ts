import { seededRandom } from '../../../lib/domain/random/index.ts';
import { type ConceptStream, conceptCounter, type StreamOptions } from './concept-stream.ts';

export type StaggerConcept = 0 | 1 | 2;

const sizes = ['small', 'medium', 'large'] as const;
const colours = ['red', 'blue', 'green'] as const;
const shapes = ['circle', 'square', 'triangle'] as const;

/** By positions in the values above: small ∧ red; green ∨ circle; medium ∨ large (Schlimmer and Granger, 1986). */
const concepts: readonly ((size: number, colour: number, shape: number) => boolean)[] = [
  (size, colour) => size === 0 && colour === 0,
  (_size, colour, shape) => colour === 2 || shape === 0,
  (size) => size !== 0,
];

export const staggerClass = (cells: ArrayLike<number>, concept: StaggerConcept): number =>
  concepts[concept]?.(cells[0] as number, cells[1] as number, cells[2] as number) ? 1 : 0;

/** Size, colour and shape, each uniform over three values; no noise. */
export const staggerStream = (options: StreamOptions<StaggerConcept>): ConceptStream => {
  const random = seededRandom(options.seed);
  const conceptNow = conceptCounter(options);
  return {
    columns: [
      { name: 'size', values: sizes },
      { name: 'colour', values: colours },
      { name: 'shape', values: shapes },
    ],
    classes: ['false', 'true'],
    next: (cells) => {
      for (let index = 0; index < 3; index += 1) cells[index] = Math.floor(3 * random.next());
      return staggerClass(cells, conceptNow());
    },
  };
};
