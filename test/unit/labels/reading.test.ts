import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { systemIds } from '../../../lib/adapters/local/system-ids.ts';
import { predictedAtOf, readMoment, rowKeyOf } from '../../../lib/domain/labels/index.ts';

describe('a prediction id', () => {
  it('says to the millisecond when the prediction was made', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: Date.UTC(9000, 0, 1) }), (now) => {
        const ids = systemIds({
          clock: { now: () => now, sleep: () => Promise.reject(new Error('no waiting')) },
        });
        expect(predictedAtOf(ids.next())).toBe(now);
      }),
    );
  });

  it.each([
    '',
    'prediction-1',
    '01M7Z17CJ7K7D20DGZM7D9BCRB',
    '81m7z17cj7k7d20dgzm7d9bcrb',
    '01m7z17cj7k7d20dgzm7d9bcru',
  ])('is not "%s"', (text) => {
    expect(predictedAtOf(text)).toBeUndefined();
  });
});

describe('the moment a label became known', () => {
  it.each([
    ['2026-03-01', '2026-03-01T00:00:00.000Z'],
    ['2026-03-01 10:30', '2026-03-01T10:30:00.000Z'],
    ['2026-03-01T10:30:15.1234567Z', '2026-03-01T10:30:15.123Z'],
    ['2026-03-01T10:30:15+02:00', '2026-03-01T08:30:15.000Z'],
    ['2026-03-01T00:30:15-0530', '2026-03-01T06:00:15.000Z'],
    ['2026-03-01T10:30+02', '2026-03-01T08:30:00.000Z'],
    [1_772_359_200_000, '2026-03-01T10:00:00.000Z'],
    ['1772359200', '2026-03-01T10:00:00.000Z'],
  ])('%s is %s', (text, moment) => {
    expect(readMoment(text)).toBe(moment);
  });

  it.each([
    '',
    'yesterday',
    '2026-02-30',
    '2026-13-01',
    '01/03/2026',
    '-5',
    '1e400',
    '99999999999999999',
    // Dates without dashes, and a year: as numbers they would be moments of 1970, and the last to count for ever.
    '20260301',
    '202603011030',
    '2026',
    '45000',
  ])('"%s" is none', (text) => {
    expect(readMoment(text)).toBeUndefined();
  });

  it('comes back as it was from any moment written in full', () => {
    fc.assert(
      fc.property(fc.date({ min: new Date(0), max: new Date('9990-01-01'), noInvalidDate: true }), (date) => {
        expect(readMoment(date.toISOString())).toBe(date.toISOString());
      }),
    );
  });
});

describe('a row key', () => {
  it('is one for JSON, CSV and Parquet, and differs where a value does', () => {
    const key = (a: string | number, b: string | number) => rowKeyOf(['a', 'b'], { a, b, c: 'other' });

    expect(key(3, ' x ')).toBe(key('3.0', 'x'));
    expect(key(3, 'x')).not.toBe(key(31, 'x'));
    expect(key('a', 'bc')).not.toBe(key('ab', 'c'));
  });

  it('is none without one of its columns, or without columns', () => {
    expect(rowKeyOf(['a', 'b'], { a: 1, b: ' ' })).toBeUndefined();
    expect(rowKeyOf(['a', 'b'], { a: 1 })).toBeUndefined();
    expect(rowKeyOf(['toString'], {})).toBeUndefined();
    expect(rowKeyOf([], { a: 1 })).toBeUndefined();
  });
});
