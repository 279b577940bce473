import { expect, test } from 'vitest';
import { advantageOver } from '../../../lib/domain/evaluation/advantage.ts';
import { judged, measure } from '../../../lib/domain/evaluation/index.ts';

const values = (truth: readonly number[], predicted: readonly number[]) =>
  judged(
    'regression',
    { kind: 'values', values: Float64Array.from(truth) },
    { kind: 'values', values: Float64Array.from(predicted) },
  );

const over = (truth: readonly number[], predicted: readonly number[], baseline: number) => {
  const model = values(truth, predicted);
  const trivial = values(
    truth,
    truth.map(() => baseline),
  );
  return advantageOver(model, measure(model), trivial);
};

test('the advantage of a regression is the share of squared error it removes, with its 95 % interval', () => {
  // The baseline is off by 2 everywhere (squared 4); the model by 0 on five rows and by 1 on five.
  // Differences as shares of 4: 1 and ¾, mean .875, sd √(10·.125²/9), half width 1.96·sd/√10.
  const truth = Array.from({ length: 10 }, () => 2);
  const predicted = truth.map((value, row) => value + (row % 2));

  const advantage = over(truth, predicted, 0);

  const half = 1.959964 * Math.sqrt((10 * 0.125 ** 2) / 9 / 10);
  expect(advantage).toMatchObject({ measure: 'relative squared error', value: 0.875 });
  expect(advantage).toHaveProperty('low', expect.closeTo(0.875 - half, 6));
  expect(advantage).toHaveProperty('high', expect.closeTo(0.875 + half, 6));
});

test('nine rows cannot tell skill from luck', () => {
  const truth = Array.from({ length: 9 }, (_, row) => row);

  expect(over(truth, truth, 4)).toEqual({
    because: '9 test rows, fewer than 10 cannot tell skill from luck',
  });
});

test('a baseline without any error cannot be beaten', () => {
  const truth = Array.from({ length: 20 }, () => 3);

  expect(over(truth, truth, 3)).toMatchObject({ value: 0, low: 0, high: 0 });
});

test('the advantage of several classes is the log loss saved', () => {
  const truth = { kind: 'classes', classes: ['a', 'b', 'c'], indices: new Int32Array(12) } as const;
  const always = (share: number) => {
    const row = [share, (1 - share) / 2, (1 - share) / 2];
    const probabilities = Float64Array.from({ length: 36 }, (_, at) => row[at % 3] ?? 0);
    return judged('multiclass', truth, { kind: 'classes', probabilities, labels: new Int32Array(12) });
  };
  const model = always(0.8);

  const advantage = advantageOver(model, measure(model), always(0.4));

  expect(advantage).toHaveProperty('value', expect.closeTo(Math.log(2), 12));
});
