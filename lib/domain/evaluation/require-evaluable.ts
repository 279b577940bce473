import { MillraceError } from '../../wire/errors.ts';

// Probabilities arrive as float32: 1e-6 forgives its rounding of single values, 1e-3 the sum of thousands of them.
const rangeTolerance = 1e-6;
const sumTolerance = 1e-3;

const impossible = (what: string, details: Record<string, unknown>): never => {
  throw new MillraceError('EVALUATION_IMPOSSIBLE', what, details);
};

/** Throws EVALUATION_IMPOSSIBLE unless there are rows, and as many answers as rows. */
export const requireRows = (rows: number, answers: number, answersPerRow = 1): void => {
  if (rows === 0) impossible('the test part has 0 rows, expected at least 1', { rows });
  if (answers !== rows * answersPerRow)
    impossible(`the model gave ${answers} numbers for ${rows} rows, expected ${rows * answersPerRow}`, {
      rows,
      answers,
    });
};

/** Throws EVALUATION_IMPOSSIBLE at the first value that is NaN or infinite. */
export const requireFinite = (values: Float64Array | Float32Array, name: string): void => {
  for (let row = 0; row < values.length; row++) {
    const value = values[row] as number;
    if (!Number.isFinite(value))
      impossible(`${name} of test row ${row} is ${value}, expected a finite number`, { row, value });
  }
};

/** Throws EVALUATION_IMPOSSIBLE at the first value that is not a probability. */
export const requireProbabilities = (values: Float64Array | Float32Array): void => {
  requireFinite(values, 'the probability');
  for (let at = 0; at < values.length; at++) {
    const value = values[at] as number;
    if (value < -rangeTolerance || value > 1 + rangeTolerance)
      impossible(`probability ${at} is ${value}, expected 0 to 1`, { at, value });
  }
};

/** Throws EVALUATION_IMPOSSIBLE at the first row whose class probabilities do not sum to 1. */
export const requireDistributions = (probabilities: Float64Array | Float32Array, classes: number): void => {
  requireProbabilities(probabilities);
  for (let start = 0; start < probabilities.length; start += classes) {
    let sum = 0;
    for (let index = 0; index < classes; index++) sum += probabilities[start + index] as number;
    if (Math.abs(sum - 1) > sumTolerance)
      impossible(`the probabilities of test row ${start / classes} sum to ${sum}, expected 1`, { sum });
  }
};

/** Throws EVALUATION_IMPOSSIBLE at the first class index outside 0 … classes − 1. */
export const requireClassIndices = (indices: Int32Array, classes: number, name: string): void => {
  for (let row = 0; row < indices.length; row++) {
    const index = indices[row] as number;
    if (index < 0 || index >= classes)
      impossible(`${name} of test row ${row} is class ${index}, expected 0 to ${classes - 1}`, {
        row,
        index,
      });
  }
};
