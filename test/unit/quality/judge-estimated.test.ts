import { describe, expect, test } from 'vitest';
import {
  judgeEstimatedQuality,
  judgeReliability,
  qualityReference,
} from '../../../lib/domain/quality/index.ts';

const unknown = { unknown: expect.any(String) };
const scoreOf = (judgement: object): number => {
  if (!('score' in judgement)) throw new Error(`no score: ${JSON.stringify(judgement)}`);
  return judgement.score as number;
};

describe('the estimated-quality lane', () => {
  const reference = { mean: 0.9, sd: 0.01, windows: 12 };

  test('is at its limit where the loss is three deviations and two points', () => {
    expect(scoreOf(judgeEstimatedQuality(0.87, reference))).toBeCloseTo(1, 9);
    // Four deviations of .001, but less than half a point: certain, and it does not matter.
    expect(scoreOf(judgeEstimatedQuality(0.896, { ...reference, sd: 0.001 }))).toBeCloseTo(0.2, 9);
    // Four points, but not beyond chance.
    expect(scoreOf(judgeEstimatedQuality(0.86, { ...reference, sd: 0.02 }))).toBeCloseTo(2 / 3, 9);
    expect(scoreOf(judgeEstimatedQuality(0.88, { ...reference, sd: 0 }))).toBeCloseTo(1, 9);
    expect(scoreOf(judgeEstimatedQuality(0.93, reference))).toBeLessThan(0);
  });

  test('is unknown without an estimate, or with fewer than ten reference windows', () => {
    const windows = [0.8, 0.9, 0.8, 0.9, 0.8, 0.9, 0.8, 0.9, 0.8, 0.9];

    const enough = qualityReference(windows);
    expect(enough).toMatchObject({ windows: 10, mean: expect.closeTo(0.85, 9) });
    // ten squares of .05 over nine
    expect(enough).toHaveProperty('sd', expect.closeTo(Math.sqrt(0.025 / 9), 9));
    expect(judgeEstimatedQuality(0.8, qualityReference(windows.slice(1)))).toEqual(unknown);
    expect(qualityReference([...windows.slice(1), { unknown: 'no rows' }])).toEqual(unknown);
    expect(judgeEstimatedQuality({ unknown: 'no row' }, reference)).toEqual({ unknown: 'no row' });
    expect(judgeEstimatedQuality(NaN, reference)).toEqual(unknown);
  });

  test('is marked unreliable once truth lies more than three deviations away', () => {
    expect(judgeReliability(0.9, 0.84, 0.021)).toMatchObject({ mark: 'reliable' });
    expect(judgeReliability(0.9, 0.84, 0.019)).toMatchObject({ mark: 'unreliable' });
    expect(judgeReliability(0.84, 0.9, 0.019)).toMatchObject({ mark: 'unreliable' });
    expect(judgeReliability(0.9, { unknown: 'no labels' }, 0.02)).toEqual({ unknown: 'no labels' });
  });
});
