/** Coefficients within 1e-3 and answers within 1e-4 of scikit-learn's LogisticRegression and Ridge, both relative beyond 1. */
import { beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { linearMargins, probabilitiesOf, trainLinear } from '../../lib/domain/training/index.ts';
import { askPython } from './support/ask-python.ts';
import {
  classTarget,
  type LabelledMatrix,
  numbersOf,
  randomMatrix,
  valueTarget,
} from './support/labelled-matrix.ts';
import { python } from './support/parties.ts';
import { draws } from './support/random-data.ts';

const coefficientTolerance = 1e-3;
const answerTolerance = 1e-4;

const Fit = z.object({
  coefficients: z.array(z.number()),
  intercepts: z.array(z.number()),
  predicted: z.array(z.number()),
});
type Fit = z.infer<typeof Fit>;

const cases: readonly (LabelledMatrix & { readonly name: string; readonly l2: number })[] = [
  { name: 'binary', l2: 1, seed: 1, classes: 2, features: 8 },
  {
    name: 'binary, features of unlike scale, strong penalty',
    l2: 100,
    seed: 2,
    classes: 2,
    features: 5,
    scale: 30,
  },
  { name: 'binary, one in a hundred positive', l2: 1, seed: 3, classes: 2, features: 4, bias: 5 },
  { name: 'three classes', l2: 1, seed: 4, classes: 3, features: 6 },
  { name: 'six classes, weak penalty', l2: 0.01, seed: 5, classes: 6, features: 4 },
  { name: 'ridge', l2: 1, seed: 6, classes: 0, features: 10 },
  {
    name: 'ridge, features of unlike scale, strong penalty',
    l2: 500,
    seed: 7,
    classes: 0,
    features: 6,
    scale: 50,
  },
].map(({ name, l2, seed, classes, features, scale = 1, bias = 0 }) => {
  const random = draws(seed);
  const matrix = randomMatrix(random, { rows: 1500, features, scale });
  const target = classes === 0 ? valueTarget(matrix, random) : classTarget(matrix, random, { classes, bias });
  return { name, l2, matrix, target };
});

const ourFit = ({ matrix, target, l2 }: LabelledMatrix & { readonly l2: number }): Fit => {
  const model = trainLinear({ matrix, target, params: { l2, maxIterations: 1000 } });
  expect(model.isConverged).toBe(true);
  const margins = linearMargins(model, matrix);
  const predicted =
    model.task === 'regression' ? margins : probabilitiesOf(model.task, margins, model.outputs);
  return {
    coefficients: Array.from(model.coefficients),
    intercepts: Array.from(model.intercepts),
    predicted: Array.from(predicted),
  };
};

const largestDistance = (ours: readonly number[], theirs: readonly number[]): number => {
  expect(ours.length).toBe(theirs.length);
  return theirs.reduce(
    (most, value, at) =>
      Math.max(most, Math.abs((ours[at] ?? Number.NaN) - value) / Math.max(1, Math.abs(value))),
    0,
  );
};

describe.skipIf(python === undefined)('linear models equal those of scikit-learn', () => {
  let theirs: readonly Fit[];

  beforeAll(() => {
    theirs = askPython({
      script: 'linear',
      question: {
        cases: cases.map(({ name, l2, target }) => ({
          name,
          l2,
          target: numbersOf(target),
          isRegression: target.kind === 'values',
        })),
      },
      matrices: Object.fromEntries(cases.map(({ name, matrix }) => [name, matrix])),
      answer: z.array(Fit),
    });
  });

  it.each(cases)('$name', (story) => {
    const ours = ourFit(story);

    const fit = theirs[cases.indexOf(story)];

    expect(largestDistance(ours.coefficients, fit?.coefficients ?? [])).toBeLessThan(coefficientTolerance);
    expect(largestDistance(ours.intercepts, fit?.intercepts ?? [])).toBeLessThan(coefficientTolerance);
    expect(largestDistance(ours.predicted, fit?.predicted ?? [])).toBeLessThan(answerTolerance);
  });
});
