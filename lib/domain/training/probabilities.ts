import type { TrainingTask } from './training-matrix.ts';

const softmaxRow = (margins: Float64Array, into: Float64Array): void => {
  const most = Math.max(...margins);
  let total = 0;
  for (const [index, margin] of margins.entries()) {
    into[index] = Math.exp(margin - most);
    total += into[index] as number;
  }
  for (const index of margins.keys()) into[index] = (into[index] as number) / total;
};

/** Probabilities [rows, classes], row-major, from margins [rows, outputs] of a binary or multiclass model. */
export const probabilitiesOf = (
  task: Exclude<TrainingTask, 'regression'>,
  margins: Float64Array,
  outputs: number,
): Float64Array => {
  if (task === 'binary') {
    const probabilities = new Float64Array(margins.length * 2);
    for (const [row, margin] of margins.entries()) {
      probabilities[row * 2] = 1 / (1 + Math.exp(margin));
      probabilities[row * 2 + 1] = 1 / (1 + Math.exp(-margin));
    }
    return probabilities;
  }
  const probabilities = new Float64Array(margins.length);
  for (let start = 0; start < margins.length; start += outputs)
    softmaxRow(margins.subarray(start, start + outputs), probabilities.subarray(start, start + outputs));
  return probabilities;
};
