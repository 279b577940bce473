import { MillraceError } from '../../wire/errors.ts';
import type { Target } from '../dataset/index.ts';
import type { TrainingMatrix, TrainingTask } from './training-matrix.ts';

/** The task a target poses: the number of classes decides between binary and multiclass. */
export const taskOf = (target: Target): TrainingTask => {
  if (target.kind === 'values') return 'regression';
  return target.classes.length === 2 ? 'binary' : 'multiclass';
};

const checkClasses = (classes: readonly string[], indices: Int32Array): void => {
  const at = indices.findIndex((index) => index < 0 || index >= classes.length);
  if (at >= 0)
    throw new MillraceError(
      'TRAINING_FAILED',
      `training row ${at} has a class that is not among the spec's: ${classes.join(', ')}`,
      { row: at, classes },
    );
  const present = new Set(indices);
  if (present.size >= 2) return;
  const [only] = present;
  const name = only === undefined ? undefined : classes[only];
  const seen = name === undefined ? 'no class at all' : `only the class "${name}"`;
  throw new MillraceError(
    'ONE_CLASS_TARGET',
    `the ${indices.length} training rows hold ${seen}, expected at least 2 classes`,
    { classes, rows: indices.length },
  );
};

const checkValues = (values: Float64Array): void => {
  if (values.length === 0)
    throw new MillraceError('TRAINING_FAILED', 'there are no training rows, expected at least one');
  const at = values.findIndex((value) => !Number.isFinite(value));
  if (at >= 0)
    throw new MillraceError(
      'TRAINING_FAILED',
      `the target of training row ${at} is ${values[at]}, expected a finite number`,
      { row: at },
    );
};

/** Throws ONE_CLASS_TARGET when there is nothing to tell apart, TRAINING_FAILED for no rows or numbers not finite. */
export const checkTarget = (target: Target): void => {
  if (target.kind === 'classes') checkClasses(target.classes, target.indices);
  else checkValues(target.values);
};

/** Throws NO_FEATURES when there is nothing to learn from, and what `checkTarget` throws. */
export const checkTrainingData = (matrix: TrainingMatrix, target: Target): void => {
  if (matrix.featureCount === 0)
    throw new MillraceError('NO_FEATURES', 'no column became a feature, expected at least one');
  checkTarget(target);
  const targets = target.kind === 'classes' ? target.indices.length : target.values.length;
  if (matrix.rows !== targets)
    throw new MillraceError(
      'TRAINING_FAILED',
      `the matrix has ${matrix.rows} rows and the target ${targets}, expected as many`,
    );
};
