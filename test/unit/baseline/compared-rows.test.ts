import { describe, expect, test } from 'vitest';
import { comparedRows } from '../../../lib/domain/baseline/index.ts';
import { judgeWindow, weekdayOf } from '../../../lib/domain/drift/index.ts';
import { binaryBaseline, daily, dayMs, hourMs, start } from './small-models.ts';

const rows = 28_000;
const isSunday = (row: number) => Math.floor(row / 500) % 7 === 0;
const baseline = binaryBaseline(
  {
    rows,
    columns: { x1: (row, random) => random.next() + (isSunday(row) ? 0.5 : 0) },
    chance: (_, random) => random.next(),
  },
  { times: daily(rows, 500) },
);

describe('a window of one weekday', () => {
  test('is compared with the rows of that weekday', () => {
    const sunday = baseline.weekdays?.[0];
    const window = { rows: sunday?.rows ?? 0, columns: sunday?.columns ?? [] };

    const own = comparedRows(baseline, 0);

    expect(own).toMatchObject({ weekday: 0, rows: 4000 });
    expect(judgeWindow(own, window).drift?.score).toBeLessThanOrEqual(0);
    expect(judgeWindow(comparedRows(baseline), window).drift?.score).toBeGreaterThan(1);
  });

  test('is compared with all rows where its weekday is not known or not kept', () => {
    const { weekdays: _, ...alike } = baseline;

    expect(comparedRows(baseline, undefined)).not.toHaveProperty('weekday');
    expect(comparedRows(alike, 0)).toMatchObject({ rows, columns: baseline.columns });
  });

  test('is one that lies in one day of UTC', () => {
    expect(weekdayOf({ from: start, to: start + dayMs })).toBe(0);
    expect(weekdayOf({ from: start + dayMs, to: start + dayMs + hourMs })).toBe(1);
    expect(weekdayOf({ from: start, to: start + dayMs + 1 })).toBeUndefined();
  });
});

test('what a lane is widened by divides its score, but not that of values of the wrong kind', () => {
  const widenedTwice = {
    ...baseline,
    promises: (['data-quality', 'drift'] as const).map((lane) => ({
      lane,
      windows: 100,
      breachShare: 0.1,
      widenedBy: 2,
      because: 'a test',
    })),
  };
  const counts = (wrong: number) => ({
    rows: 500,
    columns: baseline.columns.map(({ counts: { counts: own } }, index) => ({
      counts: own.map((_, place) => (place === 0 ? 500 - wrong : 0)),
      outside: index === 0 ? 500 - wrong : 0,
      wrong,
    })),
  });
  const [plain, wide] = [comparedRows(baseline), comparedRows(widenedTwice)];

  const [before, after] = [judgeWindow(plain, counts(0)), judgeWindow(wide, counts(0))];

  expect(after.drift?.score).toBeCloseTo((before.drift?.score ?? 0) / 2, 12);
  expect(after.drift?.because).toContain('widened 2 times to keep its promise');
  expect(after.dataQuality.score).toBeCloseTo(before.dataQuality.score / 2, 12);
  expect(after.featureDrift).toEqual(before.featureDrift);
  expect(judgeWindow(wide, { rows: 500, columns: counts(500).columns }).dataQuality.score).toBe(2);
});
