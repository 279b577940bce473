import { describe, expect, it } from 'vitest';
import type { Clock } from '../../lib/ports/clock.ts';

/** What every Clock promises; each adapter runs it. Waits are of some milliseconds, because one clock is real. */
export const clockContract = (name: string, makeClock: () => Clock): void => {
  describe(`${name} keeps the promises of a clock`, () => {
    it('tells whole milliseconds since 1970 and never goes backwards by itself', () => {
      const clock = makeClock();

      const times = [clock.now(), clock.now(), clock.now()];

      expect(times).toEqual(times.toSorted((a, b) => a - b));
      expect(times.every((time) => Number.isInteger(time) && time > Date.UTC(2020, 0))).toBe(true);
    });

    it('sleeps at least as long as asked, by its own time', async () => {
      const clock = makeClock();
      const before = clock.now();

      await clock.sleep(15);

      // The wall clock is read in whole milliseconds.
      expect(clock.now() - before).toBeGreaterThanOrEqual(14);
    });

    it('wakes sleepers in order of time, not of falling asleep', async () => {
      const clock = makeClock();
      const woken: number[] = [];

      await Promise.all([40, 5, 20].map((ms) => clock.sleep(ms).then(() => woken.push(ms))));

      expect(woken).toEqual([5, 20, 40]);
    });

    it('ends a sleep at once with the reason of the abort', async () => {
      const clock = makeClock();
      const before = clock.now();
      const aborter = new AbortController();
      const reason = new Error('stopped by a person');

      const asleep = clock.sleep(3_600_000, aborter.signal);
      aborter.abort(reason);

      await expect(asleep).rejects.toBe(reason);
      await expect(clock.sleep(3_600_000, aborter.signal)).rejects.toBe(reason);
      expect(clock.now() - before).toBeLessThan(60_000);
    });

    it('takes no time to sleep for none', async () => {
      await expect(makeClock().sleep(0)).resolves.toBeUndefined();
      await expect(makeClock().sleep(-5)).resolves.toBeUndefined();
    });
  });
};
