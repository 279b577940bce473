import { describe, expect, test } from 'vitest';
import type { LaneJudgement } from '../../../lib/domain/drift/index.ts';
import { judgeEstimate, type QualityBaseline, referenceFor } from '../../../lib/domain/quality/index.ts';

const classes: QualityBaseline = {
  kind: 'classes',
  classes: ['no', 'yes'],
  positiveClass: 'yes',
  maps: { unknown: 'not asked' },
  estimated: { mean: 0.8, sd: 0.01, windows: 20 },
  windowRows: 400,
  realised: { rows: 8000, errors: 1600 },
};
const values: QualityBaseline = {
  kind: 'values',
  errorModel: { unknown: 'not asked' },
  estimated: { mean: 5, sd: 0.1, windows: 20 },
  windowRows: 400,
  realised: { rows: 8000, mean: 5, variance: 4 },
};

const accuracy = (value: number) => ({ measure: 'accuracy' as const, value, sd: 0.01 });
const meanError = (value: number) => ({ measure: 'mean absolute error' as const, value, sd: 0.1 });
const scoreOf = (...given: Parameters<typeof judgeEstimate>) =>
  (judgeEstimate(...given).judgement as LaneJudgement).score;

describe('an estimate in its lane', () => {
  test('is at the limit three deviations below the reference', () => {
    const { judgement, estimated } = judgeEstimate(classes, accuracy(0.77), 400);

    // (0.80 − 0.77) / (3 · 0.01) is 1; (0.80 − 0.77) / 0.02 is more.
    expect((judgement as LaneJudgement).score).toBeCloseTo(1, 9);
    expect(estimated).toEqual({ measure: 'accuracy', value: 0.77, reference: 0.8, referenceSd: 0.01 });
  });

  test('gives a window of fewer rows the chance that fewer rows have, and one of more rows no less', () => {
    // A quarter of the rows, twice the deviation.
    expect(referenceFor(classes, 100)).toEqual({ mean: 0.8, sd: 0.02, windows: 20 });
    expect(referenceFor(classes, 40_000)).toEqual(classes.estimated);
    expect(scoreOf(classes, accuracy(0.77), 100)).toBeCloseTo(0.5, 9);
  });

  test('of a regression breaches upwards, and by a tenth at least', () => {
    // (5.5 − 5) / (3 · 0.1) is 1.67, (5.5 − 5) / (0.1 · 5) is 1.
    expect(scoreOf(values, meanError(5.5), 400)).toBeCloseTo(1, 9);
    expect(scoreOf(values, meanError(4.5), 400)).toBeLessThan(0);
  });

  test('is divided by what its lane is widened by, and says so', () => {
    const { judgement } = judgeEstimate(classes, accuracy(0.77), 400, 2);

    expect((judgement as LaneJudgement).score).toBeCloseTo(0.5, 9);
    expect((judgement as LaneJudgement).because).toContain('widened 2 times to keep its promise');
  });

  test('is unknown where the reference or the estimate is', () => {
    const few = { unknown: '3 window(s)' };

    expect(judgeEstimate({ ...classes, estimated: few }, accuracy(0.5), 400).judgement).toEqual(few);
    expect(judgeEstimate(classes, few, 400)).toEqual({ judgement: few, estimated: few });
    expect(judgeEstimate(classes, { ...accuracy(0.5), value: few }, 0).judgement).toEqual(few);
    expect(judgeEstimate(undefined, accuracy(0.5), 400).judgement).toEqual({ unknown: expect.any(String) });
  });
});
