import { describe, expect, test } from 'vitest';
import { type DataInput, dataGate, type SanityInput, sanityGate } from '../../../lib/domain/gates/index.ts';

const usual: DataInput = {
  quality: { score: 0.4, because: 'no value is of the wrong kind' },
  rows: 2000,
  usualRows: 2000,
  labelRate: { value: 0.31, rows: 2000, usual: 0.3, usualSd: 0.02 },
  driftScores: { distance: 0.2, carrier: -0.1 },
};

const data = (changes: Partial<DataInput> = {}) =>
  Object.fromEntries(dataGate({ ...usual, ...changes }).map(({ subject, verdict }) => [subject, verdict]));

describe('the data to train on', () => {
  test('a usual window passes every row of the table', () => {
    expect(data()).toEqual({
      'data quality': 'pass',
      rows: 'pass',
      'change of label rate': 'pass',
      'drift score': 'pass',
    });
    expect(data({ labelRate: undefined })).not.toHaveProperty('change of label rate');
  });

  test('a breach of the data-quality lane fails with the words of the lane', () => {
    const [row] = dataGate({
      ...usual,
      quality: { score: 1.2, because: '4 value(s) are of the wrong kind' },
    });

    expect(row).toMatchObject({ verdict: 'fail', because: '4 value(s) are of the wrong kind' });
    expect(data({ quality: { score: 1, because: 'at its limit' } })['data quality']).toBe('fail');
    expect(data({ quality: { score: Number.NaN, because: '' } })['data quality']).toBe('unknown');
    expect(data({ quality: null })['data quality']).toBe('unknown');
  });

  test('half to twice the usual rows are enough, and neither 999 nor 4,001', () => {
    const verdicts = [999, 1000, 4000, 4001].map((rows) => data({ rows }).rows);

    expect(verdicts).toEqual(['fail', 'pass', 'pass', 'fail']);
    expect([data({ usualRows: null }).rows, data({ usualRows: 0 }).rows]).toEqual(['unknown', 'unknown']);
    expect(data({ rows: 0 }).rows).toBe('fail');
  });

  test('the label rate stays within three sigmas and five points, whichever is less', () => {
    const rate = (value: number | null, usualSd: number, rows = 2000) =>
      data({ labelRate: { value, rows, usual: 0.3, usualSd } })['change of label rate'];

    expect([rate(0.35, 0.02), rate(0.351, 0.02), rate(0.25, 0.02), rate(0.249, 0.02)]).toEqual([
      'pass',
      'fail',
      'pass',
      'fail',
    ]);
    // Chance alone: √(.3·.7/2000) = .01025, times 3 is .0307.
    expect([rate(0.33, 0), rate(0.332, 0), rate(0.332, 0.011)]).toEqual(['pass', 'fail', 'pass']);
    expect([rate(null, 0.02), rate(0.3, 0.02, 0)]).toEqual(['unknown', 'unknown']);
  });

  test('a usual rate of few rows is known as well as they tell, and no better', () => {
    const rate = (value: number, usualRows: number, usualSd: number | null = 0.02, rows = 400) =>
      data({ labelRate: { value, rows, usual: 0.3, usualRows, usualSd } })['change of label rate'];

    // √(.3·.7·(1/100 + 1/400)) = .0512, times 3 is .154: what chance makes of two such samples is no fault.
    expect([rate(0.45, 100), rate(0.46, 100)]).toEqual(['pass', 'fail']);
    expect([rate(0.7, 100), rate(0.36, 1e9, 0.02, 1e9)]).toEqual(['fail', 'fail']);
  });

  test('without earlier batches a change beyond chance and within five points is unknown', () => {
    const rate = (value: number, rows: number) =>
      data({ labelRate: { value, rows, usual: 0.3, usualRows: 2000, usualSd: null } })[
        'change of label rate'
      ];

    // 3·√(.3·.7·(1/2000 + 1/2000)) = .0435.
    expect([rate(0.343, 2000), rate(0.344, 2000), rate(0.35, 2000), rate(0.351, 2000)]).toEqual([
      'pass',
      'unknown',
      'unknown',
      'fail',
    ]);
  });

  test('a score of 5 is quarantined for a person, and a column without a score is unknown', () => {
    const row = dataGate({ ...usual, driftScores: { distance: 5, carrier: null } }).at(-1);

    expect(row).toMatchObject({ verdict: 'fail', numbers: { value: 5, columns: 2, scored: 1 } });
    expect(row?.because).toBe('distance scores 5, less than 5 is asked: quarantined, a person decides');
    expect(data({ driftScores: { distance: 4.99 } })['drift score']).toBe('pass');
    expect(data({ driftScores: { distance: 1, carrier: null } })['drift score']).toBe('unknown');
    expect(data({ driftScores: {} })['drift score']).toBe('unknown');
  });
});

const fit: SanityInput = {
  calibrationError: { champion: 0.03, challenger: 0.05 },
  positiveRate: { champion: 0.3, challenger: 0.2 },
  latencyMs: { value: 12, budget: 12 },
  sizeBytes: { value: 1000, budget: 5000 },
  parity: { maxDifference: 1e-6, tolerance: 1e-5 },
};

const verdicts = (changes: Partial<SanityInput>) =>
  sanityGate({ ...fit, ...changes }).map(({ verdict }) => verdict);

describe('sanity', () => {
  test('every limit may be equalled', () => {
    expect(verdicts({})).toEqual(['pass', 'pass', 'pass', 'pass', 'pass']);
  });

  test('each limit stops the challenger that is past it', () => {
    expect(verdicts({ calibrationError: { champion: 0.03, challenger: 0.0501 } })[0]).toBe('fail');
    expect(verdicts({ calibrationError: { champion: 0.3, challenger: 0 } })[0]).toBe('pass');
    expect(verdicts({ positiveRate: { champion: 0.3, challenger: 0.401 } })[1]).toBe('fail');
    expect(verdicts({ positiveRate: { champion: 0.3, challenger: 0.199 } })[1]).toBe('fail');
    expect(verdicts({ latencyMs: { value: 12.1, budget: 12 } })[2]).toBe('fail');
    expect(verdicts({ sizeBytes: { value: 5001, budget: 5000 } })[3]).toBe('fail');
    expect(verdicts({ parity: { maxDifference: 1e-4, tolerance: 1e-5 } })[4]).toBe('fail');
  });

  test('a calibration error past its limit by no more than chance does is not told from one within', () => {
    const judged = (noise: number) =>
      verdicts({ calibrationError: { champion: 0.03, challenger: 0.07, noise } })[0];

    // .04 − 1.645·.013 = .0186, .04 − 1.645·.012 = .0203.
    expect([judged(0.013), judged(0.012), judged(0)]).toEqual(['too-few-rows', 'fail', 'fail']);
  });

  test('a number nobody measured is unknown, one a model of values has not is not asked', () => {
    expect(verdicts({ latencyMs: { value: null, budget: 12 } })[2]).toBe('unknown');
    expect(verdicts({ parity: { maxDifference: Number.NaN, tolerance: 1e-5 } })[4]).toBe('unknown');
    expect(verdicts({ positiveRate: { champion: null, challenger: 0.4 } })[1]).toBe('unknown');
    expect(verdicts({ calibrationError: undefined, positiveRate: undefined })).toHaveLength(3);
  });
});
