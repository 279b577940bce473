import { MillraceError } from '../../../wire/errors.ts';
import type { Target } from '../../dataset/index.ts';
import type { TrainerSpec } from '../../model-spec/index.ts';
import { checkTrainingData, taskOf } from '../check-training-data.ts';
import type { OnTrainingProgress, TrainingMatrix } from '../training-matrix.ts';
import { type CentredMatrix, centreMatrix } from './centred-matrix.ts';
import { type LinearModel, linearMargins } from './linear-model.ts';
import { trainLogistic } from './train-logistic.ts';
import { trainRidge } from './train-ridge.ts';

export type LinearParams = Omit<
  Extract<TrainerSpec, { kind: 'linear' }>,
  'kind' | 'seed' | 'compute' | 'sagemaker'
>;

export interface LinearTraining {
  readonly matrix: TrainingMatrix;
  readonly target: Target;
  readonly params: LinearParams;
  readonly onProgress?: OnTrainingProgress | undefined;
}

/** Intercepts for features as they are, from those for centred features. */
const uncentred = (intercepts: Float64Array, coefficients: Float64Array, means: Float64Array): Float64Array =>
  intercepts.map((intercept, output) => {
    let moved = 0;
    for (const [feature, mean] of means.entries())
      moved += mean * (coefficients[output * means.length + feature] as number);
    return intercept - moved;
  });

const meanSquare = (a: Float64Array, b: (row: number) => number): number => {
  let sum = 0;
  for (const [row, value] of a.entries()) sum += (value - b(row)) ** 2;
  return sum / a.length;
};

const ridgeModel = (training: LinearTraining, centred: CentredMatrix, values: Float64Array): LinearModel => {
  const { matrix, params, onProgress } = training;
  const { coefficients, mean, dependent } = trainRidge(centred, values, params.l2);
  onProgress?.(1, 1);
  const names = dependent.map((feature) => `"${matrix.featureNames[feature]}"`);
  const model: LinearModel = {
    kind: 'linear',
    task: 'regression',
    featureNames: matrix.featureNames,
    outputs: 1,
    coefficients,
    intercepts: uncentred(Float64Array.of(mean), coefficients, centred.means),
    isConverged: true,
    curve: { loss: 'meanSquaredError', train: [], validation: [] },
    warnings:
      names.length === 0
        ? []
        : [`features that are constant or combinations of others got the coefficient 0: ${names.join(', ')}`],
  };
  const margins = linearMargins(model, matrix);
  const train = [meanSquare(values, () => mean), meanSquare(values, (row) => margins[row] as number)];
  return { ...model, curve: { ...model.curve, train } };
};

const logisticModel = (
  training: LinearTraining,
  centred: CentredMatrix,
  target: Extract<Target, { kind: 'classes' }>,
): LinearModel => {
  const { matrix, params, onProgress } = training;
  const { l2, maxIterations } = params;
  const { indices } = target;
  const classes = target.classes.length;
  const fit = trainLogistic({ matrix: centred, indices, classes, l2, maxIterations, onProgress });
  return {
    kind: 'linear',
    task: taskOf(target),
    featureNames: matrix.featureNames,
    outputs: fit.intercepts.length,
    coefficients: fit.coefficients,
    intercepts: uncentred(fit.intercepts, fit.coefficients, centred.means),
    isConverged: fit.isConverged,
    curve: { loss: 'logLoss', train: fit.losses, validation: [] },
    warnings: fit.isConverged
      ? []
      : [`not converged after ${fit.losses.length - 1} iterations: raise l2 or maxIterations`],
  };
};

const requireFiniteModel = (model: LinearModel): LinearModel => {
  const hasFiniteNumbers = [model.coefficients, model.intercepts, model.curve.train].every((numbers) =>
    numbers.every((value: number) => Number.isFinite(value)),
  );
  if (hasFiniteNumbers) return model;
  throw new MillraceError(
    'TRAINING_FAILED',
    'the linear model came out with coefficients or a loss not finite',
  );
};

/**
 * Ridge regression for numbers, logistic regression for two classes, softmax regression for more. Penalises the
 * coefficients of the features as they come, so the feature graph should standardise them; intercepts go unpenalised.
 * Deterministic. A model that has not converged says so in its warnings and is still returned.
 *
 * Throws NO_FEATURES, ONE_CLASS_TARGET, TRAINING_FAILED.
 */
export const trainLinear = (training: LinearTraining): LinearModel => {
  const { matrix, target } = training;
  checkTrainingData(matrix, target);
  const centred = centreMatrix(matrix);
  return requireFiniteModel(
    target.kind === 'values'
      ? ridgeModel(training, centred, target.values)
      : logisticModel(training, centred, target),
  );
};
