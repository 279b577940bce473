import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { evaluateBinary } from '../../../lib/domain/evaluation/index.ts';
import { type BinaryEstimate, estimateBinary, judgeReliability } from '../../../lib/domain/quality/index.ts';
import { seededRandom } from '../../../lib/domain/random/index.ts';

const estimate = (p: readonly number[], threshold = 0.5): BinaryEstimate =>
  estimateBinary({
    probability: Float64Array.from(p),
    score: Float64Array.from(p),
    answers: p.map((value) => (value >= threshold ? 1 : 0)),
  });

const probabilities = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 2, maxLength: 8 });

describe('quality of a binary model without labels', () => {
  test('is that of the worked example', () => {
    const worked = estimate([0.95, 0.8, 0.7, 0.55, 0.4, 0.3, 0.2, 0.05]);

    const expected = {
      truePositives: 3,
      falsePositives: 1,
      falseNegatives: 0.95,
      trueNegatives: 3.05,
      accuracy: 0.75625,
      precision: 0.75,
      recall: 0.759494,
      f1: 0.754717,
      auc: 0.832865,
      accuracySd: 0.14375,
    };
    for (const [name, value] of Object.entries(expected))
      expect(worked[name as keyof typeof expected], name).toBeCloseTo(value, 6);
  });

  test('has the mean and the spread of accuracy over every truth there could be', () => {
    fc.assert(
      fc.property(probabilities, (p) => {
        let [mean, square] = [0, 0];
        for (let world = 0; world < 2 ** p.length; world++) {
          const truth = p.map((_, row) => (world >> row) & 1);
          const chance = p.reduce((product, value, row) => product * (truth[row] ? value : 1 - value), 1);
          const right = p.filter((value, row) => (value >= 0.5 ? 1 : 0) === truth[row]).length / p.length;
          mean += chance * right;
          square += chance * right ** 2;
        }

        const { accuracy, accuracySd } = estimate(p);

        expect(accuracy).toBeCloseTo(mean, 9);
        expect((accuracySd as number) ** 2).toBeCloseTo(square - mean ** 2, 9);
      }),
      { numRuns: 50 },
    );
  });

  test('is what labels show in the end where probabilities are honest', () => {
    const random = seededRandom(4);
    const probability = Float64Array.from({ length: 40_000 }, () => random.next() ** 2);
    const isPositive = Uint8Array.from(probability, (p) => (random.next() < p ? 1 : 0));
    const answers = Int32Array.from(probability, (p) => (p >= 0.4 ? 1 : 0));

    const estimated = estimateBinary({ probability, answers, score: probability });
    const { metrics } = evaluateBinary({ isPositive, probability, threshold: 0.4 });

    // 40,000 rows: the standard errors lie between .002 and .005.
    for (const name of ['accuracy', 'precision', 'recall', 'f1', 'auc'] as const)
      expect(Math.abs((estimated[name] as number) - (metrics[name] as number)), name).toBeLessThan(0.012);
    const mark = (realised: number) => judgeReliability(estimated.accuracy, realised, estimated.accuracySd);
    expect(mark(metrics.accuracy as number)).toMatchObject({ mark: 'reliable' });
    // The concept turned round: every label is inverted.
    expect(mark(1 - (metrics.accuracy as number))).toMatchObject({ mark: 'unreliable' });
  });

  test('does not depend on the order of the rows, and its counts sum to the rows', () => {
    fc.assert(
      fc.property(probabilities, fc.nat(), (p, turn) => {
        const at = turn % p.length;
        const here = estimate(p);
        const there = estimate([...p.slice(at), ...p.slice(0, at)].reverse());

        for (const [name, value] of Object.entries(here)) {
          const other = there[name as keyof BinaryEstimate];
          if (typeof value === 'number') expect(other, name).toBeCloseTo(value, 9);
          else expect(other).toEqual(value);
        }
        const { truePositives, falsePositives, falseNegatives, trueNegatives } = here;
        expect(truePositives + falsePositives + falseNegatives + trueNegatives).toBeCloseTo(p.length, 9);
      }),
    );
  });

  test('counts equal scores as half a win each', () => {
    const tied = estimateBinary({
      probability: Float64Array.of(0.9, 0.1, 0.3),
      score: Float64Array.of(1, 1, 1),
      answers: [1, 0, 0],
    });

    expect(tied.auc).toBeCloseTo(0.5, 12);
  });

  test('is unknown, not NaN, where no row, one row or one class is there', () => {
    const none = estimate([]);
    const certain = estimate([0, 0]);

    expect([none.accuracy, none.precision, none.recall, none.f1, none.auc, none.accuracySd]).toEqual(
      new Array(6).fill({ unknown: expect.any(String) }),
    );
    expect(estimate([0.7])).toMatchObject({ accuracy: 0.7, auc: { unknown: '1 row(s) cannot be ranked' } });
    expect(certain).toMatchObject({ accuracy: 1, accuracySd: 0, recall: { unknown: expect.any(String) } });
    expect(certain.auc).toEqual({ unknown: 'no positive row is expected' });
    expect(estimate([1, 1]).auc).toEqual({ unknown: 'no negative row is expected' });
    expect(estimate([0.2, NaN, 0.4])).toMatchObject({ rows: 2, missingRows: 1, accuracy: 0.7 });
    expect(() => estimate([1.5])).toThrow('probability 1.5');
  });
});
