import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { judgeCoverage, type LabelledWindow, labelDelayMs } from '../../../lib/domain/quality/index.ts';

const dayMs = 86_400_000;
const window = (changes: Partial<LabelledWindow>): LabelledWindow => ({
  rows: 100,
  labelledRows: 50,
  windowEndMs: 10 * dayMs,
  nowMs: 11 * dayMs,
  delayMs: 3 * dayMs,
  ...changes,
});

describe('label coverage', () => {
  test('lets a window be judged from 80 % on, however early', () => {
    expect(judgeCoverage(window({ labelledRows: 80 }))).toMatchObject({ outcome: 'judge', coverage: 0.8 });
    expect(judgeCoverage(window({ labelledRows: 79 }))).toMatchObject({ outcome: 'wait', coverage: 0.79 });
  });

  test('waits for fewer labels until the usual delay is over', () => {
    expect(judgeCoverage(window({ nowMs: 13 * dayMs }))).toMatchObject({ outcome: 'wait' });
    expect(judgeCoverage(window({ nowMs: 13 * dayMs + 1 }))).toMatchObject({
      outcome: 'judge',
      coverage: 0.5,
    });
    const noDelay = { unknown: 'no label has come yet' };
    expect(judgeCoverage(window({ nowMs: 99 * dayMs, delayMs: noDelay }))).toMatchObject({ outcome: 'wait' });
  });

  test('is unknown where nothing was predicted or no label came: that is not a window of negatives', () => {
    expect(judgeCoverage(window({ rows: 0, labelledRows: 0 }))).toMatchObject({
      outcome: 'unknown',
      coverage: { unknown: 'no prediction was made' },
    });
    expect(judgeCoverage(window({ labelledRows: 0, nowMs: 99 * dayMs }))).toMatchObject({
      outcome: 'unknown',
      coverage: 0,
    });
    expect(() => judgeCoverage(window({ labelledRows: 101 }))).toThrow('101 labelled rows of 100');
  });

  test('lies between none and all, and more labels never turn a judgement back into waiting', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fc.nat(500), fc.nat(20 * dayMs), (rows, some, nowMs) => {
        const labelledRows = Math.min(some, rows - 1);
        const fewer = judgeCoverage(window({ rows, labelledRows, nowMs }));
        const more = judgeCoverage(window({ rows, labelledRows: labelledRows + 1, nowMs }));

        expect(fewer.coverage).toBeGreaterThanOrEqual(0);
        expect(more.coverage).toBeLessThanOrEqual(1);
        if (fewer.outcome === 'judge') expect(more.outcome).toBe('judge');
      }),
    );
  });
});

describe('the usual label delay', () => {
  test('is the 95th percentile of those seen, by nearest rank', () => {
    const delays = Float64Array.from({ length: 40 }, (_, index) => 40 - index);

    expect(labelDelayMs(delays)).toBe(38);
    expect(labelDelayMs(Float64Array.of(7))).toBe(7);
  });

  test('takes a label from before its prediction as no delay, and none at all as unknown', () => {
    expect(labelDelayMs(Float64Array.of(-5000, -1))).toBe(0);
    expect(labelDelayMs(Float64Array.of(NaN))).toEqual({ unknown: 'no label has come yet' });
  });
});
