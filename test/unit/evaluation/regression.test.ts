import fc from 'fast-check';
import { expect, test } from 'vitest';
import { evaluateRegression } from '../../../lib/domain/evaluation/index.ts';

const evaluate = (truth: readonly number[], predicted: readonly number[]) =>
  evaluateRegression({ truth: Float64Array.from(truth), predicted: Float64Array.from(predicted) });

test('four rows give the numbers of pencil and paper', () => {
  // Errors 1, −1, 2, 0; truth has mean 4 and squares of 9, 1, 1, 9.
  const { metrics } = evaluate([1, 3, 5, 7], [2, 2, 7, 7]);

  expect(metrics).toEqual({
    rmse: Math.sqrt(1.5),
    mae: 1,
    medianAbsoluteError: 1,
    r2: 1 - 6 / 20,
    meanError: 0.5,
  });
});

test('the mean of the test rows explains nothing', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 2, maxLength: 50 }),
      (values) => {
        fc.pre(new Set(values).size > 1);
        const mean = values.reduce((sum, value) => sum + value, 0) / values.length;

        const { metrics } = evaluate(
          values,
          values.map(() => mean),
        );

        expect(metrics.r2).toBeCloseTo(0, 9);
      },
    ),
  );
});

test('values that are all equal leave R² unknown, with the reason', () => {
  const { metrics, unknown } = evaluate([5, 5], [4, 6]);

  expect(metrics).toMatchObject({ r2: null, rmse: 1 });
  expect(unknown).toEqual({ r2: 'every test row has the same value' });
});

test('at most 200 residuals are kept, from the first row to the last', () => {
  const truth = Array.from({ length: 1001 }, (_, row) => row);

  const { residuals } = evaluate(truth, truth).curves;

  expect(residuals).toHaveLength(200);
  expect(residuals.at(-1)).toEqual({ truth: 1000, predicted: 1000 });
});

test('a prediction that is not a number is an error that names the row', () => {
  expect(() => evaluate([1, 2], [1, Number.NaN])).toThrow('the prediction of test row 1 is NaN');
  expect(() => evaluate([], [])).toThrow('the test part has 0 rows');
});
