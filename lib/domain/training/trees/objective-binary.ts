import { gradientUnit, roundingMagic } from './gradient-grid.ts';
import { classIndices, type Objective } from './objective.ts';

/** Class shares are kept this far from 0: a class that only validation rows have must not make the loss infinite. */
const halfRow = 0.5;

const logOdds = (indices: Int32Array): number => {
  let positives = 0;
  for (const index of indices) positives += index;
  return Math.log(Math.max(positives, halfRow) / Math.max(indices.length - positives, halfRow));
};

/** (1 + e^−|m|) ≤ 2, so a product of 512 of them stays below 2⁵¹² and one logarithm serves 512 rows. */
const rowsPerLogarithm = 512;

/** Mean of ln(1 + e^−m) = max(−m, 0) + ln(1 + e^−|m|), m the margin towards the true class. */
const meanLogLoss = (margins: Float64Array, indices: Int32Array): number => {
  const rows = indices.length;
  let sum = 0;
  for (let begin = 0; begin < rows; begin += rowsPerLogarithm) {
    const end = Math.min(rows, begin + rowsPerLogarithm);
    let product = 1;
    for (let row = begin; row < end; row += 1) {
      const margin = indices[row] === 1 ? (margins[row] as number) : -(margins[row] as number);
      if (margin < 0) sum -= margin;
      product *= 1 + Math.exp(-Math.abs(margin));
    }
    sum += Math.log(product);
  }
  return sum / rows;
};

/** Log loss of two classes: gradient p − y, hessian p (1 − p). */
export const binaryObjective = (indices: Int32Array): Objective => {
  const rows = indices.length;
  const magic = roundingMagic(gradientUnit(rows, 1));
  return {
    task: 'binary',
    loss: 'logLoss',
    outputs: 1,
    baseScores: Float32Array.of(logOdds(indices)),
    fillGradients: (margins, gradients, hessians) => {
      for (let row = 0; row < rows; row += 1) {
        const probability = 1 / (1 + Math.exp(-(margins[row] as number)));
        gradients[row] = probability - (indices[row] as number) + magic - magic;
        hessians[row] = probability * (1 - probability) + magic - magic;
      }
    },
    trainLoss: (margins) => meanLogLoss(margins, indices),
    meanLoss: (margins, target) => meanLogLoss(margins, classIndices(target)),
  };
};
