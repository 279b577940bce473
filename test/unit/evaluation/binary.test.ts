import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { evaluateBinary } from '../../../lib/domain/evaluation/index.ts';
import { logLossEpsilon } from '../../../lib/domain/evaluation/probability-metrics.ts';
import { rankedRows } from './stories.ts';

const evaluate = (truth: readonly number[], probability: readonly number[], threshold = 0.5) =>
  evaluateBinary({
    isPositive: Uint8Array.from(truth),
    probability: Float64Array.from(probability),
    threshold,
  });

describe('hand-computed', () => {
  test('four rows with one tie give the numbers of pencil and paper', () => {
    // Pairs (positive, negative): .8 beats .4 and .1; .4 ties with .4 and beats .1: 3.5 of 4.
    const { metrics, confusion } = evaluate([1, 1, 0, 0], [0.8, 0.4, 0.4, 0.1]);

    expect(metrics.auc).toBe(0.875);
    // Recall ½ at precision 1, then recall 1 at precision ⅔.
    expect(metrics.averagePrecision).toBeCloseTo(1 / 2 + (1 / 2) * (2 / 3), 12);
    expect(metrics).toMatchObject({ accuracy: 0.75, precision: 1, recall: 0.5, positiveShare: 0.5 });
    expect(metrics.f1).toBeCloseTo(2 / 3, 12);
    expect(metrics.brier).toBeCloseTo((0.04 + 0.36 + 0.16 + 0.01) / 4, 12);
    expect(metrics.logLoss).toBeCloseTo(-Math.log(0.8 * 0.4 * 0.6 * 0.9) / 4, 12);
    expect(confusion?.counts).toEqual([
      [2, 0],
      [1, 1],
    ]);
  });

  test('the standard error of the AUC is that of DeLong', () => {
    // Placements: positives 1, .75 (variance .03125), negatives .75, 1: √(.03125/2 + .03125/2).
    const { metrics } = evaluate([1, 1, 0, 0], [0.8, 0.4, 0.4, 0.1]);

    expect(metrics.aucStandardError).toBeCloseTo(Math.sqrt(0.03125), 12);
    expect(metrics.aucLow).toBeCloseTo(0.875 - 1.959964 * Math.sqrt(0.03125), 6);
    expect(metrics.aucHigh).toBe(1);
  });

  test('the threshold itself is answered positive', () => {
    expect(evaluate([1, 0], [0.5, 0.4]).metrics.recall).toBe(1);
  });

  test('answers of the model replace the threshold', () => {
    const { metrics } = evaluateBinary({
      isPositive: Uint8Array.of(1, 0),
      probability: Float64Array.of(0.3, 0.2),
      threshold: 0.5,
      answers: Int32Array.of(1, 0),
    });

    expect(metrics.accuracy).toBe(1);
  });

  test('a certain and wrong answer costs −ln ε and not infinity', () => {
    expect(evaluate([0], [1]).metrics.logLoss).toBeCloseTo(-Math.log(logLossEpsilon), 9);
  });

  test('calibration error is the gap between said and observed, in bins of at least 20 rows', () => {
    // 20 rows said .1, 10 % true; 20 rows said .6, 80 % true: half the rows off by 0, half by .2.
    const truth = [...Array(18).fill(0), 1, 1, ...Array(4).fill(0), ...Array(16).fill(1)];
    const said = [...Array(20).fill(0.1), ...Array(20).fill(0.6)];

    const { metrics, curves } = evaluate(truth, said);

    expect(curves.calibration.map(({ rows, observedShare }) => ({ rows, observedShare }))).toEqual([
      { rows: 20, observedShare: 0.1 },
      { rows: 20, observedShare: 0.8 },
    ]);
    expect(metrics.calibrationError).toBeCloseTo(0.1, 12);
  });

  test('calibration bins hold at least 20 rows, so that chance does not look like a fault', () => {
    const said = Array.from({ length: 59 }, (_, row) => row / 100);

    const { curves } = evaluate(
      said.map((_, row) => row % 2),
      said,
    );

    expect(curves.calibration.map(({ rows }) => rows)).toEqual([30, 29]);
  });
});

