import { type Price, type PriceName, prices } from './prices.ts';

/** So many units of something in a month. */
export interface Use {
  readonly what: string;
  readonly price: PriceName;
  readonly units: number;
}

export interface BillLine extends Use {
  /** At list price, in US dollars a month. */
  readonly usd: number;
  /** What is left when nothing else in the account uses the allowance that never ends. */
  readonly usdAfterFree: number;
}

export interface Bill {
  readonly lines: readonly BillLine[];
  readonly usd: number;
  readonly usdAfterFree: number;
}

const sumOf = (lines: readonly BillLine[], key: 'usd' | 'usdAfterFree'): number =>
  lines.reduce((sum, line) => sum + line[key], 0);

/** Prices uses. Lines of one price share its allowance, in their order, as they do on AWS's bill. */
export const billOf = (uses: readonly Use[]): Bill => {
  const freeLeft = new Map<PriceName, number>();
  const lines = uses.map((use): BillLine => {
    const { usd, freePerMonth = 0 }: Price = prices[use.price];
    const left = freeLeft.get(use.price) ?? freePerMonth;
    freeLeft.set(use.price, Math.max(0, left - use.units));
    return { ...use, usd: use.units * usd, usdAfterFree: Math.max(0, use.units - left) * usd };
  });
  return { lines, usd: sumOf(lines, 'usd'), usdAfterFree: sumOf(lines, 'usdAfterFree') };
};
