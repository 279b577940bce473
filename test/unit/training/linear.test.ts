import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Target } from '../../../lib/domain/dataset/index.ts';
import {
  type LinearModel,
  linearMargins,
  probabilitiesOf,
  type TrainingMatrix,
  trainLinear,
} from '../../../lib/domain/training/index.ts';
import { classesOf, matrixOf, noisyRows, valuesOf } from './matrix-builders.ts';

const params = { l2: 1, maxIterations: 500 };

const filled = (matrix: TrainingMatrix): TrainingMatrix => ({
  ...matrix,
  values: matrix.values.map((value) => (Number.isNaN(value) ? 0 : value)),
});

describe('ridge', () => {
  test('one feature worked out by hand: covariance over variance plus l2', () => {
    // x − mean: −1 0 1; y − mean: −2 0 2. w = 4 / (2 + l2), intercept = 5 − 2 w.
    const matrix = matrixOf([[1], [2], [3]]);

    const model = trainLinear({ matrix, target: valuesOf([3, 5, 7]), params: { l2: 2, maxIterations: 1 } });

    expect(model.coefficients[0]).toBeCloseTo(1, 12);
    expect(model.intercepts[0]).toBeCloseTo(3, 12);
    expect(model.curve.train).toEqual([8 / 3, expect.closeTo(2 / 3, 12)]);
  });

  test('without a penalty it recovers the plane the values lie on', () => {
    const coefficient = fc.double({ min: -5, max: 5, noNaN: true });
    fc.assert(
      fc.property(
        coefficient,
        coefficient,
        coefficient,
        fc.integer({ min: 1, max: 999 }),
        (a, b, c, seed) => {
          const matrix = filled(noisyRows(40, seed).matrix);
          const at = (row: number, feature: number) => matrix.values[row * 5 + feature] ?? 0;
          const target = valuesOf(
            Array.from({ length: 40 }, (_, row) => a * at(row, 0) + b * at(row, 3) + c),
          );

          const model = trainLinear({ matrix, target, params: { l2: 0, maxIterations: 1 } });

          expect(model.coefficients[0]).toBeCloseTo(a, 6);
          expect(model.coefficients[3]).toBeCloseTo(b, 6);
          expect(model.coefficients[4]).toBeCloseTo(0, 6);
          expect(model.intercepts[0]).toBeCloseTo(c, 5);
        },
      ),
      { numRuns: 50 },
    );
  });

  test('large offsets, as of epoch seconds, cost no digits', () => {
    const matrix = matrixOf([[1_700_000_000], [1_700_086_400], [1_700_172_800], [1_700_259_200]]);
    const days = Array.from(matrix.values, (seconds) => (seconds - 1_700_000_000) / 86_400);

    const model = trainLinear({ matrix, target: valuesOf(days), params: { l2: 0, maxIterations: 1 } });

    const distances = linearMargins(model, matrix).map((value, row) => Math.abs(value - (days[row] ?? 0)));
    expect(Math.max(...distances)).toBeLessThan(1e-6);
  });

  test('a constant feature and the second of two equal ones get 0 and are named', () => {
    const matrix = matrixOf([1, 2, 3, 5].map((x) => [x, 7, x]));

    const model = trainLinear({
      matrix,
      target: valuesOf([2, 4, 6, 10]),
      params: { l2: 0, maxIterations: 1 },
    });

    expect(Array.from(model.coefficients)).toEqual([expect.closeTo(2, 10), 0, 0]);
    expect(model.warnings).toEqual([
      'features that are constant or combinations of others got the coefficient 0: "f1", "f2"',
    ]);
  });

  test('with a penalty equal features share their weight', () => {
    const matrix = matrixOf([1, 2, 3, 5].map((x) => [x, x]));

    const model = trainLinear({ matrix, target: valuesOf([2, 4, 6, 10]), params });

    expect(model.coefficients[0]).toBeCloseTo(model.coefficients[1] ?? Number.NaN, 10);
    expect(model.warnings).toEqual([]);
  });
});

/** The derivative of the penalised sum of losses by each coefficient and intercept, from its definition. */
const gradientOf = (model: LinearModel, matrix: TrainingMatrix, target: Target, l2: number): number[] => {
  if (target.kind !== 'classes' || model.task === 'regression') throw new Error('expected classes');
  const { outputs } = model;
  const probabilities = probabilitiesOf(model.task, linearMargins(model, matrix), outputs);
  const classCount = target.classes.length;
  return Array.from({ length: outputs }, (_, output) => {
    const own = outputs === 1 ? 1 : output;
    const residuals = Array.from(
      target.indices,
      (index, row) => (probabilities[row * classCount + own] ?? 0) - (index === own ? 1 : 0),
    );
    const byFeature = Array.from({ length: matrix.featureCount }, (_feature, feature) =>
      residuals.reduce(
        (sum, residual, row) => sum + residual * (matrix.values[row * matrix.featureCount + feature] ?? 0),
        l2 * (model.coefficients[output * matrix.featureCount + feature] ?? 0),
      ),
    );
    return [...byFeature, residuals.reduce((sum, residual) => sum + residual, 0)];
  }).flat();
};

