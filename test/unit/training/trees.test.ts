import { describe, expect, test } from 'vitest';
import {
  type BoostedTree,
  type BoostedTreesModel,
  boostedTreesMargins,
  type TrainingMatrix,
  trainBoostedTrees,
} from '../../../lib/domain/training/index.ts';
import { classesOf, matrixOf, noisyRows, plainTrees, valuesOf } from './matrix-builders.ts';

const onlyTree = (model: BoostedTreesModel): BoostedTree => {
  const tree = model.rounds[0]?.[0];
  if (tree === undefined) throw new Error('the model has no tree');
  return tree;
};

/** Six rows, x = 1 … 6: the first two have the value 0, the next two 6, the last two 9. */
const sixRows = matrixOf([[1], [2], [3], [4], [5], [6]]);
const sixValues = valuesOf([0, 0, 6, 6, 9, 9]);

describe('six rows worked out by hand', () => {
  test('squared error: the mean first, then the cut that lowers the loss most, then the next', () => {
    const model = trainBoostedTrees({ matrix: sixRows, target: sixValues, params: plainTrees(), seed: 1 });

    // Mean 5; gradients 5 5 −1 −1 −4 −4. Cut after row 2: (10² / 2 + 10² / 4) / 2 = 37.5. Then −2, −8: (2 + 32 − 25) / 2 = 4.5.
    const tree = onlyTree(model);
    expect(model.baseScores[0]).toBe(5);
    expect(Array.from(tree.thresholds)).toEqual([2.5, 4.5]);
    expect(Array.from(tree.gains)).toEqual([37.5, 4.5]);
    expect(Array.from(boostedTreesMargins(model, sixRows))).toEqual([0, 0, 6, 6, 9, 9]);
    expect(model.curve.train).toEqual([(2 * 25 + 2 * 1 + 2 * 16) / 6, 0]);
    expect(Array.from(model.importanceByGain)).toEqual([42]);
  });

  test('log loss: gradients p − y and hessians p (1 − p), shrunk by l2 and the learning rate', () => {
    const target = classesOf([0, 0, 0, 1, 1, 1]);
    const params = plainTrees({ l2: 0.25, learningRate: 0.5 });

    const model = trainBoostedTrees({ matrix: sixRows, target, params, seed: 1 });

    // p = ½: each side has G = ±1.5 and H = 0.75, so the weight is ∓½ · 1.5 / (0.75 + 0.25) and the gain 1.5² / 1.
    expect(Array.from(boostedTreesMargins(model, sixRows))).toEqual([-0.75, -0.75, -0.75, 0.75, 0.75, 0.75]);
    expect(Array.from(onlyTree(model).gains)).toEqual([2.25]);
    expect(model.curve.train[1]).toBeCloseTo(Math.log(1 + Math.exp(-0.75)), 12);
  });

  test('softmax: one tree a class in each round', () => {
    const target = classesOf([0, 0, 1, 1, 2, 2], 3);

    const model = trainBoostedTrees({
      matrix: sixRows,
      target,
      params: plainTrees({ maxLeaves: 2 }),
      seed: 1,
    });

    // Class a: p = ⅓, G = 2 · (−⅔) for its own rows, H = 2 · 2/9: weight 3; the others G = 4 · ⅓, H = 4 · 2/9: weight −1.5.
    expect(model.rounds[0]).toHaveLength(3);
    const [a, b, c] = boostedTreesMargins(model, matrixOf([[1]]));
    expect([a, b, c].map((margin) => (margin ?? 0) - Math.log(1 / 3))).toEqual([
      expect.closeTo(3, 5),
      expect.closeTo(-1.5, 5),
      expect.closeTo(-1.5, 5),
    ]);
  });

  test('missing values go where they lower the loss most, and to the larger side where training had none', () => {
    const withGaps = matrixOf([[1], [2], [null], [4], [5], [null]]);
    const goRight = trainBoostedTrees({
      matrix: withGaps,
      target: valuesOf([0, 0, 9, 9, 9, 9]),
      params: plainTrees(),
      seed: 1,
    });
    const goLeft = trainBoostedTrees({
      matrix: withGaps,
      target: valuesOf([9, 9, 9, 0, 0, 9]),
      params: plainTrees(),
      seed: 1,
    });
    const unseen = trainBoostedTrees({
      matrix: matrixOf([[1], [2], [3], [4], [5], [6]]),
      target: valuesOf([0, 0, 9, 9, 9, 9]),
      params: plainTrees(),
      seed: 1,
    });

    const gap = matrixOf([[null]]);
    expect(boostedTreesMargins(goRight, gap)[0]).toBe(9);
    expect(boostedTreesMargins(goLeft, gap)[0]).toBe(9);
    expect(boostedTreesMargins(unseen, gap)[0]).toBe(9);
  });

  test('"missing or not" is a split of its own where the values themselves say nothing', () => {
    const matrix = matrixOf([[1], [1], [1], [null], [null], [null]]);

    const model = trainBoostedTrees({
      matrix,
      target: valuesOf([0, 0, 0, 6, 6, 6]),
      params: plainTrees(),
      seed: 1,
    });

    expect(Array.from(boostedTreesMargins(model, matrixOf([[1], [null], [1e30]])))).toEqual([0, 6, 0]);
  });
});

