import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { windowAt, windowsEnding } from '../../../lib/domain/drift/index.ts';

const iso = (atMs: number) => new Date(atMs).toISOString();

describe('windows', () => {
  test('of a day are days of UTC', () => {
    const { from, to } = windowAt(Date.parse('2026-01-05T23:59:59.999Z'), 24);

    expect([iso(from), iso(to)]).toEqual(['2026-01-05T00:00:00.000Z', '2026-01-06T00:00:00.000Z']);
  });

  test('lie side by side: asked for again from the last one on, none comes twice and none is left out', () => {
    const hours = fc.oneof(
      fc.constantFrom(10 / 3600, 1 / 3, 1, 24, 168),
      fc.double({ min: 0.001, max: 200, noNaN: true }),
    );
    fc.assert(
      fc.property(
        hours,
        fc.nat(1_000_000_000),
        fc.integer({ min: 1, max: 9 }),
        (windowHours, after, limit) => {
          const until = after + 40 * windowHours * 3_600_000;
          const all = windowsEnding({ after, until }, windowHours, 100);
          const first = windowsEnding({ after, until }, windowHours, limit);
          // As a record keeps it: in text, to the millisecond.
          const kept = Date.parse(iso(first.at(-1)?.to ?? after));
          const rest = windowsEnding({ after: kept, until }, windowHours, 100);

          expect([...first, ...rest]).toEqual(all);
          expect(all.every(({ from }, index) => index === 0 || from === all[index - 1]?.to)).toBe(true);
          expect(all[0]?.from).toBeLessThanOrEqual(after);
        },
      ),
    );
  });
});