describe('laws', () => {
  test('AUC does not change under a monotone transform of the probabilities', () => {
    fc.assert(
      fc.property(rankedRows, (rows) => {
        const bent = { ...rows, probability: rows.probability.map((p) => p ** 3 / 2) };

        expect(evaluateBinary(bent).metrics.auc).toBe(evaluateBinary(rows).metrics.auc);
      }),
    );
  });

  test('AUC of the opposite probabilities is 1 − AUC', () => {
    fc.assert(
      fc.property(rankedRows, (rows) => {
        const opposite = { ...rows, probability: rows.probability.map((p) => 1 - p) };

        const sum = (evaluateBinary(opposite).metrics.auc ?? 0) + (evaluateBinary(rows).metrics.auc ?? 0);

        expect(sum).toBeCloseTo(1, 12);
      }),
    );
  });

  test('the confusion matrix and the calibration bins add up to the rows', () => {
    fc.assert(
      fc.property(rankedRows, (rows) => {
        const { confusion, curves } = evaluateBinary(rows);

        expect(confusion?.counts.flat().reduce((sum, count) => sum + count, 0)).toBe(rows.isPositive.length);
        expect(curves.calibration.reduce((sum, bin) => sum + bin.rows, 0)).toBe(rows.isPositive.length);
      }),
    );
  });

  test('a perfect model has a log loss of nearly 0, an AUC of 1 and no error', () => {
    fc.assert(
      fc.property(rankedRows, ({ isPositive, threshold }) => {
        const { metrics } = evaluateBinary({
          isPositive,
          threshold,
          probability: Float64Array.from(isPositive),
        });

        expect(metrics.logLoss).toBeLessThan(1e-6);
        expect(metrics).toMatchObject({ auc: 1, averagePrecision: 1, accuracy: 1, f1: 1, brier: 0 });
      }),
    );
  });

  test('the order of the rows does not matter', () => {
    fc.assert(
      fc.property(rankedRows, (rows) => {
        const reversed = {
          threshold: rows.threshold,
          isPositive: rows.isPositive.toReversed(),
          probability: rows.probability.toReversed(),
        };

        const [a, b] = [evaluateBinary(rows), evaluateBinary(reversed)];

        expect(b.curves.roc).toEqual(a.curves.roc);
        expect(b.metrics.logLoss).toBeCloseTo(a.metrics.logLoss ?? Number.NaN, 12);
      }),
    );
  });

  test('curves have at most 200 points and keep their ends', () => {
    const rows = 5000;
    const { curves } = evaluate(
      Array.from({ length: rows }, (_, row) => (row * 7919) % 2),
      Array.from({ length: rows }, (_, row) => row / rows),
    );

    expect(curves.roc).toHaveLength(200);
    expect(curves.roc.at(0)).toEqual({ x: 0, y: 0 });
    expect(curves.roc.at(-1)).toEqual({ x: 1, y: 1 });
    expect(curves.precisionRecall).toHaveLength(200);
    expect(curves.precisionRecall.at(-1)).toEqual({ x: 1, y: 0.5 });
  });
});

describe('what cannot be known', () => {
  test('one class only in the test leaves the ranking unknown, with the reason', () => {
    const { metrics, unknown, curves } = evaluate([0, 0, 0], [0.1, 0.2, 0.3]);

    expect(metrics).toMatchObject({ auc: null, averagePrecision: null, recall: null, accuracy: 1 });
    expect(unknown.auc).toBe('the test rows hold no positive row');
    expect(unknown.aucLow).toBe('the test rows hold no positive row');
    expect(curves.roc).toEqual([]);
  });

  test('a model that never answers the positive class has no precision, and says so', () => {
    const { metrics, unknown } = evaluate([0, 1], [0.1, 0.2]);

    expect(metrics).toMatchObject({ precision: null, recall: 0, f1: 0 });
    expect(unknown.precision).toBe('the model never answers the positive class');
  });

  test('a single positive row leaves the interval of the AUC unknown', () => {
    const { metrics, unknown } = evaluate([0, 0, 1], [0.1, 0.2, 0.3]);

    expect(metrics).toMatchObject({ auc: 1, aucLow: null });
    expect(unknown.aucLow).toBe('needs two rows of each class');
  });

  test.each([
    ['no rows', [], [], 'the test part has 0 rows'],
    ['NaN', [0, 1], [0.1, Number.NaN], 'the probability of test row 1 is NaN'],
    ['infinity', [0, 1], [0.1, Infinity], 'the probability of test row 1 is Infinity'],
    ['more than 1', [0, 1], [0.1, 1.2], 'probability 1 is 1.2'],
    ['too few answers', [0, 1], [0.1], 'the model gave 1 numbers for 2 rows'],
  ])('%s is an error that names what came and what to do', (_, truth, probability, message) => {
    const attempt = () => evaluate(truth, probability);

    expect(attempt).toThrow(message);
    expect(attempt).toThrow(expect.objectContaining({ name: 'EVALUATION_IMPOSSIBLE' }));
    expect(attempt).toThrow('check that the test part has rows');
  });
});
