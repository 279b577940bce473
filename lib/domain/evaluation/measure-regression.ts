import { thin } from './curves.ts';
import { fileMetrics, type Known, type Measured } from './measured.ts';
import { requireFinite, requireRows } from './require-evaluable.ts';

export interface RegressionAnswers {
  readonly truth: Float64Array;
  readonly predicted: Float64Array;
}

const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;

const median = (values: Float64Array): number => {
  const sorted = values.toSorted();
  const middle = sorted.length >> 1;
  const upper = sorted[middle] as number;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] as number) + upper) / 2;
};

/** 1 − Σ(y − ŷ)² / Σ(y − ȳ)²; two passes, so that a large mean does not cancel the spread away. */
const determination = (truth: Float64Array, squares: Float64Array): Known => {
  const centre = mean(truth);
  const spread = mean(truth.map((value) => (value - centre) ** 2));
  if (truth.length < 2) return { because: 'needs two test rows' };
  if (spread === 0) return { because: 'every test row has the same value' };
  return { value: 1 - mean(squares) / spread };
};

/** Every number of a regression on some rows. `meanError` is predicted minus true: above 0 the model says too much. */
export const measureRegression = ({ truth, predicted }: RegressionAnswers): Measured => {
  requireRows(truth.length, predicted.length);
  requireFinite(truth, 'the target');
  requireFinite(predicted, 'the prediction');
  const errors = predicted.map((value, row) => value - (truth[row] as number));
  const absolute = errors.map(Math.abs);
  const squares = errors.map((error) => error * error);
  return {
    rows: truth.length,
    ...fileMetrics({
      rmse: { value: Math.sqrt(mean(squares)) },
      mae: { value: mean(absolute) },
      medianAbsoluteError: { value: median(absolute) },
      r2: determination(truth, squares),
      meanError: { value: mean(errors) },
    }),
    perClass: [],
    confusion: null,
  };
};

export interface ResidualPoint {
  readonly truth: number;
  readonly predicted: number;
}

/** At most 200 rows at regular steps through the test part. */
export const residualSample = ({ truth, predicted }: RegressionAnswers): readonly ResidualPoint[] => {
  const rows = thin([...truth.keys()]);
  return rows.map((row) => ({ truth: truth[row] as number, predicted: predicted[row] as number }));
};

/** Numbers and a sample of residuals of a regression. */
export const evaluateRegression = (
  input: RegressionAnswers,
): Measured & { readonly curves: { readonly residuals: readonly ResidualPoint[] } } => ({
  ...measureRegression(input),
  curves: { residuals: residualSample(input) },
});
