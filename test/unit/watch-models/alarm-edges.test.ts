import { describe, expect, test } from 'vitest';
import { run as watchModels } from '../../../lambdas/watch-models/handler.ts';
import { penguinSpec } from '../registry/support/stories.ts';
import { hourMs, model, watchedWorld } from './world.ts';

const serving = async (monitor?: object) => {
  const world = await watchedWorld(monitor);
  await world.promote();
  return world;
};

/** model.json is changed while the version that was made before goes on serving. */
const change = (
  { services }: Awaited<ReturnType<typeof serving>>,
  changes: { monitor?: object; key?: string[] },
) =>
  services.registry.applySpec({
    spec: penguinSpec({ ...changes, monitor: { windowHours: 1, minRows: 250, ...changes.monitor } }),
    by: 'Ada',
  });

describe('the freshness alarm of a model that gets a new champion in every window', () => {
  test('does not ring while callers are answered', async () => {
    const { ask, clock, judge, promote, stateOf } = await serving();
    await judge();
    await ask(20);
    await judge();
    for (let version = 2; version < 9; version += 1) {
      await clock.advance(hourMs / 10);
      await promote();
      await ask(20, { version });
      await judge();
    }

    expect(await stateOf('freshness')).toBe('ok');
  });

  test('says nothing of a window in which the new champion was not asked yet', async () => {
    const { ask, clock, judge, promote } = await serving();
    await judge();
    await ask(20);
    await clock.advance(hourMs / 10);
    await promote();

    expect((await judge())?.lanes).toEqual([]);
  });
});

describe('a monitor that looks every six hours at windows of one', () => {
  test('does not take the hours until its next look for hours without callers', async () => {
    const { ask, clock, nextHour, services, stateOf } = await serving();
    for (let hour = 0; hour < 6; hour += 1) {
      await ask(5);
      await nextHour();
    }
    await watchModels({ models: [model] }, { ...services, lookEveryHours: 6 });
    await clock.advance(5 * hourMs);

    expect(await stateOf('freshness')).toBe('ok');
  });

  test('lets an alarm look at all points of a look, but those of labels, which are of that moment', async () => {
    const { ask, nextHour, services } = await serving();
    const periods = new Map<string, number>();
    const ensure: typeof services.alarms.ensure = async (alarms) => {
      for (const { lane, windowHours } of alarms) periods.set(lane, windowHours);
      return services.alarms.ensure(alarms);
    };
    const alarmOf = { model, lane: 'realised-quality', version: 1, windowHours: 1 } as const;
    await services.alarms.ensure([{ ...alarmOf, breaches: 2, outOf: 3, whenMissing: 'ignore' }]);
    await ask(5);
    await nextHour();
    await nextHour();

    const look = { ...services, alarms: { ...services.alarms, ensure } };
    await watchModels({ models: [model] }, { ...look, lookEveryHours: 6 });

    expect(Object.fromEntries(periods)).toEqual({
      'data-quality': 7,
      drift: 7,
      freshness: 7,
      'realised-quality': 1,
    });
  });
});

describe('windows of minutes, as who tries the monitor out takes', () => {
  test('do not ring for want of callers because their points come twenty minutes late', async () => {
    const { ask, clock, services, stateOf } = await serving({ windowHours: 0.05, minRows: 10 });
    for (let window = 0; window < 12; window += 1) {
      await ask(5);
      await clock.advance(hourMs / 20);
    }
    await watchModels({ models: [model] }, services);

    expect(await stateOf('freshness')).toBe('ok');
  });
});

describe('a column that is made sensitive while a version serves that knew its values', () => {
  test('is watched no more, for hashes are no numbers', async () => {
    const world = await serving();
    await change(world, { monitor: { sensitiveColumns: ['mass'] } });
    await world.ask(300, { masses: (row) => `5f2a${row % 100}` });

    const window = await world.judge();

    expect(window).toMatchObject({ outcome: 'judged', columns: [], vanished: [] });
    expect(await world.stateOf('data-quality')).toBe('ok');
  });
});

describe('the key of a row and its time', () => {
  test('are sent to find labels by, and have not appeared', async () => {
    const world = await serving();
    await change(world, { key: ['ring'] });
    await world.ask(300, { features: (row) => ({ ring: `r${row}`, beak: 3 }) });

    expect((await world.judge())?.appeared).toEqual(['beak']);
  });
});
