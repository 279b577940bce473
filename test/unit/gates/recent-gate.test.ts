import { describe, expect, test } from 'vitest';
import { countDisagreements, recentGate } from '../../../lib/domain/gates/index.ts';

const judge = (championOnly: number, challengerOnly: number, rows: number) =>
  recentGate({ rows, championOnly, challengerOnly });

describe('better on recent rows, right or wrong', () => {
  test('55 against 30 of 2,000 rows is better, 50 against 40 may be chance', () => {
    const better = judge(30, 55, 2000);
    const chance = judge(40, 50, 2000);

    expect(Math.abs((better.numbers.p as number) - 0.0044181)).toBeLessThan(1e-6);
    expect(Math.abs((chance.numbers.p as number) - 0.171417)).toBeLessThan(1e-6);
    expect([better.verdict, chance.verdict]).toEqual(['pass', 'fail']);
    expect(chance.because).toContain('chance alone does that with p = 0.1714');
  });

  test('a gain of half a point is enough and less is not, however sure', () => {
    expect(judge(0, 500, 100_000).verdict).toBe('pass');
    expect(judge(0, 499, 100_000).verdict).toBe('fail');
    expect(judge(0, 499, 100_000).because).toContain('a gain of 0.00499, 0.005 is asked');
  });

  test('the gain that is asked can be set', () => {
    const counts = { rows: 1000, championOnly: 0, challengerOnly: 30 };

    expect(recentGate(counts, 0.03).verdict).toBe('pass');
    expect(recentGate(counts, 0.031)).toMatchObject({ verdict: 'fail' });
    expect(recentGate(counts, 0.031).because).toContain('a gain of 0.03, 0.031 is asked');
  });

  test('says too few rows below 500 rows or 25 disagreements, and unknown for counts that cannot be', () => {
    expect(judge(0, 100, 499).verdict).toBe('too-few-rows');
    expect(judge(0, 100, 500).verdict).toBe('pass');
    expect(judge(0, 24, 500).verdict).toBe('too-few-rows');
    expect(judge(0, 25, 500).verdict).toBe('pass');
    expect(judge(0, 0, 0).verdict).toBe('too-few-rows');
    expect(
      [judge(-1, 30, 600), judge(400, 400, 600), recentGate(null)].map(({ verdict }) => verdict),
    ).toEqual(['unknown', 'unknown', 'unknown']);
  });

  test('swapping champion and challenger swaps what each alone has right', () => {
    const champion = [1, 1, 0, 0, 1];
    const challenger = [1, 0, 1, 0, 0];

    expect(countDisagreements(champion, challenger)).toEqual({ rows: 5, championOnly: 2, challengerOnly: 1 });
    expect(countDisagreements(challenger, champion)).toEqual({ rows: 5, championOnly: 1, challengerOnly: 2 });
    expect(countDisagreements([1], [1, 0])).toBeNull();
  });

  test('at most one of two models is better than the other', () => {
    for (let b = 0; b <= 120; b += 3)
      for (let c = 0; c <= 120; c += 3)
        expect([judge(b, c, 900).verdict, judge(c, b, 900).verdict]).not.toEqual(['pass', 'pass']);
  });

  test('one more win of the challenger never takes a pass away nor raises p', () => {
    for (let b = 0; b <= 60; b += 4)
      for (let c = 0; c < 200; c += 1) {
        const [before, after] = [judge(b, c, 1000), judge(b, c + 1, 1000)];
        expect(after.numbers.p as number).toBeLessThanOrEqual((before.numbers.p as number) + 1e-14);
        if (before.verdict === 'pass') expect(after.verdict).toBe('pass');
      }
  });
});
