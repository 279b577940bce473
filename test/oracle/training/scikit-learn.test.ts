import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import type { Target } from '../../../lib/domain/dataset/index.ts';
import {
  boostedTreesMargins,
  type TrainingMatrix,
  trainBoostedTrees,
  trainLinear,
} from '../../../lib/domain/training/index.ts';
import { flightWeek } from './flight-week.ts';

const Numbers = z.array(z.number());
const Fit = z.object({ l2: z.number(), coefficients: Numbers, intercept: z.number() });
const PartCounts = z.object({ train: z.number(), validation: z.number(), test: z.number() });

/** Made with scikit-learn 1.7.2 under Python 3.11; solvers run to a tolerance of 1e-12. */
const vectors = z
  .object({
    rows: z.array(Numbers),
    twoClasses: Numbers,
    threeClasses: Numbers,
    values: Numbers,
    logistic: z.array(Fit),
    softmax: z.array(z.object({ l2: z.number(), coefficients: z.array(Numbers), intercepts: Numbers })),
    ridge: z.array(Fit),
    boostedTrees: z.object({ rows: PartCounts, late: PartCounts, auc: z.number(), logLoss: z.number() }),
  })
  .parse(JSON.parse(readFileSync(path.join(import.meta.dirname, 'scikit-learn-vectors.json'), 'utf8')));

const matrix: TrainingMatrix = {
  rows: vectors.rows.length,
  featureCount: 4,
  values: Float32Array.from(vectors.rows.flat()),
  featureNames: ['normal', 'shifted', 'flag', 'skewed'],
};

const classes = (names: readonly string[], indices: readonly number[]): Target => ({
  kind: 'classes',
  classes: names,
  indices: Int32Array.from(indices),
});

const expectClose = (actual: ArrayLike<number>, expected: readonly number[], tolerance: number): void => {
  expect(actual).toHaveLength(expected.length);
  const distances = expected.map((value, index) => Math.abs(value - (actual[index] ?? Number.NaN)));
  expect(Math.max(...distances)).toBeLessThan(tolerance);
};

describe('linear models are those of scikit-learn', () => {
  test.each(vectors.logistic)(
    'LogisticRegression with C = 1 / $l2, to 1e-5',
    ({ l2, coefficients, intercept }) => {
      const target = classes(['no', 'yes'], vectors.twoClasses);

      const model = trainLinear({ matrix, target, params: { l2, maxIterations: 200 } });

      expect(model.isConverged).toBe(true);
      expectClose(model.coefficients, coefficients, 1e-5);
      expectClose(model.intercepts, [intercept], 1e-5);
    },
  );

  test.each(vectors.softmax)(
    'LogisticRegression of three classes with C = 1 / $l2, to 1e-5',
    ({ l2, coefficients, intercepts }) => {
      const target = classes(['a', 'b', 'c'], vectors.threeClasses);

      const model = trainLinear({ matrix, target, params: { l2, maxIterations: 200 } });

      expect(model.isConverged).toBe(true);
      expectClose(model.coefficients, coefficients.flat(), 1e-5);
      expectClose(model.intercepts, intercepts, 1e-5);
    },
  );

  test.each(vectors.ridge)('Ridge with alpha = $l2, to 1e-9', ({ l2, coefficients, intercept }) => {
    const target: Target = { kind: 'values', values: Float64Array.from(vectors.values) };

    const model = trainLinear({ matrix, target, params: { l2, maxIterations: 200 } });

    expectClose(model.coefficients, coefficients, 1e-9);
    expectClose(model.intercepts, [intercept], 1e-9);
  });
});

/** Probability that a late flight has the higher margin, ties counting half: the Mann–Whitney statistic. */
const areaUnderCurve = (margins: Float64Array, labels: Int32Array): number => {
  const late = margins.filter((_, row) => labels[row] === 1).toSorted();
  const below = margins.filter((_, row) => labels[row] === 0).toSorted();
  let sum = 0;
  let lower = 0;
  let notHigher = 0;
  for (const margin of late) {
    while (lower < below.length && (below[lower] as number) < margin) lower += 1;
    while (notHigher < below.length && (below[notHigher] as number) <= margin) notHigher += 1;
    sum += (lower + notHigher) / 2;
  }
  return sum / (late.length * below.length);
};

const meanLogLoss = (margins: Float64Array, labels: Int32Array): number =>
  margins.reduce((sum, margin, row) => sum + Math.log1p(Math.exp(labels[row] === 1 ? -margin : margin)), 0) /
  margins.length;

test('boosted trees rank a held-out part of a week of flights as HistGradientBoostingClassifier does', async () => {
  const { train, validation, test: heldOut } = await flightWeek();
  const late = ({ target }: typeof train): number => target.indices.reduce((sum, label) => sum + label, 0);
  const { rows, late: lateCounts, auc, logLoss } = vectors.boostedTrees;

  const model = trainBoostedTrees({
    ...train,
    validation,
    params: {
      rounds: 300,
      learningRate: 0.1,
      maxLeaves: 31,
      maxDepth: 8,
      minRowsPerLeaf: 20,
      l2: 1,
      maxBins: 255,
      earlyStoppingRounds: 20,
      rowShare: 1,
      columnShare: 1,
    },
    seed: 7,
  });

  // The very rows that scikit-learn saw.
  expect([train, validation, heldOut].map((part) => [part.matrix.rows, late(part)])).toEqual([
    [rows.train, lateCounts.train],
    [rows.validation, lateCounts.validation],
    [rows.test, lateCounts.test],
  ]);
  const margins = boostedTreesMargins(model, heldOut.matrix);
  const ownAuc = areaUnderCurve(margins, heldOut.target.indices);
  expect(Math.abs(ownAuc - auc)).toBeLessThan(0.005);
  expect(Math.abs(meanLogLoss(margins, heldOut.target.indices) - logLoss)).toBeLessThan(0.005);
  expect(ownAuc).toBeGreaterThan(0.6);
});
