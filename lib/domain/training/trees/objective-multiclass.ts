import { gradientUnit, roundingMagic } from './gradient-grid.ts';
import { classIndices, type Objective } from './objective.ts';

/** As for two classes: a class without training rows keeps a finite loss. */
const halfRow = 0.5;

const logShares = (indices: Int32Array, classes: number): Float32Array => {
  const counts = new Float64Array(classes);
  for (const index of indices) (counts[index] as number) += 1;
  return Float32Array.from(counts, (count) => Math.log(Math.max(count, halfRow) / indices.length));
};

const largestMargin = (margins: Float64Array, rows: number, row: number): number => {
  let largest = margins[row] as number;
  for (let at = row + rows; at < margins.length; at += rows)
    if ((margins[at] as number) > largest) largest = margins[at] as number;
  return largest;
};

/** Mean of ln Σ e^(m_k − max) − (m_true − max): no overflow whatever the margins. */
const meanLogLoss = (margins: Float64Array, indices: Int32Array): number => {
  const rows = indices.length;
  let sum = 0;
  for (let row = 0; row < rows; row += 1) {
    const largest = largestMargin(margins, rows, row);
    let total = 0;
    for (let at = row; at < margins.length; at += rows) total += Math.exp((margins[at] as number) - largest);
    sum += Math.log(total) - ((margins[(indices[row] as number) * rows + row] as number) - largest);
  }
  return sum / rows;
};

/** Log loss of the softmax over several classes: gradient p_k − y_k, hessian p_k (1 − p_k), one output a class. */
export const multiclassObjective = (indices: Int32Array, classes: number): Objective => {
  const rows = indices.length;
  const magic = roundingMagic(gradientUnit(rows, 1));
  return {
    task: 'multiclass',
    loss: 'logLoss',
    outputs: classes,
    baseScores: logShares(indices, classes),
    fillGradients: (margins, gradients, hessians) => {
      for (let row = 0; row < rows; row += 1) {
        const largest = largestMargin(margins, rows, row);
        let total = 0;
        for (let at = row; at < margins.length; at += rows) {
          const weight = Math.exp((margins[at] as number) - largest);
          gradients[at] = weight;
          total += weight;
        }
        for (let at = row, index = 0; at < margins.length; at += rows, index += 1) {
          const probability = (gradients[at] as number) / total;
          gradients[at] = probability - (indices[row] === index ? 1 : 0) + magic - magic;
          hessians[at] = probability * (1 - probability) + magic - magic;
        }
      }
    },
    trainLoss: (margins) => meanLogLoss(margins, indices),
    meanLoss: (margins, target) => meanLogLoss(margins, classIndices(target)),
  };
};
