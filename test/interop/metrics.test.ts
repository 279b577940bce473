/** Every metric against scikit-learn on data drawn anew from a seed; the tolerance is 1e-9, relative beyond 1. */
import { beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import {
  evaluateBinary,
  evaluateMulticlass,
  evaluateRegression,
  type Measured,
} from '../../lib/domain/evaluation/index.ts';
import { askPython } from './support/ask-python.ts';
import { python } from './support/parties.ts';
import { draws, softmax } from './support/random-data.ts';

const tolerance = 1e-9;

const Case = z.object({
  metrics: z.record(z.string(), z.number()),
  confusion: z.array(z.array(z.number())).nullable(),
});
const Answer = z.object({ binary: z.array(Case), multiclass: z.array(Case), regression: z.array(Case) });

const binaryCases = [
  { name: 'two thousand rows, half positive', rows: 2000, share: 0.5, digits: 15, threshold: 0.5 },
  { name: 'one in fifty positive', rows: 5000, share: 0.02, digits: 15, threshold: 0.2 },
  { name: 'probabilities of one digit: nothing but ties', rows: 3000, share: 0.3, digits: 1, threshold: 0.5 },
  { name: 'forty rows', rows: 40, share: 0.5, digits: 2, threshold: 0.4 },
].map(({ name, rows, share, digits, threshold }, index) => {
  const random = draws(100 + index);
  const isPositive = Uint8Array.from({ length: rows }, () => Number(random.next() < share));
  const probability = Float64Array.from(isPositive, (truth) => {
    const certain = 1 / (1 + Math.exp(-(random.normal() + truth - 0.5)));
    return Math.min(0.9, Math.max(0.1, Number(certain.toFixed(digits))));
  });
  return { index, name, isPositive, probability, threshold };
});

const multiclassCases = [
  { name: 'three classes', rows: 2000, weights: [1, 1, 1] },
  { name: 'seven classes, the last one in a hundred', rows: 4000, weights: [40, 20, 15, 10, 8, 6, 1] },
].map(({ name, rows, weights }, index) => {
  const random = draws(200 + index);
  const ballots = weights.flatMap((weight, index) => Array<number>(weight).fill(index));
  const truth = Int32Array.from({ length: rows }, () => ballots[random.integer(ballots.length)] ?? 0);
  const scores = Float64Array.from({ length: rows * weights.length }, (_, at) => {
    const isTruth = truth[Math.floor(at / weights.length)] === at % weights.length;
    return random.normal() + (isTruth ? 1 : 0);
  });
  return {
    index,
    name,
    classes: weights.map((_, index) => `class ${index}`),
    truth,
    probabilities: softmax(scores, weights.length),
  };
});

const regressionCases = [
  { name: 'around zero', centre: 0, noise: 1 },
  { name: 'a mean a million times the spread', centre: 1e6, noise: 0.5 },
  { name: 'worse than the mean', centre: 10, noise: 9 },
].map(({ name, centre, noise }, index) => {
  const random = draws(300 + index);
  const truth = Float64Array.from({ length: 1501 }, () => centre + random.normal());
  return { index, name, truth, predicted: truth.map((value) => value + noise * random.normal()) };
});

const expectEqual = (ours: Measured, theirs: z.infer<typeof Case> | undefined): void => {
  expect(Object.keys(theirs?.metrics ?? {}).length).toBeGreaterThan(3);
  for (const [name, value] of Object.entries(theirs?.metrics ?? {})) {
    const distance = Math.abs((ours.metrics[name] ?? Number.NaN) - value) / Math.max(1, Math.abs(value));
    expect(distance, `${name}: ${ours.metrics[name]} against ${value}`).toBeLessThan(tolerance);
  }
  expect(ours.confusion?.counts ?? null).toEqual(theirs?.confusion);
};

describe.skipIf(python === undefined)('metrics equal those of scikit-learn', () => {
  let theirs: z.infer<typeof Answer>;

  beforeAll(() => {
    theirs = askPython({
      script: 'metrics',
      question: {
        binary: binaryCases.map((each) => ({
          ...each,
          isPositive: Array.from(each.isPositive),
          probability: Array.from(each.probability),
        })),
        multiclass: multiclassCases.map(({ classes, truth, probabilities }) => ({
          classes: classes.length,
          truth: Array.from(truth),
          probabilities: Array.from(probabilities),
        })),
        regression: regressionCases.map(({ truth, predicted }) => ({
          truth: Array.from(truth),
          predicted: Array.from(predicted),
        })),
      },
      answer: Answer,
    });
  });

  it.each(binaryCases)('for two classes: $name', ({ index, ...data }) => {
    expectEqual(evaluateBinary(data), theirs.binary[index]);
  });

  it.each(multiclassCases)('for more classes: $name', ({ index, ...data }) => {
    expectEqual(evaluateMulticlass(data), theirs.multiclass[index]);
  });

  it.each(regressionCases)('for numbers: $name', ({ index, ...data }) => {
    expectEqual(evaluateRegression(data), theirs.regression[index]);
  });
});
