import { expect, test } from 'vitest';
import { evaluateMulticlass } from '../../../lib/domain/evaluation/index.ts';

const three = ['a', 'b', 'c'];

test('three rows give the numbers of pencil and paper', () => {
  const { metrics, confusion, perClass } = evaluateMulticlass({
    classes: three,
    truth: Int32Array.of(0, 1, 2),
    probabilities: Float64Array.of(0.5, 0.25, 0.25, 0.5, 0.25, 0.25, 0, 0.25, 0.75),
  });

  expect(confusion?.counts).toEqual([
    [1, 0, 0],
    [1, 0, 0],
    [0, 0, 1],
  ]);
  expect(metrics.accuracy).toBeCloseTo(2 / 3, 12);
  expect(metrics.logLoss).toBeCloseTo(-Math.log(0.5 * 0.25 * 0.75) / 3, 12);
  // Σ(p − y)²: .375, .875, .125.
  expect(metrics.brier).toBeCloseTo(1.375 / 3, 12);
  // a: ties with b's row (.75); b: ties with both (.5); c: 1.
  expect(metrics.auc).toBeCloseTo((0.75 + 0.5 + 1) / 3, 12);
  expect(perClass[1]).toEqual({
    class: 'b',
    rows: 1,
    answered: 0,
    precision: null,
    recall: 0,
    f1: 0,
    auc: 0.5,
  });
});

test('the first of equally probable classes is answered', () => {
  const { confusion } = evaluateMulticlass({
    classes: three,
    truth: Int32Array.of(2),
    probabilities: Float64Array.of(0.2, 0.4, 0.4),
  });

  expect(confusion?.counts[2]).toEqual([0, 1, 0]);
});

test('a class absent from the test is left out of the means', () => {
  const { metrics, perClass } = evaluateMulticlass({
    classes: three,
    truth: Int32Array.of(0, 1),
    probabilities: Float64Array.of(0.8, 0.1, 0.1, 0.1, 0.8, 0.1),
  });

  expect(metrics).toMatchObject({ auc: 1, macroF1: 1 });
  expect(perClass[2]).toMatchObject({ rows: 0, recall: null, auc: null });
});

test('beyond 30 classes the confusion matrix adds the smaller ones up and loses no row', () => {
  const classes = Array.from({ length: 40 }, (_, index) => `class ${index}`);
  const truth = Int32Array.from({ length: 200 }, (_, row) => Math.min(39, row % 50));
  const probabilities = new Float64Array(200 * 40).fill(1 / 40);

  const { confusion } = evaluateMulticlass({ classes, truth, probabilities });

  expect(confusion?.classes).toHaveLength(30);
  expect(confusion?.classes.at(-1)).toBe('11 other classes');
  expect(confusion?.counts.flat().reduce((sum, count) => sum + count, 0)).toBe(200);
});

test('probabilities that do not sum to 1 are an error that names the row', () => {
  const attempt = () =>
    evaluateMulticlass({
      classes: three,
      truth: Int32Array.of(0, 1),
      probabilities: Float64Array.of(0.8, 0.1, 0.1, 0.9, 0.8, 0.1),
    });

  expect(attempt).toThrow('the probabilities of test row 1 sum to 1.8');
  expect(attempt).toThrow(expect.objectContaining({ name: 'EVALUATION_IMPOSSIBLE' }));
});
