import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  countErrors,
  judgeRealisedErrors,
  judgeRealisedQuality,
  measureErrors,
  missingLabel,
} from '../../../lib/domain/quality/index.ts';

const unknown = { unknown: expect.any(String) };
const scoreOf = (judgement: object): number => {
  if (!('score' in judgement)) throw new Error(`no score: ${JSON.stringify(judgement)}`);
  return judgement.score as number;
};

describe('the realised-quality lane of a classifier', () => {
  test('weighs the rise of errors against chance and against two points', () => {
    // e0 .1, e .2, pooled .15: sd = √(.15·.85·(1/500 + 1/500)) = .0225832
    const judged = judgeRealisedQuality({ rows: 500, errors: 50 }, { rows: 500, errors: 100 });
    expect(scoreOf(judged)).toBeCloseTo(0.1 / (3 * 0.0225831796), 6);
    // A million rows make .5 points certain; a quarter of the limit all the same.
    const large = judgeRealisedQuality({ rows: 1e6, errors: 100_000 }, { rows: 1e6, errors: 105_000 });
    expect(scoreOf(large)).toBeCloseTo(0.25, 9);
  });

  test('does not depend on labels that are missing: they are nobody’s errors', () => {
    const rows = fc.array(fc.tuple(fc.constantFrom(missingLabel, 0, 1), fc.constantFrom(0, 1)));
    fc.assert(
      fc.property(rows, (given) => {
        const known = given.filter(([label]) => label !== missingLabel);
        const count = (some: typeof given) =>
          countErrors(
            some.map(([label]) => label),
            some.map(([, answer]) => answer),
          );

        expect(count(given)).toEqual(count(known));
        expect(count(given).rows).toBe(known.length);
      }),
    );
  });

  test('is unknown on no row or one, and a score, not NaN, where all or none are wrong', () => {
    const reference = { rows: 100, errors: 0 };

    expect(judgeRealisedQuality(reference, { rows: 0, errors: 0 })).toEqual(unknown);
    expect(judgeRealisedQuality(reference, { rows: 1, errors: 1 })).toEqual(unknown);
    expect(judgeRealisedQuality({ rows: 0, errors: 0 }, reference)).toEqual(unknown);
    expect(scoreOf(judgeRealisedQuality(reference, reference))).toBe(0);
    expect(scoreOf(judgeRealisedQuality({ rows: 9, errors: 9 }, { rows: 9, errors: 9 }))).toBe(0);
    expect(() => judgeRealisedQuality(reference, { rows: 2, errors: 3 })).toThrow('3 errors in 2 rows');
  });
});

describe('the realised-quality lane of a regression', () => {
  test('is Welch’s z of absolute errors, held to a rise of a tenth', () => {
    const reference = { rows: 100, mean: 10, variance: 4 };
    // √(9/100 + 4/100) = .360555
    const judged = judgeRealisedErrors(reference, { rows: 100, mean: 11.5, variance: 9 });
    expect(scoreOf(judged)).toBeCloseTo(1.5 / (3 * Math.sqrt(0.13)), 9);
    const certain = judgeRealisedErrors(reference, { rows: 1e8, mean: 15, variance: 9 });
    expect(scoreOf(certain)).toBeCloseTo(5, 9);
    expect(scoreOf(judgeRealisedErrors(reference, { rows: 100, mean: 9, variance: 4 }))).toBeLessThan(0);
  });

  test('is measured on rows with both numbers, by mean and sample variance', () => {
    const moments = measureErrors(Float64Array.of(1, 2, NaN, 4), Float64Array.of(2, 0, 5, 1));

    expect(moments).toEqual({ rows: 3, mean: 2, variance: 1 });
    expect(measureErrors(new Float64Array(0), new Float64Array(0))).toEqual({
      rows: 0,
      mean: 0,
      variance: 0,
    });
  });

  test('is unknown on too few rows and never NaN against a faultless reference', () => {
    const faultless = { rows: 50, mean: 0, variance: 0 };

    expect(judgeRealisedErrors(faultless, { rows: 1, mean: 3, variance: 0 })).toEqual(unknown);
    expect(scoreOf(judgeRealisedErrors(faultless, faultless))).toBe(0);
    expect(scoreOf(judgeRealisedErrors(faultless, { rows: 50, mean: 1, variance: 0 }))).toBe(1);
    expect(scoreOf(judgeRealisedErrors(faultless, { rows: 50, mean: 3, variance: 50 }))).toBeCloseTo(1, 9);
  });
});
