import { MillraceError } from '../../../wire/errors.ts';
import { gradientUnit, orderlessSum, roundingMagic } from './gradient-grid.ts';
import type { Objective } from './objective.ts';

const meanSquaredError = (margins: Float64Array, values: Float64Array): number => {
  let sum = 0;
  for (let row = 0; row < values.length; row += 1) {
    const residual = (margins[row] as number) - (values[row] as number);
    sum += residual * residual;
  }
  return sum / values.length;
};

/** Half the squared error: gradient margin − y, hessian 1. The curve shows the mean squared error itself. */
export const squaredErrorObjective = (values: Float64Array): Objective => ({
  task: 'regression',
  loss: 'meanSquaredError',
  outputs: 1,
  baseScores: Float32Array.of(orderlessSum(values) / values.length),
  fillGradients: (margins, gradients, hessians) => {
    let bound = 0;
    for (let row = 0; row < values.length; row += 1) {
      const residual = (margins[row] as number) - (values[row] as number);
      gradients[row] = residual;
      if (Math.abs(residual) > bound) bound = Math.abs(residual);
    }
    const magic = roundingMagic(gradientUnit(values.length, bound));
    for (let row = 0; row < values.length; row += 1)
      gradients[row] = (gradients[row] as number) + magic - magic;
    hessians.fill(1);
  },
  trainLoss: (margins) => meanSquaredError(margins, values),
  meanLoss: (margins, target) => {
    if (target.kind === 'values') return meanSquaredError(margins, target.values);
    throw new MillraceError(
      'TRAINING_FAILED',
      'the validation rows have classes as target, expected numbers',
    );
  },
});
