import type { OnTrainingProgress } from '../training-matrix.ts';
import { type CentredMatrix, readCentredRow } from './centred-matrix.ts';
import { minimise } from './minimise.ts';
import { binaryRowLoss, softmaxRowLoss } from './row-losses.ts';

/**
 * Logistic regression for two classes, softmax regression for more, with an l2 penalty: scikit-learn's LogisticRegression
 * with C = 1 / l2. Minimised is the mean over rows, f = Σ loss / n + l2 |w|² / (2 n).
 *
 * | symbol    | meaning                                                                    | shape              |
 * | --------- | -------------------------------------------------------------------------- | ------------------ |
 * | w         | coefficients of the centred features, intercept last                       | K × (features + 1) |
 * | base      | log share of each class: where intercepts start                            | K                  |
 * | scales    | w = scales · u; what is minimised moves in u, where curvature is about 1    | like w             |
 */
export interface LogisticFit {
  /** K × features. */
  readonly coefficients: Float64Array;
  /** By output, for centred features. */
  readonly intercepts: Float64Array;
  readonly isConverged: boolean;
  /** Mean log loss with the penalty, at the start and after each iteration. */
  readonly losses: readonly number[];
}

export interface LogisticTraining {
  readonly matrix: CentredMatrix;
  readonly indices: Int32Array;
  readonly classes: number;
  readonly l2: number;
  readonly maxIterations: number;
  readonly onProgress?: OnTrainingProgress | undefined;
}

/** In units of u: coefficients are then good to about 7 digits of their own uncertainty. */
const gradientTolerance = 1e-7;

/** A class without training rows counts as half a row, so that its start is finite. */
const halfRow = 0.5;

const classShares = ({ indices, classes }: LogisticTraining): Float64Array => {
  const counts = new Float64Array(classes);
  for (const index of indices) (counts[index] as number) += 1;
  return counts.map((count) => Math.max(count, halfRow) / indices.length);
};

const baseOf = (shares: Float64Array): Float64Array => {
  const [first = 1, second = 1] = shares;
  return shares.length === 2 ? Float64Array.of(Math.log(second / first)) : shares.map(Math.log);
};

/** 1 / √(curvature at the start): p (1 − p) Σ x² / n + l2 / n for a coefficient, p (1 − p) for an intercept. */
const scalesOf = (training: LogisticTraining, shares: Float64Array): Float64Array => {
  const { matrix, classes, l2 } = training;
  const { rows, featureCount } = matrix;
  const squares = new Float64Array(featureCount);
  const features = new Float64Array(featureCount);
  for (let row = 0; row < rows; row += 1) {
    readCentredRow(matrix, row, features);
    for (let feature = 0; feature < featureCount; feature += 1)
      (squares[feature] as number) += (features[feature] as number) ** 2 / rows;
  }
  const outputShares = classes === 2 ? shares.subarray(1) : shares;
  const curvatures = [...outputShares].flatMap((share) => {
    const spread = share * (1 - share);
    return [...Array.from(squares, (square) => spread * square + l2 / rows), spread];
  });
  return Float64Array.from(curvatures, (value) => (value > 0 ? 1 / Math.sqrt(value) : 1));
};

/** Adds the data's part of the gradient by w to `gradient` and returns the data's part of the mean loss. */
const accumulate = (
  training: LogisticTraining,
  base: Float64Array,
  w: Float64Array,
  gradient: Float64Array,
): number => {
  const { matrix, indices } = training;
  const { rows, featureCount } = matrix;
  const width = featureCount + 1;
  const rowLoss = base.length === 1 ? binaryRowLoss : softmaxRowLoss;
  const margins = new Float64Array(base.length);
  const features = new Float64Array(featureCount);
  let loss = 0;
  for (let row = 0; row < rows; row += 1) {
    readCentredRow(matrix, row, features);
    for (let output = 0; output < base.length; output += 1) {
      const start = output * width;
      let margin = (base[output] as number) + (w[start + featureCount] as number);
      for (let feature = 0; feature < featureCount; feature += 1)
        margin += (features[feature] as number) * (w[start + feature] as number);
      margins[output] = margin;
    }
    loss += rowLoss(margins, indices[row] as number);
    for (let output = 0; output < base.length; output += 1) {
      const start = output * width;
      const residual = margins[output] as number;
      for (let feature = 0; feature < featureCount; feature += 1)
        (gradient[start + feature] as number) += residual * (features[feature] as number);
      (gradient[start + featureCount] as number) += residual;
    }
  }
  return loss / rows;
};

/** Value and gradient by u of f. */
const objectiveOf = (training: LogisticTraining, base: Float64Array, scales: Float64Array) => {
  const { matrix, l2 } = training;
  const { rows, featureCount } = matrix;
  return (u: Float64Array, gradient: Float64Array): number => {
    const w = u.map((value, at) => value * (scales[at] as number));
    let loss = accumulate(training, base, w, gradient);
    for (let at = 0; at < w.length; at += 1) {
      const isIntercept = at % (featureCount + 1) === featureCount;
      const penalty = isIntercept ? 0 : l2 / rows;
      loss += (penalty / 2) * (w[at] as number) ** 2;
      gradient[at] = ((gradient[at] as number) / rows + penalty * (w[at] as number)) * (scales[at] as number);
    }
    return loss;
  };
};

/** Softmax margins may all move together unnoticed: take the mean away from every K numbers that belong together. */
const centreOverOutputs = (w: Float64Array, outputs: number): void => {
  const width = w.length / outputs;
  for (let at = 0; outputs > 1 && at < width; at += 1) {
    let mean = 0;
    for (let output = 0; output < outputs; output += 1) mean += (w[output * width + at] as number) / outputs;
    for (let output = 0; output < outputs; output += 1) (w[output * width + at] as number) -= mean;
  }
};

export const trainLogistic = (training: LogisticTraining): LogisticFit => {
  const { matrix, maxIterations, onProgress } = training;
  const shares = classShares(training);
  const base = baseOf(shares);
  const scales = scalesOf(training, shares);
  const { x, isConverged, values } = minimise({
    size: scales.length,
    evaluate: objectiveOf(training, base, scales),
    maxIterations,
    tolerance: gradientTolerance,
    onIteration: (done) => onProgress?.(done, maxIterations),
  });
  const width = matrix.featureCount + 1;
  const w = x.map((value, at) => value * (scales[at] as number));
  for (const [output, start] of base.entries()) (w[output * width + width - 1] as number) += start;
  centreOverOutputs(w, base.length);
  return {
    coefficients: w.filter((_, at) => at % width !== width - 1),
    intercepts: w.filter((_, at) => at % width === width - 1),
    isConverged,
    losses: values,
  };
};
