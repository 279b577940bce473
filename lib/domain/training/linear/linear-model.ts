import type { TrainingCurve, TrainingMatrix, TrainingTask } from '../training-matrix.ts';

/** margins = features · coefficients + intercepts: the log odds of the second class, one log weight a class, or the value. */
export interface LinearModel {
  readonly kind: 'linear';
  readonly task: TrainingTask;
  readonly featureNames: readonly string[];
  /** 1 for binary and regression, the number of classes for multiclass. */
  readonly outputs: number;
  /** Output-major: `coefficients[output * featureCount + feature]`. */
  readonly coefficients: Float64Array;
  readonly intercepts: Float64Array;
  readonly isConverged: boolean;
  readonly curve: TrainingCurve;
  readonly warnings: readonly string[];
}

/** Margins of each row, row-major: `margins[row * outputs + output]`, in float64 as the served graph computes them. */
export const linearMargins = (model: LinearModel, matrix: TrainingMatrix): Float64Array => {
  const { outputs, coefficients, intercepts } = model;
  const { rows, featureCount, values } = matrix;
  const margins = new Float64Array(rows * outputs);
  for (let row = 0; row < rows; row += 1)
    for (let output = 0; output < outputs; output += 1) {
      let sum = 0;
      for (let feature = 0; feature < featureCount; feature += 1)
        sum +=
          (values[row * featureCount + feature] as number) *
          (coefficients[output * featureCount + feature] as number);
      margins[row * outputs + output] = sum + (intercepts[output] as number);
    }
  return margins;
};
