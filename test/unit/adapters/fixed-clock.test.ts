import { describe, expect, it } from 'vitest';
import { defaultStartMs, fixedClock, manualClock } from '../../support/index.ts';

describe('the clocks of tests', () => {
  it('move to the time slept until, without waiting', async () => {
    const clock = fixedClock();

    await clock.sleep(3_600_000);

    expect(clock.now()).toBe(defaultStartMs + 3_600_000);
  });

  it('stand still by hand until advanced, and wake those who are due in order', async () => {
    const clock = manualClock(0);
    const woken: string[] = [];
    const sleeper = async (name: string, milliseconds: number) => {
      await clock.sleep(milliseconds);
      woken.push(`${name} at ${clock.now()}`);
    };
    const all = Promise.all([sleeper('late', 30), sleeper('early', 10), sleeper('later', 50)]);

    await clock.advance(40);

    expect(woken).toEqual(['early at 10', 'late at 30']);
    expect(clock.now()).toBe(40);
    await clock.advance(10);
    await all;
    expect(woken.at(-1)).toBe('later at 50');
  });
});
