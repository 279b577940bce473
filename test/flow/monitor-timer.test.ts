import { describe, expect, test } from 'vitest';
import { watchAndDecide } from '../../lib/laptop/watch-and-decide.ts';
import { manualClock } from '../support/index.ts';
import { csv, eventually, lampSpec, lamps, laptopForTests } from './support/index.ts';

const minute = 60_000;

describe('the monitor of a laptop', () => {
  test('looks when its time has come, says a fault and goes on, and stops at once', async () => {
    const clock = manualClock();
    const home = await laptopForTests({ clock });
    await home.drop(
      'lamps/model.json',
      lampSpec({ approval: { policy: 'automatic' }, monitor: { windowHours: 1 } }),
    );
    await home.drop('lamps/monday.csv', csv(lamps(200)));
    await home.drop('lamps/monday._SUCCESS', '');
    await home.endOfRun('lamps');
    const faults: unknown[] = [];
    let isBroken = true;
    const registry = {
      ...home.laptop.registry,
      listModels: async () => {
        if (isBroken) throw new Error('the disk hiccups');
        return home.laptop.registry.listModels();
      },
    };

    const monitor = watchAndDecide(
      { ...home.laptop, registry },
      { everyMs: minute, onFault: (fault) => faults.push(fault) },
    );
    expect(faults).toEqual([]);
    await clock.advance(90 * minute);
    await eventually('a fault', async () => faults[0]);
    isBroken = false;
    const window = await eventually('a window', async () => {
      await clock.advance(minute);
      return (await home.laptop.registry.listWindows('lamps'))[0];
    });
    await monitor.stop();

    expect(faults[0]).toEqual(new Error('the disk hiccups'));
    expect(window).toMatchObject({ outcome: 'empty', rows: 0 });
  });

  test('decides at once when it is woken, says a fault and goes on, and is not woken once it stops', async () => {
    const home = await laptopForTests({ isWatching: false });
    const looks: string[] = [];
    const faults: unknown[] = [];
    const registry = {
      ...home.laptop.registry,
      listModels: async () => {
        looks.push('a look');
        if (looks.length === 1) throw new Error('the disk hiccups');
        return [];
      },
    };
    const monitor = watchAndDecide(
      { ...home.laptop, registry },
      { everyMs: 60 * minute, onFault: (fault) => faults.push(fault) },
    );

    monitor.wake();
    monitor.wake();
    await eventually('two looks', async () => looks[1]);
    await monitor.stop();
    monitor.wake();

    expect(faults).toEqual([new Error('the disk hiccups')]);
    expect(looks).toHaveLength(2);
  });
});
