import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  alarmRate,
  leastWidening,
  monthsBetween,
  type SimulatedScores,
} from '../../../lib/domain/baseline/index.ts';
import { seededRandom } from '../../../lib/domain/random/index.ts';
import { binaryBaseline, daily } from './small-models.ts';

const once = { breaches: 1, outOf: 1, whenMissing: 'ignore' } as const;
const twoOfThree = { breaches: 2, outOf: 3, whenMissing: 'ignore' } as const;

const drawn = (scores: readonly number[], isSequence = false): SimulatedScores => ({
  scores,
  hours: 24,
  isSequence,
  words: 'of a test',
});

describe('how often a lane rings falsely', () => {
  test('is what the rule makes of the share of windows that breach', () => {
    expect(alarmRate(0.1, once)).toBeCloseTo(0.1, 12);
    // The second breach on this day, the first on one of the two before: 2 · 0.1².
    expect(alarmRate(0.1, twoOfThree)).toBeCloseTo(0.02, 12);
    // One day in 100, and 30.4375 days a month.
    expect(monthsBetween(drawn([2, ...new Array(99).fill(0)]), once, 1)).toBeCloseTo(100 / 30.4375, 9);
    expect(monthsBetween(drawn([0.9, 0.5]), once, 1)).toBe(Infinity);
  });

  test('is never less than what independent windows show when they are played through', () => {
    const random = seededRandom(5);
    const breaches = Array.from({ length: 200_000 }, () => +(random.next() < 0.05));
    let alarms = 0;
    breaches.forEach((one, index) => {
      const [before, earlier, first] = [1, 2, 3].map((back) => breaches[index - back] ?? 0);
      const isRinging = one + (before ?? 0) + (earlier ?? 0) >= 2;
      const wasRinging = (before ?? 0) + (earlier ?? 0) + (first ?? 0) >= 2;
      if (isRinging && !wasRinging) alarms += 1;
    });

    const rate = alarms / breaches.length;

    expect(alarmRate(0.05, twoOfThree)).toBeGreaterThan(rate);
    // (1 − p)² is what the bound leaves out.
    expect(alarmRate(0.05, twoOfThree) * 0.95 ** 2).toBeCloseTo(rate, 3);
  });

  test('counts bad days that come together, where windows follow each other', () => {
    const scores = new Array(100).fill(0).map((_, day) => (day === 50 || day === 51 ? 2 : 0));

    // Two breaches in 100: 2 · 0.02² by chance, and one alarm in 100 days as they came.
    expect(monthsBetween(drawn(scores), twoOfThree, 1)).toBeCloseTo(1250 / 30.4375, 6);
    expect(monthsBetween(drawn(scores, true), twoOfThree, 1)).toBeCloseTo(100 / 30.4375, 6);
  });

  test('is made rare enough by the least widening that does', () => {
    const scores = [1.234, 1.1, 1.05, ...new Array(197).fill(0.2)];

    // 12 months are 365 days: none of 200 may breach, and the limit passes the largest.
    expect(leastWidening([drawn(scores)], once, 12)).toBe(1.24);
    // 3.2 months are 98 days: 2 of 200 may.
    expect(leastWidening([drawn(scores)], once, 3.2)).toBe(1.06);
    expect(leastWidening([drawn(scores)], twoOfThree, 12)).toBe(1);
    expect(leastWidening([], once, 12)).toBe(1);
  });

  test('keeps the promise whatever was simulated, and widens nothing that keeps it already', () => {
    const someScores = fc.array(fc.double({ min: 0, max: 5, noNaN: true }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(
        someScores,
        fc.boolean(),
        fc.integer({ min: 1, max: 120 }),
        (scores, isSequence, months) => {
          const simulated = drawn(scores, isSequence);
          for (const rule of [once, twoOfThree]) {
            const by = leastWidening([simulated], rule, months);

            expect(monthsBetween(simulated, rule, by)).toBeGreaterThanOrEqual(months);
            expect(by > 1).toBe(monthsBetween(simulated, rule, 1) < months);
          }
        },
      ),
    );
  });
});

describe('what is promised of a model', () => {
  const promise = { windowHours: 24, falsePageMonths: 12 };
  const uniform = (_: number, random: { next: () => number }) => random.next();
  const still = { rows: 12_000, columns: { x1: uniform, x2: uniform }, chance: uniform };

  test('is its own limits where nothing changes, in all four lanes', () => {
    const { promises } = binaryBaseline(still, { promise, times: daily(12_000, 600) });

    expect(promises.map(({ lane, widenedBy }) => [lane, widenedBy])).toEqual([
      ['data-quality', 1],
      ['drift', 1],
      ['estimated-quality', 1],
      ['realised-quality', 1],
    ]);
    expect(promises[1]?.because).toBe(
      'no false page in 1000 windows of 500 rows drawn from validation and in 20 windows of validation in the order of time',
    );
  });

  test('is nothing of quality where that is unknown', () => {
    const { promises } = binaryBaseline({ ...still, rows: 700, chance: () => 0 }, { promise });

    expect(promises.map(({ lane }) => lane)).toEqual(['data-quality', 'drift', 'realised-quality']);
  });

  test('is a wider drift lane where days differ by themselves, and it says how often it would have rung', () => {
    const rows = 30_000;
    // 600 rows a day, each day around a level of its own: what a model of few, large customers sees.
    const levels = Array.from({ length: 50 }, (_, day) => 0.6 * seededRandom(day).next());
    const restless = (row: number, random: { next: () => number }) =>
      random.next() + (levels[Math.floor(row / 600)] ?? 0);
    const fluctuating = { ...still, rows, columns: { x1: restless } };

    const { promises } = binaryBaseline(fluctuating, { promise, times: daily(rows, 600) });
    const blind = binaryBaseline(fluctuating, { promise }).promises;

    const drift = promises.find(({ lane }) => lane === 'drift');
    expect(drift?.widenedBy).toBeGreaterThan(1);
    expect(drift?.breachShare).toBeGreaterThan(0);
    expect(drift?.monthsBetweenFalsePages ?? Infinity).toBeGreaterThanOrEqual(12);
    expect(drift?.because).toMatch(
      /^one false page in [\d.]+ months, by 50 windows of validation in the order of time; widened [\d.]+ times: /,
    );
    // Rows without a time cannot show it.
    expect(blind.find(({ lane }) => lane === 'drift')?.widenedBy).toBe(1);
  });
});
