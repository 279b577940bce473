import { describe, expect, it } from 'vitest';
import { systemIds } from '../../../lib/adapters/local/system-ids.ts';
import { manualClock } from '../../support/index.ts';

describe('real ids', () => {
  it('begin with the time in milliseconds, so that ids of different processes sort by time', () => {
    // The example of the ULID specification: 1469918176385 ms is 01ARYZ6S41.
    expect(
      systemIds({ clock: manualClock(1469918176385) })
        .next()
        .slice(0, 10),
    ).toBe('01aryz6s41');
  });

  it('keep their order when the clock is set back', () => {
    const times = [5000, 4000, 4001, 6000];
    const clock = { ...manualClock(), now: () => times.shift() ?? 0 };
    const ids = systemIds({ clock });

    const made = [ids.next(), ids.next(), ids.next(), ids.next()];

    expect(made.toSorted()).toEqual(made);
    expect(new Set(made).size).toBe(4);
  });
});
