import { describe, expect, test } from 'vitest';
import { evaluateMulticlass } from '../../../lib/domain/evaluation/index.ts';
import { estimateMulticlass } from '../../../lib/domain/quality/index.ts';
import { seededRandom } from '../../../lib/domain/random/index.ts';

describe('quality of a multiclass model without labels', () => {
  const classes = ['a', 'b', 'c'];

  test('is expected accuracy, and macro means of one class against the rest', () => {
    const probabilities = Float64Array.of(0.6, 0.3, 0.1, 0.2, 0.7, 0.1);

    const two = estimateMulticlass({ classes: 3, probabilities, answers: [0, 1], scores: probabilities });

    expect(two.accuracy).toBeCloseTo(0.65, 12);
    expect(two.accuracySd).toBeCloseTo(Math.sqrt(0.24 + 0.21) / 2, 12);
    // Precision .6, .7 and, never answered, 0; recall .6/.8, .7/1, 0/.2.
    expect(two.macroPrecision).toBeCloseTo(1.3 / 3, 12);
    expect(two.macroRecall).toBeCloseTo((0.75 + 0.7) / 3, 12);
    expect(two.macroF1).toBeCloseTo((1.2 / 1.8 + 1.4 / 2) / 3, 12);
  });

  test('is what labels show in the end where probabilities are honest', () => {
    const random = seededRandom(11);
    const rows = 30_000;
    const probabilities = new Float64Array(3 * rows);
    const truth = new Int32Array(rows);
    for (let row = 0; row < rows; row++) {
      const drawn = classes.map(() => random.next() ** 3 + 0.01);
      const sum = drawn.reduce((total, value) => total + value, 0);
      drawn.forEach((value, index) => {
        probabilities[3 * row + index] = value / sum;
      });
      const [a = 0, b = 0] = probabilities.subarray(3 * row);
      const at = random.next();
      truth[row] = at < a ? 0 : at < a + b ? 1 : 2;
    }
    const answers = Int32Array.from(truth, (_, row) => {
      const given = probabilities.subarray(3 * row, 3 * row + 3);
      return given.indexOf(Math.max(...given));
    });

    const estimated = estimateMulticlass({ classes: 3, probabilities, answers, scores: probabilities });
    const { metrics } = evaluateMulticlass({ classes, truth, probabilities, answers });

    const pairs = {
      accuracy: 'accuracy',
      macroPrecision: 'precision',
      macroRecall: 'recall',
      macroF1: 'f1',
      macroAuc: 'auc',
    } as const;
    for (const [name, realised] of Object.entries(pairs))
      expect(
        Math.abs((estimated[name as keyof typeof pairs] as number) - (metrics[realised] as number)),
        name,
      ).toBeLessThan(0.012);
  });

  test('is unknown without rows, leaves rows with a gap out, and refuses a class there is not', () => {
    const ask = (given: readonly number[], answers: readonly number[]) =>
      estimateMulticlass({
        classes: 2,
        probabilities: Float64Array.from(given),
        answers,
        scores: Float64Array.from(given),
      });

    const none = ask([], []);
    expect([none.accuracy, none.macroF1, none.macroAuc, none.accuracySd]).toEqual(
      new Array(4).fill({ unknown: expect.any(String) }),
    );
    expect(ask([NaN, 0.5, 0.2, 0.8], [0, 1])).toMatchObject({ rows: 1, missingRows: 1, accuracy: 0.8 });
    expect(() => ask([0.5, 0.5], [2])).toThrow('answer 2 of 2 classes');
    expect(() => ask([1.5, -0.5], [0])).toThrow('expected 0 to 1');
  });
});
