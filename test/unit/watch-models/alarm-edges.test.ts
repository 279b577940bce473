import { describe, expect, test } from 'vitest';
import { penguinSpec } from '../registry/support/stories.ts';
import { hourMs, watchedWorld } from './world.ts';

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
