import { seededRandom } from '../../../lib/domain/random/index.ts';
import { type ConceptStream, conceptCounter, type StreamOptions } from './concept-stream.ts';

/** θ of the four concepts (Street and Kim, KDD 2001). */
export const seaThresholds = [8, 9, 7, 9.5] as const;
export type SeaConcept = 0 | 1 | 2 | 3;

/** Class 1 iff x1 + x2 > θ: what is true before noise. */
export const seaClass = (cells: ArrayLike<number>, concept: SeaConcept): number =>
  (cells[0] as number) + (cells[1] as number) > seaThresholds[concept] ? 1 : 0;

/** Three columns uniform on [0, 10), the third of no use; a tenth of the labels turned round. */
export const seaStream = (
  options: StreamOptions<SeaConcept> & { readonly labelNoise?: number },
): ConceptStream => {
  const random = seededRandom(options.seed);
  const conceptNow = conceptCounter(options);
  const { labelNoise = 0.1 } = options;
  return {
    columns: [{ name: 'x1' }, { name: 'x2' }, { name: 'x3' }],
    classes: ['below', 'above'],
    next: (cells) => {
      for (let index = 0; index < 3; index += 1) cells[index] = 10 * random.next();
      const label = seaClass(cells, conceptNow());
      return random.next() < labelNoise ? 1 - label : label;
    },
  };
};
