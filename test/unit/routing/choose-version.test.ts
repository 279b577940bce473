import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseVersion } from '../../../lib/domain/routing/index.ts';

const canaryRoute = (percent: number, version = 2) => ({
  champion: 1,
  canary: { version, percent },
  formerChampions: [],
});
const keys = Array.from({ length: 20_000 }, (_, customer) => `customer-${customer}`);
const canaryKeys = (percent: number, version = 2) =>
  new Set(keys.filter((key) => chooseVersion(canaryRoute(percent, version), key)?.role === 'canary'));

describe('the version that answers', () => {
  it('is none where nothing was promoted', () => {
    expect(chooseVersion({ formerChampions: [] }, 'customer-1')).toBeUndefined();
  });

  it('is the champion where nothing is tried out', () => {
    expect(chooseVersion({ champion: 1, formerChampions: [] }, 0)).toEqual({ version: 1, role: 'champion' });
  });

  it.each([
    [0, 'canary'],
    [0.0999, 'canary'],
    [0.1, 'champion'],
    [0.9999, 'champion'],
  ])('for a draw of %d with 10 %% canary is the %s', (draw, role) => {
    expect(chooseVersion(canaryRoute(10), draw)?.role).toBe(role);
  });

  it.each([1, 10, 50, 99])('is the canary for %d %% of the keys', (percent) => {
    const share = canaryKeys(percent).size / keys.length;

    // Four standard errors of a share of 20,000 draws.
    const tolerance = 4 * Math.sqrt(((percent / 100) * (1 - percent / 100)) / keys.length);
    expect(Math.abs(share - percent / 100)).toBeLessThan(tolerance);
  });

  it('is evenly drawn also for single characters and counting numbers', () => {
    const short = Array.from({ length: 5000 }, (_, number) => String(number));
    const share = short.filter((key) => chooseVersion(canaryRoute(10), key)?.role === 'canary').length / 5000;

    expect(share).toBeGreaterThan(0.083);
    expect(share).toBeLessThan(0.117);
  });

  it('is the same for the same key, every time', () => {
    fc.assert(
      fc.property(fc.string(), fc.double({ min: 0.1, max: 99.9, noNaN: true }), (key, percent) => {
        const route = canaryRoute(percent);

        expect(chooseVersion(route, key)).toEqual(chooseVersion(structuredClone(route), key));
      }),
    );
  });

  it('stays the canary for a key as its share grows', () => {
    const few = canaryKeys(10);
    const many = canaryKeys(50);

    expect([...few].filter((key) => !many.has(key))).toEqual([]);
  });

  it('is tried out on other keys in the next roll-out', () => {
    const now = canaryKeys(10, 2);
    const next = canaryKeys(10, 3);

    const inBoth = [...now].filter((key) => next.has(key)).length / now.size;
    expect(inBoth).toBeGreaterThan(0.05);
    expect(inBoth).toBeLessThan(0.15);
  });

  it('has the shadow beside it, whichever role answers', () => {
    const route = { ...canaryRoute(10), shadow: 3 };

    expect(chooseVersion(route, 0)).toEqual({ version: 2, role: 'canary', shadow: 3 });
    expect(chooseVersion(route, 0.5)).toEqual({ version: 1, role: 'champion', shadow: 3 });
  });
});
