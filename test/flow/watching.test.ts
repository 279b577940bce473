import { describe, expect, test } from 'vitest';
import { watchDropZone } from '../../lib/laptop/watch-drop-zone.ts';
import { csv, eventually, lampSpec, lamps, laptopForTests } from './support/index.ts';

describe('looking at the drop zone', () => {
  test('a file that cannot be told of hides no other, is said once, and is told of when that works again', async () => {
    const { laptop, drop } = await laptopForTests({ isWatching: false });
    await drop('candles/model.json', lampSpec({ name: 'candles' }));
    await drop('lamps/model.json', lampSpec());
    let isBroken = true;
    let tries = 0;
    const objects: typeof laptop.objects = {
      ...laptop.objects,
      get: async (key) => {
        if (key !== 'incoming/candles/model.json' || !isBroken) return laptop.objects.get(key);
        tries += 1;
        throw new Error('the disk hiccups');
      },
    };
    const faults: unknown[] = [];

    const watch = watchDropZone(
      { ...laptop, objects },
      { everyMs: 5, onFault: (fault) => faults.push(fault) },
    );

    await eventually('the other model', () => laptop.registry.findSpec('lamps'));
    await eventually('three tries', async () => (tries >= 3 ? tries : undefined));
    expect(faults).toEqual([new Error('the disk hiccups')]);
    isBroken = false;
    await eventually('the model', () => laptop.registry.findSpec('candles'));
    await watch.stop();
  });

  test('what was dropped while nobody looked is found at the next start, once', async () => {
    const { laptop, drop, messages } = await laptopForTests({ isWatching: false });
    await drop('lamps/model.json', '{');
    await drop('lamps/monday.csv', csv(lamps(60)));

    for (let start = 0; start < 2; start += 1) {
      const watch = watchDropZone(laptop, { everyMs: 5, onFault: (fault) => expect.fail(String(fault)) });
      await eventually('the file', async () => (await laptop.registry.pendingArrivals('lamps'))[0]);
      await watch.stop();
    }

    expect(await laptop.registry.pendingArrivals('lamps')).toHaveLength(1);
    expect(messages('lamps').map(({ kind }) => kind)).toEqual(['note', 'spec-refused']);
  });

  test('whoever says that something was dropped need not wait for the next look', async () => {
    const { laptop, drop } = await laptopForTests({ isWatching: false });
    const watch = watchDropZone(laptop, {
      everyMs: 3_600_000,
      onFault: (fault) => expect.fail(String(fault)),
    });
    await watch.lookNow();
    await drop('lamps/model.json', lampSpec());

    await watch.lookNow();

    expect(await laptop.registry.findSpec('lamps')).toBeDefined();
    await watch.stop();
    await drop('candles/model.json', lampSpec({ name: 'candles' }));
    await watch.lookNow();
    expect(await laptop.registry.findSpec('candles')).toBeUndefined();
  });
});
