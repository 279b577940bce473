import { describe, expect, test } from 'vitest';
import { run as watchModels } from '../../../lambdas/watch-models/handler.ts';
import { baseline, hourMs, watchedWorld } from './world.ts';

const serving = async (monitor?: object, frozen?: string) => {
  const world = await watchedWorld(monitor);
  await world.promote(frozen);
  return world;
};

describe('the freshness alarm', () => {
  test('of a model that has just gone live does not ring', async () => {
    const { clock, watch, stateOf } = await serving();

    await clock.advance(25 * 60_000);
    await watch();
    expect(await stateOf('drift')).toBe('unknown');
    expect(await stateOf('freshness')).toBeUndefined();
  });

  test('rings when nobody was answered for two whole windows, and when the monitor falls silent', async () => {
    const { ask, clock, judge, stateOf } = await serving();
    await ask(200);
    await judge();
    await ask(200);
    await judge();
    expect(await stateOf('freshness')).toBe('ok');

    await judge();
    expect(await stateOf('freshness')).toBe('ok');
    await judge();
    expect(await stateOf('freshness')).toBe('alarm');

    await judge();
    await clock.advance(20 * hourMs);
    expect(await stateOf('freshness')).toBe('alarm');
  });
});

describe('a window', () => {
  test('counts predictions that were delivered twice once, and says how many there were', async () => {
    const { ask, judge } = await serving();
    await ask(150, { file: 'kept twice', copies: 2 });
    await ask(160);
    await ask(40, { file: 'kept twice' });

    expect(await judge()).toMatchObject({ outcome: 'judged', rows: 310, repeatedRows: 190 });
  });

  test('knows predictions again that were carried into it', async () => {
    const { ask, clock, judge } = await serving();
    await ask(150, { file: 'late' });
    const before = clock.now();
    await judge();
    await ask(150);
    await ask(150, { file: 'late', atMs: before });

    expect(await judge()).toMatchObject({ outcome: 'judged', windows: 2, rows: 300, repeatedRows: 150 });
  });

  test('has no drift score when no value could be compared, and rings for their kind', async () => {
    const { ask, judge, stateOf } = await serving();
    await ask(300, { masses: () => 'heavy' });

    const window = await judge();

    expect(window?.lanes.map(({ lane }) => lane).toSorted()).toEqual(['data-quality', 'freshness']);
    expect([await stateOf('data-quality'), await stateOf('drift')]).toEqual(['alarm', 'unknown']);
  });

  test.each([
    ['no baseline', ''],
    ['a baseline of a newer schema', JSON.stringify({ ...baseline, schemaVersion: 9 })],
    ['a baseline that is no JSON', '{"schemaVersion": 1, "mod'],
  ])('of a version with %s is counted, and judged for nothing but being there', async (_, frozen) => {
    const { ask, judge } = await serving({}, frozen);
    await ask(200);
    await judge();
    await ask(200);

    expect(await judge()).toMatchObject({
      outcome: 'no-baseline',
      rows: 200,
      lanes: [{ lane: 'freshness', score: 0 }],
    });
  });

  test('in which the champion changed counts what the new one answered, against its own baseline', async () => {
    const { ask, clock, judge, promote } = await serving();
    await ask(60);
    await judge();
    await ask(300);
    await clock.advance(60_000);
    await promote();
    await ask(90, { version: 2 });
    await ask(500, { version: 2, role: 'shadow' });

    const window = await judge();

    expect(window).toMatchObject({
      version: 2,
      rows: 90,
      windows: 1,
      outcome: 'carried',
      lanes: [{ lane: 'freshness', score: 0 }],
    });
  });

  test('that stays too short is carried seven times, then its rows are given up', async () => {
    const { ask, judge, windows } = await serving();
    for (let hour = 0; hour < 9; hour += 1) {
      await ask(10);
      await judge();
    }

    const told = (await windows()).toReversed().map(({ outcome, rows }) => [outcome, rows]);
    expect(told.slice(0, 7).every(([outcome]) => outcome === 'carried')).toBe(true);
    expect(told.slice(6)).toEqual([
      ['carried', 70],
      ['dropped', 80],
      ['carried', 10],
    ]);
  });

  test('is judged once, without what lands later; what a carried one misses joins the next', async () => {
    const { ask, clock, judge } = await serving();
    await ask(300);
    const first = clock.now();
    await judge();
    await ask(150, { atMs: first });
    await ask(50);
    const second = clock.now();
    const carried = await judge();
    await ask(150, { atMs: second });
    await ask(100);

    expect(carried).toMatchObject({ outcome: 'carried', rows: 50 });
    expect(await judge()).toMatchObject({ outcome: 'judged', rows: 300, windows: 2 });
  });

  test('of one row is carried, and judged where model.json asks for no more', async () => {
    const short = await serving();
    await short.ask(1);
    expect(await short.judge()).toMatchObject({ outcome: 'carried', rows: 1 });

    const eager = await serving({ minRows: 1 });
    await eager.ask(4, { masses: () => 1000 });
    const window = await eager.judge();
    expect(window).toMatchObject({ outcome: 'judged', rows: 4 });
    expect(window?.lanes.find(({ lane }) => lane === 'drift')?.score).toBeLessThan(1.2);
  });

  test('is judged also where a clock was a year ahead once', async () => {
    const { ask, clock, judge, services, stateOf } = await serving();
    const ahead = { ...clock, now: () => clock.now() + 365 * 24 * hourMs };
    await watchModels({ models: ['penguins'] }, { ...services, clock: ahead });
    await ask(300);
    await clock.advance(hourMs);
    await watchModels({ models: ['penguins'] }, services);

    await judge();
    expect(
      (await services.registry.listWindows('penguins')).filter(({ outcome }) => outcome === 'judged'),
    ).toEqual([expect.objectContaining({ rows: 300 })]);
    expect(await stateOf('drift')).toBe('ok');
  });

  test('after a month of silence, then a flood, goes on two weeks back and no further', async () => {
    const { ask, clock, judge, watch, windows } = await serving();
    await ask(200);
    await judge();
    await clock.advance(30 * 24 * hourMs);
    await watch();
    await watch();
    await ask(2000);

    expect(await judge()).toMatchObject({ outcome: 'judged', rows: 2000 });
    expect(await windows()).toHaveLength(1 + 14 * 24 + 1);
  });
});
