import { describe, expect, test } from 'vitest';
import { RealisedWindow } from '../../../lib/domain/labels/index.ts';
import { type RetrainingWorld, retrainingWorld } from './world.ts';

const model = 'penguins';

const windowOf = (day: number, changes: object = {}): RealisedWindow =>
  RealisedWindow.parse({
    model,
    windowStart: `2026-01-0${day}T00:00:00.000Z`,
    windowEnd: `2026-01-0${day}T24:00:00.000Z`,
    version: 1,
    rows: 1000,
    labelledRows: 1000,
    outcome: 'judged',
    because: 'the story says so',
    unknownLabels: 0,
    correctedLabels: 0,
    measure: 'share of wrong answers',
    seen: 'a digest',
    updatedAt: '2026-01-09T00:00:00.000Z',
    judgedAt: '2026-01-09T00:00:00.000Z',
    ...changes,
  });

const realise = (world: RetrainingWorld, ...windows: readonly RealisedWindow[]) =>
  Promise.all(windows.map((window) => world.registry.putRealisedWindow(window, undefined)));

/** A file of so many labelled rows is dropped, and kept as a batch of its own. */
const dropLabelled = async (world: RetrainingWorld, day: number, rows: number | undefined) => {
  const key = `incoming/${model}/from-labels/2026-01-0${day}.jsonl.gz`;
  const file = { key, etag: `labelled ${day}`, sizeBytes: 1, sha256: `labelled ${day}` };
  await world.registry.noteArrival({ model, ...file });
  await world.registry.closeBatch(model, `labelled-${day}`, [file]);
  if (rows !== undefined)
    await realise(world, windowOf(day, { score: 2, trainingKey: key, trainingRows: rows }));
};

const quality = { when: ['quality'], minNewRows: 500 };

describe('what labels tell the controller', () => {
  test('two bad windows of the champion and their alarm are a signal, and a run is started', async () => {
    const world = await retrainingWorld(quality);
    await world.newData();
    await realise(world, windowOf(1, { score: 3 }), windowOf(2, { score: 2 }));
    world.ring('realised-quality');
    await world.passHours(100);

    expect(await world.decide()).toMatchObject({ decision: 'retrain' });
    expect(await world.signals()).toMatchObject([{ kind: 'quality', version: 1 }]);
    expect((await world.runs())[0]).toMatchObject({ trigger: { kind: 'quality' } });
  });

  test('an alarm about what another version did is none of the champion’s', async () => {
    const world = await retrainingWorld(quality);
    await world.newData();
    await realise(world, windowOf(1, { score: 3, version: 7 }), windowOf(2, { score: 2, version: 7 }));
    world.ring('realised-quality');
    await world.passHours(100);

    expect(await world.decide()).toMatchObject({ decision: 'wait' });
    expect(await world.signals()).toEqual([]);
  });

  test('no run is started while fewer rows are new than asked for, unless a person asks', async () => {
    const world = await retrainingWorld(quality);
    await world.passHours(100);
    await dropLabelled(world, 1, 200);
    await dropLabelled(world, 2, 299);
    world.ring('realised-quality');

    expect(await world.decide()).toMatchObject({
      decision: 'wait',
      because: ['499 new row(s) since the last model was trained, needs 500 (retrain.minNewRows)'],
    });
    expect(await world.ask('because', 'once')).toMatchObject({ decision: 'retrain' });
  });

  test('with as many new rows as asked for it is, and a batch that does not know its rows is enough', async () => {
    const counted = await retrainingWorld(quality);
    await counted.passHours(100);
    await dropLabelled(counted, 1, 200);
    await dropLabelled(counted, 2, 300);
    counted.ring('realised-quality');
    expect(await counted.decide()).toMatchObject({ decision: 'retrain' });

    const unknown = await retrainingWorld(quality);
    await unknown.passHours(100);
    await dropLabelled(unknown, 1, 10);
    await dropLabelled(unknown, 2, 10);
    await unknown.newData();
    unknown.ring('realised-quality');
    expect(await unknown.decide()).toMatchObject({ decision: 'retrain' });
  });

  test('it cools down for as long as labels take', async () => {
    const world = await retrainingWorld(quality);
    await world.newData();
    await realise(
      world,
      windowOf(1, { score: 3, delayHours: 400 }),
      windowOf(2, { score: 2, delayHours: 199.2 }),
    );
    world.ring('realised-quality');
    await world.passHours(199);

    expect(await world.decide()).toMatchObject({
      decision: 'wait',
      because: [expect.stringContaining('cooling down for 200 hours')],
    });
    await world.passHours(2);
    expect(await world.decide()).toMatchObject({ decision: 'retrain' });
  });
});
