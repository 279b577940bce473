import { describe, expect, it, vi } from 'vitest';
import { simulatedClock } from '../../../lib/adapters/local/simulated-clock.ts';

const start = Date.UTC(2001, 0, 1);
const dayMs = 86_400_000;

describe('a simulated clock', () => {
  it('starts where it is told to and goes on at the pace of real time', async () => {
    const clock = simulatedClock(start);
    const [before, realBefore] = [clock.now(), performance.now()];

    await clock.sleep(30);

    const [passed, realPassed] = [clock.now() - before, performance.now() - realBefore];
    expect(before - start).toBeLessThan(1000);
    expect(passed).toBeGreaterThanOrEqual(29);
    expect(Math.abs(passed - realPassed)).toBeLessThan(5);
  });

  it('is never set back', () => {
    const clock = simulatedClock(start);
    clock.moveTo(start + dayMs);

    clock.moveTo(start);

    expect(clock.now()).toBeGreaterThanOrEqual(start + dayMs);
  });

  it('wakes whoever slept until then, the earliest first, and nobody else', async () => {
    const clock = simulatedClock(start);
    const woken: string[] = [];
    const sleep = (name: string, milliseconds: number) =>
      clock.sleep(milliseconds).then(() => woken.push(name));
    const both = [sleep('two days', 2 * dayMs), sleep('a day', dayMs)];
    const controller = new AbortController();
    const late = clock.sleep(9 * dayMs, controller.signal);

    clock.moveTo(start + 3 * dayMs);
    await Promise.all(both);

    expect(woken).toEqual(['a day', 'two days']);
    controller.abort(new Error('enough'));
    await expect(late).rejects.toThrow();
  });

  it('rejects a sleep that is aborted, and forgets it', async () => {
    const clock = simulatedClock(start);
    const controller = new AbortController();
    const asleep = clock.sleep(dayMs, controller.signal);
    const onWake = vi.fn();
    asleep.then(onWake, () => undefined);

    controller.abort(new Error('stopped'));

    await expect(asleep).rejects.toThrow();
    clock.moveTo(start + 2 * dayMs);
    expect(onWake).not.toHaveBeenCalled();
  });
});
