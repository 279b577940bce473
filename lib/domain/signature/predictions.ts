import type { Signature } from './signature.ts';

/** What a model answers for n rows. */
export type Predictions =
  | {
      readonly kind: 'classes';
      /** Row-major [n, K], columns in the order of `signature.classes`. */
      readonly probabilities: Float32Array | Float64Array;
      /** Positions in `signature.classes`: the most probable, or for two classes what the threshold says. */
      readonly labels: Int32Array;
    }
  | { readonly kind: 'values'; readonly values: Float64Array };

/**
 * The class of each row. With a positive class and a threshold: positive from the threshold on; else the most
 * probable, the first of equals.
 */
export const chooseLabels = (
  probabilities: Float32Array | Float64Array,
  signature: Pick<Signature, 'classes' | 'positiveClass' | 'threshold'>,
): Int32Array => {
  const { classes = [], positiveClass, threshold } = signature;
  const width = classes.length;
  const rows = width === 0 ? 0 : probabilities.length / width;
  const positive = positiveClass === undefined ? -1 : classes.indexOf(positiveClass);
  const hasThreshold = width === 2 && positive !== -1 && threshold !== undefined;
  return Int32Array.from({ length: rows }, (_, row) => {
    if (!hasThreshold) return mostProbable(probabilities, row * width, width);
    return (probabilities[row * 2 + positive] as number) >= threshold ? positive : 1 - positive;
  });
};

const mostProbable = (probabilities: Float32Array | Float64Array, start: number, width: number): number => {
  let best = 0;
  for (let index = 1; index < width; index++)
    if ((probabilities[start + index] as number) > (probabilities[start + best] as number)) best = index;
  return best;
};
