import { MillraceError } from '../../wire/errors.ts';
import type { Target } from '../dataset/index.ts';
import type { PrimaryMetric } from '../gates/index.ts';
import type { Predictions } from '../signature/index.ts';
import { type BinaryAnswers, measureBinary } from './measure-binary.ts';
import { type MulticlassAnswers, measureMulticlass } from './measure-multiclass.ts';
import { measureRegression, type RegressionAnswers } from './measure-regression.ts';
import type { Measured } from './measured.ts';

export type Task = 'binary' | 'multiclass' | 'regression';

/** AUC for two classes, log loss for more, RMSE for values. */
export const primaryMetrics: Readonly<Record<Task, PrimaryMetric>> = {
  binary: { name: 'auc', title: 'AUC', higherIsBetter: true },
  multiclass: { name: 'logLoss', title: 'log loss', higherIsBetter: false },
  regression: { name: 'rmse', title: 'RMSE', higherIsBetter: false },
};

/** A task's truth and answers side by side, ready to be measured. */
export type Judged =
  | { readonly task: 'binary'; readonly input: BinaryAnswers }
  | { readonly task: 'multiclass'; readonly input: MulticlassAnswers }
  | { readonly task: 'regression'; readonly input: RegressionAnswers };

const mismatch = (what: string): never => {
  throw new MillraceError('EVALUATION_IMPOSSIBLE', what);
};

const binary = (
  truth: Extract<Target, { kind: 'classes' }>,
  predictions: Extract<Predictions, { kind: 'classes' }>,
  positiveClass: string | undefined,
): Judged => {
  const positive = positiveClass === undefined ? 1 : truth.classes.indexOf(positiveClass);
  const names = [truth.classes[1 - positive], truth.classes[positive]];
  const [negativeName, positiveName] = names;
  if (truth.classes.length !== 2 || negativeName === undefined || positiveName === undefined)
    return mismatch(
      `a binary task has classes [${truth.classes.join(', ')}] with "${positiveClass ?? ''}" as the positive one, expected two of which it is one`,
    );
  const rows = truth.indices.length;
  if (predictions.probabilities.length !== rows * 2 || predictions.labels.length !== rows)
    return mismatch(
      `the model gave ${predictions.probabilities.length} probabilities and ${predictions.labels.length} labels, expected ${rows * 2} and ${rows}`,
    );
  return {
    task: 'binary',
    input: {
      isPositive: Uint8Array.from(truth.indices, (index) => (index === positive ? 1 : 0)),
      probability: Float64Array.from(
        { length: rows },
        (_, row) => predictions.probabilities[row * 2 + positive] as number,
      ),
      threshold: 0.5,
      answers: Int32Array.from(predictions.labels, (label) => (label === positive ? 1 : 0)),
      classes: [negativeName, positiveName],
    },
  };
};

/** Puts truth and answers side by side; throws EVALUATION_IMPOSSIBLE when they are not of the task's kind. */
export const judged = (
  task: Task,
  truth: Target,
  predictions: Predictions,
  positiveClass?: string,
): Judged => {
  if (task === 'regression') {
    if (truth.kind === 'values' && predictions.kind === 'values')
      return { task, input: { truth: truth.values, predicted: predictions.values } };
  } else if (truth.kind === 'classes' && predictions.kind === 'classes') {
    if (task === 'binary') return binary(truth, predictions, positiveClass);
    const { classes, indices } = truth;
    const { probabilities, labels } = predictions;
    return { task, input: { classes, truth: indices, probabilities, answers: labels } };
  }
  return mismatch(
    `a ${task} task came with a target of ${truth.kind} and predictions of ${predictions.kind}, expected ${
      task === 'regression' ? 'values' : 'classes'
    } in both`,
  );
};

/** Every number of the task on the rows given. */
export const measure = (side: Judged): Measured => {
  if (side.task === 'binary') return measureBinary(side.input);
  return side.task === 'multiclass' ? measureMulticlass(side.input) : measureRegression(side.input);
};
