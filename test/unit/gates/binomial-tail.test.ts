import { describe, expect, test } from 'vitest';
import { fairBinomialTail } from '../../../lib/domain/gates/index.ts';

/** P(Bin(tosses, ½) ≥ atLeast) in whole numbers, rounded once: Pascal's row, summed, times 10¹⁸, over 2^tosses. */
const exactTail = (tosses: number, atLeast: number): number => {
  let choose = 1n;
  let sum = 0n;
  for (let heads = 0; heads <= tosses; heads += 1) {
    if (heads >= atLeast) sum += choose;
    choose = (choose * BigInt(tosses - heads)) / BigInt(heads + 1);
  }
  return Number((sum * 10n ** 18n) >> BigInt(tosses)) / 1e18;
};

describe('the tail of fair tosses', () => {
  test('is 1 for no tosses and for nothing asked, and 0 for more heads than tosses', () => {
    expect([fairBinomialTail(0, 0), fairBinomialTail(7, 0), fairBinomialTail(7, 8)]).toEqual([1, 1, 0]);
    expect(fairBinomialTail(3, 2)).toBeCloseTo(0.5, 14);
    expect(fairBinomialTail(10, 10)).toBe(1 / 1024);
  });

  test('equals the sum of whole numbers for every question up to 60 tosses, and for 2,001', () => {
    for (let tosses = 1; tosses <= 60; tosses += 1)
      for (let heads = 0; heads <= tosses; heads += 1)
        expect(Math.abs(fairBinomialTail(tosses, heads) - exactTail(tosses, heads))).toBeLessThan(1e-13);
    for (const heads of [900, 1000, 1001, 1002, 1037, 1100])
      expect(Math.abs(fairBinomialTail(2001, heads) - exactTail(2001, heads))).toBeLessThan(1e-13);
  });

  test('and the other tail make 1, up to a million tosses', () => {
    for (const [tosses, heads] of [
      [1e6, 500_001],
      [1e6, 501_000],
      [999_999, 500_000],
    ] as const)
      expect(fairBinomialTail(tosses, heads) + fairBinomialTail(tosses, tosses - heads + 1)).toBeCloseTo(
        1,
        14,
      );
    expect(fairBinomialTail(999_999, 500_000)).toBeCloseTo(0.5, 10);
    // ½ + ½·P(X = m/2), P(X = m/2) = (1 − 1/(4m) + …)/√(πm/2).
    const middle = (1 - 1 / 4e6) / Math.sqrt((Math.PI * 1e6) / 2);
    expect(fairBinomialTail(1e6, 500_000)).toBeCloseTo(0.5 + middle / 2, 11);
  });
});