describe('logistic regression', () => {
  test.each([2, 3, 4])('with %i classes stops where the gradient is zero', (classCount) => {
    const { matrix, classes } = noisyRows(300, 7, classCount);
    const standardised = filled({
      ...matrix,
      values: matrix.values.map((value, at) => (at % 5 === 1 ? value / 1e4 : value)),
    });

    const model = trainLinear({ matrix: standardised, target: classes, params });

    expect(model.isConverged).toBe(true);
    const gradient = gradientOf(model, standardised, classes, params.l2);
    expect(Math.max(...gradient.map(Math.abs))).toBeLessThan(1e-3);
    expect(Math.max(...gradient.map(Math.abs)) / 300).toBeLessThan(1e-6);
  });

  test('a constant feature changes nothing', () => {
    const { matrix, classes } = noisyRows(100, 8);
    const plain = filled(matrix);
    const rows = Array.from({ length: 100 }, (_, row) => [...plain.values.subarray(row * 5, row * 5 + 5)]);

    const without = trainLinear({ matrix: plain, target: classes, params });
    const withConstant = trainLinear({
      matrix: matrixOf(rows.map((row) => [...row, 0.1])),
      target: classes,
      params,
    });

    expect(withConstant.coefficients[5]).toBe(0);
    expect(Array.from(withConstant.coefficients.subarray(0, 5))).toEqual(Array.from(without.coefficients));
  });

  test('no feature that matters gives the shares of the classes', () => {
    const matrix = matrixOf([[1], [1], [1], [1]]);

    const two = trainLinear({ matrix, target: classesOf([0, 1, 1, 1]), params });
    const three = trainLinear({ matrix, target: classesOf([0, 1, 1, 2], 3), params });

    expect(probabilitiesOf('binary', linearMargins(two, matrixOf([[1]])), 1)[1]).toBeCloseTo(0.75, 6);
    expect(Array.from(probabilitiesOf('multiclass', linearMargins(three, matrixOf([[1]])), 3))).toEqual([
      expect.closeTo(0.25, 6),
      expect.closeTo(0.5, 6),
      expect.closeTo(0.25, 6),
    ]);
  });

  test('classes that a line parts are parted, with and without a penalty', () => {
    const matrix = matrixOf([[1], [2], [3], [4], [5], [6]]);
    const target = classesOf([0, 0, 0, 1, 1, 1]);

    for (const l2 of [0, 1]) {
      const model = trainLinear({ matrix, target, params: { l2, maxIterations: 500 } });
      expect(Array.from(linearMargins(model, matrix), Math.sign)).toEqual([-1, -1, -1, 1, 1, 1]);
      expect(model.coefficients.every(Number.isFinite)).toBe(true);
    }
  });

  test('says when it stopped before it had converged', () => {
    const { matrix, classes } = noisyRows(200, 9);

    const model = trainLinear({
      matrix: filled(matrix),
      target: classes,
      params: { l2: 1, maxIterations: 2 },
    });

    expect(model.isConverged).toBe(false);
    expect(model.warnings).toEqual(['not converged after 2 iterations: raise l2 or maxIterations']);
  });

  test('a class that no training row has stays improbable and harms nothing', () => {
    const matrix = matrixOf([[1], [2], [3], [4]]);

    const model = trainLinear({ matrix, target: classesOf([0, 0, 1, 1], 3), params });

    const probabilities = probabilitiesOf('multiclass', linearMargins(model, matrix), 3);
    expect([2, 5, 8, 11].every((at) => (probabilities[at] ?? 1) < 1e-3)).toBe(true);
  });
});

describe('what cannot be trained is refused', () => {
  test('a missing value, with the feature it is in', () => {
    const matrix = matrixOf([
      [1, 2],
      [3, null],
      [5, 6],
    ]);

    expect(() => trainLinear({ matrix, target: classesOf([0, 1, 0]), params })).toThrow(
      expect.objectContaining({
        name: 'TRAINING_FAILED',
        message: expect.stringContaining('feature "f1" is NaN in training row 1'),
      }),
    );
  });

  test('one class', () => {
    expect(() => trainLinear({ matrix: matrixOf([[1], [2]]), target: classesOf([0, 0]), params })).toThrow(
      expect.objectContaining({ name: 'ONE_CLASS_TARGET' }),
    );
  });

  test('a target that is not finite', () => {
    const target = valuesOf([1, Number.POSITIVE_INFINITY]);

    expect(() => trainLinear({ matrix: matrixOf([[1], [2]]), target, params })).toThrow(
      expect.objectContaining({
        message: expect.stringContaining('the target of training row 1 is Infinity'),
      }),
    );
  });
});