describe('limits on trees hold', () => {
  const { matrix, values } = noisyRows(500, 11);
  const leafSizes = (tree: BoostedTree, of: TrainingMatrix): number[] => {
    const sizes = new Map<number, number>();
    const model = trainBoostedTrees({ matrix: of, target: values, params: plainTrees(), seed: 1 });
    for (const margin of boostedTreesMargins({ ...model, rounds: [[tree]] }, of))
      sizes.set(margin, (sizes.get(margin) ?? 0) + 1);
    return [...sizes.values()];
  };
  const depthOf = (tree: BoostedTree, node = 0): number =>
    node < 0 || tree.features.length === 0
      ? 0
      : 1 + Math.max(depthOf(tree, tree.lefts[node]), depthOf(tree, tree.rights[node]));

  test.each([2, 3, 7, 31])('no tree has more than %i leaves', (maxLeaves) => {
    const model = trainBoostedTrees({ matrix, target: values, params: plainTrees({ maxLeaves }), seed: 1 });

    expect(onlyTree(model).leafWeights).toHaveLength(maxLeaves);
  });

  test.each([1, 2, 4])('no tree is deeper than %i', (maxDepth) => {
    const model = trainBoostedTrees({ matrix, target: values, params: plainTrees({ maxDepth }), seed: 1 });

    expect(depthOf(onlyTree(model))).toBe(maxDepth);
  });

  test('no leaf has fewer rows than allowed', () => {
    const params = plainTrees({ minRowsPerLeaf: 37 });

    const model = trainBoostedTrees({ matrix, target: values, params, seed: 1 });

    expect(Math.min(...leafSizes(onlyTree(model), matrix))).toBeGreaterThanOrEqual(37);
    expect(onlyTree(model).leafWeights.length).toBeGreaterThan(3);
  });

  test('few bins still put a very frequent value into a bin of its own', () => {
    const cells = Array.from({ length: 100 }, (_, row) => [row < 90 ? 0 : row]);
    const target = valuesOf(cells.map(([cell]) => (cell === 0 ? 0 : 1)));

    const model = trainBoostedTrees({
      matrix: matrixOf(cells),
      target,
      params: plainTrees({ maxBins: 2 }),
      seed: 1,
    });

    expect(model.curve.train.at(-1)).toBeCloseTo(0, 12);
  });
});

describe('stopping', () => {
  const train = noisyRows(800, 21);
  const validation = noisyRows(400, 22);
  const training = {
    matrix: train.matrix,
    target: train.classes,
    validation: { matrix: validation.matrix, target: validation.classes },
    seed: 1,
  };

  test('keeps the round with the smallest validation loss and looks no further than asked', () => {
    const params = plainTrees({ rounds: 500, learningRate: 0.3, earlyStoppingRounds: 10 });

    const model = trainBoostedTrees({ ...training, params });

    const losses = model.curve.validation;
    expect(model.bestRound).toBe(losses.indexOf(Math.min(...losses)));
    expect(model.rounds).toHaveLength(model.bestRound);
    expect(losses).toHaveLength(model.bestRound + 10 + 1);
  });

  test('keeps every round where there are no validation rows', () => {
    const model = trainBoostedTrees({
      matrix: train.matrix,
      target: train.classes,
      params: plainTrees({ rounds: 40 }),
      seed: 1,
    });

    expect(model.bestRound).toBe(40);
    expect(model.curve.validation).toEqual([]);
  });

  test('answers a constant, and says so, where nothing can be learned', () => {
    const matrix = matrixOf(Array.from({ length: 20 }, () => [3]));

    const model = trainBoostedTrees({
      matrix,
      target: valuesOf(Array.from({ length: 20 }, (_, row) => row)),
      params: plainTrees(),
      seed: 1,
    });

    expect(Array.from(boostedTreesMargins(model, matrixOf([[7]])))).toEqual([9.5]);
    expect(model.warnings).toEqual(['no tree lowered the loss: the model is a constant']);
  });

  test('tells how many rounds are done', () => {
    const seen: number[] = [];
    const params = plainTrees({ rounds: 5 });

    trainBoostedTrees({ ...training, params, onProgress: (done, most) => seen.push(done, most) });

    expect(seen).toEqual([1, 5, 2, 5, 3, 5, 4, 5, 5, 5]);
  });
});

describe('what cannot be trained is refused', () => {
  const params = plainTrees();

  test('one class', () => {
    const target = classesOf([1, 1, 1]);

    expect(() => trainBoostedTrees({ matrix: matrixOf([[1], [2], [3]]), target, params, seed: 1 })).toThrow(
      expect.objectContaining({
        name: 'ONE_CLASS_TARGET',
        message: expect.stringContaining('the 3 training rows hold only the class "b"'),
      }),
    );
  });

  test('no feature', () => {
    const matrix = { rows: 2, featureCount: 0, values: new Float32Array(), featureNames: [] };

    expect(() => trainBoostedTrees({ matrix, target: classesOf([0, 1]), params, seed: 1 })).toThrow(
      expect.objectContaining({ name: 'NO_FEATURES' }),
    );
  });

  test('a loss that leaves the numbers', () => {
    const target = valuesOf([1e200, -1e200, 1e200, 1]);

    expect(() =>
      trainBoostedTrees({ matrix: matrixOf([[1], [2], [3], [4]]), target, params, seed: 1 }),
    ).toThrow(
      expect.objectContaining({ name: 'TRAINING_FAILED', message: expect.stringContaining('round 0') }),
    );
  });
});
