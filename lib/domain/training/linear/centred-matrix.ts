import { MillraceError } from '../../../wire/errors.ts';
import type { TrainingMatrix } from '../training-matrix.ts';

/**
 * A matrix to be read as `values − means`, in float64. The intercept is not penalised, so centring changes only how well
 * the problem is conditioned: it comes back as `intercept − means · coefficients`.
 */
export interface CentredMatrix {
  readonly rows: number;
  readonly featureCount: number;
  readonly values: Float32Array;
  /** A feature that is the same in every row has that very value here, so that its column is exactly 0. */
  readonly means: Float64Array;
}

const requireFinite = (matrix: TrainingMatrix, row: number, feature: number, value: number): void => {
  if (Number.isFinite(value)) return;
  const name = matrix.featureNames[feature] ?? `feature ${feature}`;
  throw new MillraceError(
    'TRAINING_FAILED',
    `feature "${name}" is ${value} in training row ${row}, and a linear model needs finite numbers`,
    { feature: name, row },
  );
};

/** Finds the means; throws TRAINING_FAILED for a value that is not finite. */
export const centreMatrix = (matrix: TrainingMatrix): CentredMatrix => {
  const { rows, featureCount, values } = matrix;
  // Means are those of the differences to the first row, added to the first row: exact for constants.
  const first = Float64Array.from(values.subarray(0, featureCount));
  const means = new Float64Array(featureCount);
  for (let row = 0; row < rows; row += 1)
    for (let feature = 0; feature < featureCount; feature += 1) {
      const value = values[row * featureCount + feature] as number;
      requireFinite(matrix, row, feature, value);
      (means[feature] as number) += (value - (first[feature] as number)) / rows;
    }
  return {
    rows,
    featureCount,
    values,
    means: means.map((mean, feature) => mean + (first[feature] as number)),
  };
};

/** Writes one centred row into `into`. */
export const readCentredRow = (matrix: CentredMatrix, row: number, into: Float64Array): void => {
  const { featureCount, values, means } = matrix;
  for (let feature = 0, at = row * featureCount; feature < featureCount; feature += 1, at += 1)
    into[feature] = (values[at] as number) - (means[feature] as number);
};
