import { expect, test } from 'vitest';
import {
  boostedTreesMargins,
  linearMargins,
  type OutputTask,
  probabilitiesOf,
  trainBoostedTrees,
  trainLinear,
} from '../../../lib/domain/training/index.ts';
import { matrixOf, noisyRows, plainTrees } from './matrix-builders.ts';
import { runModel } from './run-model.ts';

const trees = plainTrees({ rounds: 60, learningRate: 0.2, l2: 1, minRowsPerLeaf: 5 });
const linear = { l2: 1, maxIterations: 200 };
const binary: OutputTask = { kind: 'binary', classes: ['a', 'b'], positiveClass: 'b' };
const threeClasses: OutputTask = { kind: 'multiclass', classes: ['a', 'b', 'c'] };

const largestDifference = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  expect(a.length).toBe(b.length);
  return Math.max(...Array.from(a, (value, index) => Math.abs(value - (b[index] as number))));
};

/** The same rows with gaps filled, as a linear model needs. */
const withoutGaps = <T extends ReturnType<typeof noisyRows>>(data: T): T => ({
  ...data,
  matrix: { ...data.matrix, values: data.matrix.values.map((value) => (Number.isNaN(value) ? 0 : value)) },
});

test('boosted trees answer two classes in ONNX Runtime as in training, missing values included', async () => {
  const { matrix, classes } = noisyRows(600);

  const model = trainBoostedTrees({ matrix, target: classes, params: trees, seed: 1 });
  const { probabilities, labels } = await runModel(model, matrix, binary);

  const expected = probabilitiesOf('binary', boostedTreesMargins(model, matrix), 1);
  expect(largestDifference(probabilities, expected)).toBeLessThan(1e-6);
  expect(labels).toEqual(
    Array.from({ length: 600 }, (_, row) => ((probabilities[2 * row + 1] as number) >= 0.5 ? 'b' : 'a')),
  );
});

test('boosted trees answer three classes in ONNX Runtime as in training', async () => {
  const { matrix, classes } = noisyRows(600, 2, 3);

  const model = trainBoostedTrees({ matrix, target: classes, params: trees, seed: 1 });
  const { probabilities } = await runModel(model, matrix, threeClasses);

  const expected = probabilitiesOf('multiclass', boostedTreesMargins(model, matrix), 3);
  expect(largestDifference(probabilities, expected)).toBeLessThan(1e-6);
});

test('boosted trees answer numbers in ONNX Runtime as in training, relative to their size', async () => {
  const { matrix, values } = noisyRows(600, 3);
  const large = {
    kind: 'values' as const,
    values: values.kind === 'values' ? values.values.map((v) => v * 1e6) : new Float64Array(),
  };

  const model = trainBoostedTrees({ matrix, target: large, params: trees, seed: 1 });
  const { value } = await runModel(model, matrix, { kind: 'regression' });

  const expected = boostedTreesMargins(model, matrix);
  expect(
    largestDifference(
      value.map((v) => v / 1e6),
      expected.map((v) => v / 1e6),
    ),
  ).toBeLessThan(1e-6);
});

test('a float32 value at a threshold and its neighbours go the same way in training and in ONNX Runtime', async () => {
  const next = (value: number): number => {
    const bits = new Int32Array(Float32Array.of(value).buffer);
    return new Float32Array(Int32Array.of((bits[0] ?? 0) + 1).buffer)[0] ?? Number.NaN;
  };
  const edges = [1, 3, 16777216, 0.1, 1e-38, 981234567].map(Math.fround);
  const cells = edges.flatMap((edge) => [[edge], [next(edge)]]);
  const matrix = matrixOf(cells);
  const target = { kind: 'values' as const, values: Float64Array.from(cells, (_, row) => row % 2) };

  const model = trainBoostedTrees({ matrix, target, params: plainTrees({ maxDepth: 32 }), seed: 1 });
  const { value } = await runModel(model, matrix, { kind: 'regression' });

  expect(Array.from(value)).toEqual(Array.from(cells, (_, row) => row % 2));
  expect(Array.from(boostedTreesMargins(model, matrix))).toEqual(Array.from(value));
});

test('trees with every shape of root, and none at all, are read by ONNX Runtime as they were grown', async () => {
  const { matrix, values } = noisyRows(300, 4);

  for (const maxLeaves of [2, 3, 4, 5]) {
    const params = plainTrees({ rounds: 7, maxLeaves, learningRate: 0.5 });
    const model = trainBoostedTrees({ matrix, target: values, params, seed: 1 });
    const { value } = await runModel(model, matrix, { kind: 'regression' });
    expect(largestDifference(value, boostedTreesMargins(model, matrix))).toBeLessThan(1e-6);
  }
  const constant = trainBoostedTrees({
    matrix,
    target: values,
    params: plainTrees({ minRowsPerLeaf: 300 }),
    seed: 1,
  });
  const { value } = await runModel(constant, matrix, { kind: 'regression' });
  expect(constant.bestRound).toBe(0);
  expect(new Set(value).size).toBe(1);
});

test('linear models answer in ONNX Runtime as in training: two classes, three, and numbers', async () => {
  const two = withoutGaps(noisyRows(400));
  const three = withoutGaps(noisyRows(400, 5, 3));

  const binaryModel = trainLinear({ matrix: two.matrix, target: two.classes, params: linear });
  const softmaxModel = trainLinear({ matrix: three.matrix, target: three.classes, params: linear });
  const ridgeModel = trainLinear({ matrix: two.matrix, target: two.values, params: linear });

  const forTwo = (await runModel(binaryModel, two.matrix, binary)).probabilities;
  const forThree = (await runModel(softmaxModel, three.matrix, threeClasses)).probabilities;
  const forNumbers = (await runModel(ridgeModel, two.matrix, { kind: 'regression' })).value;
  expect(
    largestDifference(forTwo, probabilitiesOf('binary', linearMargins(binaryModel, two.matrix), 1)),
  ).toBeLessThan(1e-6);
  const expected = probabilitiesOf('multiclass', linearMargins(softmaxModel, three.matrix), 3);
  expect(largestDifference(forThree, expected)).toBeLessThan(1e-6);
  expect(largestDifference(forNumbers, linearMargins(ridgeModel, two.matrix))).toBeLessThan(1e-6);
});

test('the label is the positive class from a probability of one half, also when that class comes first', async () => {
  const { matrix, classes } = noisyRows(200);
  const model = trainBoostedTrees({ matrix, target: classes, params: trees, seed: 1 });

  const { probabilities, labels } = await runModel(model, matrix, { ...binary, positiveClass: 'a' });

  expect(labels).toEqual(
    Array.from({ length: 200 }, (_, row) => ((probabilities[2 * row] as number) >= 0.5 ? 'a' : 'b')),
  );
});
