/**
 * Every number against scikit-learn 1.7.2, pinned in scikit-learn-vectors.json by make-scikit-learn-vectors.py.
 * Tolerance 1e-9, absolute up to 1 and relative beyond: both sides are float64 and differ in the order of their sums.
 */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as z from 'zod';
import {
  evaluateBinary,
  evaluateMulticlass,
  evaluateRegression,
} from '../../../lib/domain/evaluation/index.ts';

const numbers = z.array(z.number());
const Case = z.object({ name: z.string(), metrics: z.record(z.string(), z.number()) });
const Curve = z.object({ x: numbers, y: numbers });
const Vectors = z.object({
  'scikit-learn': z.literal('1.7.2'),
  binary: z.array(
    Case.extend({
      isPositive: numbers,
      probability: numbers,
      threshold: z.number(),
      confusion: z.array(numbers),
      roc: Curve,
      precisionRecall: Curve,
    }),
  ),
  multiclass: z.array(
    Case.extend({
      classes: z.array(z.string()),
      truth: numbers,
      probabilities: numbers,
      confusion: z.array(numbers),
    }),
  ),
  regression: z.array(Case.extend({ truth: numbers, predicted: numbers })),
});
const vectors = Vectors.parse(
  JSON.parse(readFileSync(new URL('./scikit-learn-vectors.json', import.meta.url), 'utf8')),
);

const expectClose = (ours: Readonly<Record<string, number | null>>, theirs: Record<string, number>) => {
  expect(Object.keys(theirs).length).toBeGreaterThan(2);
  for (const [name, value] of Object.entries(theirs)) {
    const distance = Math.abs((ours[name] ?? Number.NaN) - value) / Math.max(1, Math.abs(value));
    expect(distance, `${name}: ${ours[name]} against ${value}`).toBeLessThan(1e-9);
  }
};

test.each(vectors.binary)('binary metrics equal those of scikit-learn: $name', (vector) => {
  const ours = evaluateBinary({
    isPositive: Uint8Array.from(vector.isPositive),
    probability: Float64Array.from(vector.probability),
    threshold: vector.threshold,
  });

  expectClose(ours.metrics, vector.metrics);
  expect(ours.confusion?.counts).toEqual(vector.confusion);
});

// Curves are rounded to six digits for the document, and thinned to 200 points when they have more.
test.each(vectors.binary.filter(({ roc }) => roc.x.length <= 200))(
  'ROC and precision–recall curves pass through the points of scikit-learn: $name',
  (vector) => {
    const { curves } = evaluateBinary({
      isPositive: Uint8Array.from(vector.isPositive),
      probability: Float64Array.from(vector.probability),
      threshold: 0.5,
    });

    const near = (value: number | undefined) => expect.closeTo(value ?? Number.NaN, 5);
    expect(curves.roc).toEqual(vector.roc.x.map((x, at) => ({ x: near(x), y: near(vector.roc.y[at]) })));
    expect(curves.precisionRecall).toEqual(
      vector.precisionRecall.x.map((x, at) => ({ x: near(x), y: near(vector.precisionRecall.y[at]) })),
    );
  },
);

test.each(vectors.multiclass)('multiclass metrics equal those of scikit-learn: $name', (vector) => {
  const ours = evaluateMulticlass({
    classes: vector.classes,
    truth: Int32Array.from(vector.truth),
    probabilities: Float64Array.from(vector.probabilities),
  });

  expectClose(ours.metrics, vector.metrics);
  expect(ours.confusion?.counts).toEqual(vector.confusion);
});

test.each(vectors.regression)('regression metrics equal those of scikit-learn: $name', (vector) => {
  const ours = evaluateRegression({
    truth: Float64Array.from(vector.truth),
    predicted: Float64Array.from(vector.predicted),
  });

  expectClose(ours.metrics, vector.metrics);
});
