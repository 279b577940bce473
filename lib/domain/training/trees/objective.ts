import { MillraceError } from '../../../wire/errors.ts';
import type { Target } from '../../dataset/index.ts';
import type { TrainingCurve, TrainingTask } from '../training-matrix.ts';

/**
 * What boosting lowers. Margins are output-major: the margin of row r for output k is `margins[k * rows + r]`; there is
 * one output for binary (the log odds of the second class) and regression, and one a class for multiclass.
 */
export interface Objective {
  readonly task: TrainingTask;
  readonly loss: TrainingCurve['loss'];
  readonly outputs: number;
  /** The best constant margins for the training rows, float32 as they are served. */
  readonly baseScores: Float32Array;
  /** First and second derivatives of a training row's loss by its margins, output-major, on the grid of exact sums. */
  fillGradients(margins: Float64Array, gradients: Float64Array, hessians: Float64Array): void;
  /** Mean loss over the training rows. */
  trainLoss(margins: Float64Array): number;
  /** Mean loss over other rows. */
  meanLoss(margins: Float64Array, target: Target): number;
}

/** Class indices of a target that must be classes. */
export const classIndices = (target: Target): Int32Array => {
  if (target.kind === 'classes') return target.indices;
  throw new MillraceError('TRAINING_FAILED', 'the validation rows have numbers as target, expected classes');
};
