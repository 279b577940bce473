import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  boostedTreesMargins,
  type TrainingMatrix,
  trainBoostedTrees,
} from '../../../lib/domain/training/index.ts';
import { classesOf, noisyRows, plainTrees, valuesOf } from './matrix-builders.ts';

describe('boosted trees', () => {
  const rowsAs = (matrix: TrainingMatrix, order: readonly number[]): TrainingMatrix => ({
    ...matrix,
    rows: order.length,
    values: Float32Array.from(
      order.flatMap((row) =>
        Array.from(matrix.values.subarray(row * matrix.featureCount, (row + 1) * matrix.featureCount)),
      ),
    ),
  });

  test('the order of the rows changes not a bit of any tree', () => {
    const { matrix, classes, values } = noisyRows(150, 31);
    const params = plainTrees({ rounds: 5, learningRate: 0.3, l2: 1 });
    const byClass = trainBoostedTrees({ matrix, target: classes, params, seed: 1 });
    const byValue = trainBoostedTrees({ matrix, target: values, params, seed: 1 });

    fc.assert(
      fc.property(
        fc.shuffledSubarray(
          Array.from({ length: 150 }, (_, row) => row),
          { minLength: 150 },
        ),
        (order) => {
          const shuffled = rowsAs(matrix, order);
          const indices = classes.kind === 'classes' ? classes.indices : new Int32Array();
          const numbers = values.kind === 'values' ? values.values : new Float64Array();
          const targetA = classesOf(order.map((row) => indices[row] ?? 0));
          const targetB = valuesOf(order.map((row) => numbers[row] ?? 0));
          const again = trainBoostedTrees({ matrix: shuffled, target: targetA, params, seed: 1 });
          expect(again.rounds).toEqual(byClass.rounds);
          expect(trainBoostedTrees({ matrix: shuffled, target: targetB, params, seed: 1 }).rounds).toEqual(
            byValue.rounds,
          );
        },
      ),
      { numRuns: 15 },
    );
  });

  test('a feature bent by an increasing function parts the rows as before', () => {
    const { matrix, values } = noisyRows(300, 32);
    const params = plainTrees({ rounds: 10, learningRate: 0.3, maxBins: 50 });
    const bent = {
      ...matrix,
      values: matrix.values.map((value) => Math.fround(Math.sign(value) * value ** 2 + value)),
    };

    const straight = trainBoostedTrees({ matrix, target: values, params, seed: 1 });
    const curved = trainBoostedTrees({ matrix: bent, target: values, params, seed: 1 });

    expect(boostedTreesMargins(curved, bent)).toEqual(boostedTreesMargins(straight, matrix));
  });

  test('training rows answer by the thresholds as they did by the bins', () => {
    const { matrix, values } = noisyRows(300, 33);
    const numbers = values.kind === 'values' ? values.values : new Float64Array();

    const model = trainBoostedTrees({
      matrix,
      target: values,
      params: plainTrees({ rounds: 20, learningRate: 0.3 }),
      seed: 1,
    });

    const margins = boostedTreesMargins(model, matrix);
    const loss = margins.reduce((sum, margin, row) => sum + (margin - (numbers[row] ?? 0)) ** 2, 0) / 300;
    expect(loss).toBeCloseTo(model.curve.train.at(-1) ?? Number.NaN, 6);
  });

  test('with sampling the seed decides: the same gives the same trees, another others', () => {
    const { matrix, classes } = noisyRows(400, 34);
    const params = plainTrees({ rounds: 8, rowShare: 0.5, columnShare: 0.6, learningRate: 0.3 });
    const train = (seed: number) => trainBoostedTrees({ matrix, target: classes, params, seed });

    expect(train(5)).toEqual(train(5));
    expect(train(5).rounds).not.toEqual(train(6).rounds);
    expect(train(5).curve.train.at(-1)).toBeLessThan(train(5).curve.train[0] ?? 0);
  });

  test('the loss of the training rows falls with every round', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), fc.constantFrom(2, 3), (seed, classCount) => {
        const { matrix, classes } = noisyRows(80, seed, classCount);
        const { train } = trainBoostedTrees({
          matrix,
          target: classes,
          params: plainTrees({ rounds: 6, learningRate: 0.2, l2: 1 }),
          seed: 1,
        }).curve;
        expect(train.slice(1).every((loss, round) => loss < (train[round] ?? 0))).toBe(true);
      }),
      { numRuns: 25 },
    );
  });
});
