import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { run as watchModels } from '../../../lambdas/watch-models/handler.ts';
import type { Baseline } from '../../../lib/domain/baseline/index.ts';
import { predictedClass, predictedProbability, type WindowRecord } from '../../../lib/domain/drift/index.ts';
import { baseline, hourMs, model, watchedWorld } from './world.ts';

const serving = async (frozen: object = baseline, monitor?: object) => {
  const world = await watchedWorld(monitor);
  await world.promote(JSON.stringify(frozen));
  return world;
};

const laneOf = (window: WindowRecord | undefined, lane: string) =>
  window?.lanes.find((one) => one.lane === lane);

const counts = (...each: readonly number[]) => ({ counts: [...each], outside: 0, wrong: 0 });

/** A model that says what it is worth: nine of ten answers are given with a probability of 0.9, and come true as often. */
const calibrated: Baseline = {
  ...baseline,
  columns: [
    ...baseline.columns,
    {
      name: predictedClass,
      of: 'prediction',
      bins: { kind: 'category', values: ['yes', 'no'], isClosed: true, singletons: 0 },
      counts: counts(50_000, 50_000, 0, 0),
    },
    {
      name: predictedProbability,
      of: 'prediction',
      bins: { kind: 'number', edges: [0.5], min: 0.1, max: 0.9 },
      counts: counts(50_000, 50_000, 0),
    },
  ],
  quality: {
    kind: 'classes',
    classes: ['no', 'yes'],
    positiveClass: 'yes',
    maps: [{ schemaVersion: 1, rows: 1000, scores: [0, 1], probabilities: [0, 1] }],
    estimated: { mean: 0.9, sd: 0.01, windows: 30 },
    windowRows: 250,
    realised: { rows: 1000, errors: 100 },
  },
};

const answer = (probability: number) => ({ label: probability >= 0.5 ? 'yes' : 'no', probability });
const sure = (row: number) => answer(row % 2 ? 0.9 : 0.1);
const unsure = (row: number) => answer(row % 2 ? 0.7 : 0.3);

describe('the record of a window', () => {
  test('says for how many predictions the rows of a sample stand, and counts rows as they came', async () => {
    const { ask, judge } = await serving();
    await ask(200, { share: 0.25 });
    await ask(100);

    expect(await judge()).toMatchObject({ outcome: 'judged', rows: 300, predictions: 900 });
  });

  test('where all were captured says nothing of a sample', async () => {
    const { ask, judge } = await serving();
    await ask(300);

    expect((await judge())?.predictions).toBeUndefined();
  });

  test('names columns that have appeared, which ring for nobody', async () => {
    const { ask, judge, stateOf } = await serving();
    await ask(300, { features: () => ({ wing: 3, beak: null }) });

    const window = await judge();

    expect(window).toMatchObject({ appeared: ['beak', 'wing'], vanished: [] });
    expect(await stateOf('data-quality')).toBe('ok');
  });

  test('names a column that no row has any more, which is bad data at once', async () => {
    const { ask, judge, stateOf } = await serving();
    await ask(300, { masses: () => undefined });

    const window = await judge();

    expect(window).toMatchObject({ vanished: ['mass'] });
    expect(laneOf(window, 'data-quality')).toMatchObject({ because: 'no row has a value of "mass"' });
    expect(await stateOf('data-quality')).toBe('alarm');
  });

  test('misses no column that is no longer captured', async () => {
    const { ask, judge } = await serving(calibrated, { omittedColumns: ['mass'] });
    await ask(300, { masses: () => undefined, output: sure });

    const window = await judge();

    expect(window?.vanished).toEqual([]);
    expect(window?.featureDrift).toBeUndefined();
    expect(laneOf(window, 'data-quality')?.score).toBe(0);
  });

  test('tells feature drift from prediction drift, and how much of it there is', async () => {
    const { ask, judge } = await serving({ ...calibrated, importance: { mass: 1 } });
    await ask(300, { output: () => answer(0.9) });

    const window = await judge();

    expect(window?.featureDrift).toBeLessThan(0.5);
    expect(window?.predictionDrift).toBeGreaterThan(2);
    expect(laneOf(window, 'drift')?.score).toBe(window?.predictionDrift);
    expect(window).toMatchObject({ driftedShare: 2 / 3, weightedDrift: 0 });
  });

  test('compares a window with the rows of its weekday where the baseline keeps them apart', async () => {
    const monday = { weekday: 1, rows: 20_000, columns: [counts(10_000, 10_000, 0, 0, 0, 0, 0, 0, 0, 0, 0)] };
    const { ask, judge } = await serving({ ...baseline, weekdays: [monday] });
    const light = (row: number) => (row % 20) + 1;
    await ask(300, { masses: light });
    const own = await judge();
    // 5 January 2026 is a Monday; half past ten of the next day lies on a Tuesday.
    expect(own).toMatchObject({ weekday: 1 });
    expect(own?.featureDrift).toBeLessThan(0.5);
  });

  test('of a day without rows of its own compares it with all rows', async () => {
    const sunday = { weekday: 0, rows: 20_000, columns: [counts(10_000, 10_000, 0, 0, 0, 0, 0, 0, 0, 0, 0)] };
    const { ask, judge } = await serving({ ...baseline, weekdays: [sunday] });
    await ask(300, { masses: (row) => (row % 20) + 1 });

    const window = await judge();

    expect(window?.weekday).toBeUndefined();
    expect(window?.featureDrift).toBeGreaterThan(2);
  });

  test('divides a lane by what keeps its promise, and says so', async () => {
    const promise = { lane: 'drift', windows: 900, breachShare: 0.2, widenedBy: 4, because: 'small windows' };
    const { ask, judge } = await serving({ ...baseline, promises: [promise] });
    await ask(300, { masses: (row) => (row % 50) + 1 });

    const window = await judge();
    const drift = laneOf(window, 'drift');

    expect(drift?.score).toBeCloseTo((window?.featureDrift ?? Number.NaN) / 4, 10);
    expect(drift?.because).toMatch(/widened 4 times/);
  });

  test('counts rows with wrong clocks nowhere, and people are told', async () => {
    const { ask, judge, services } = await serving();
    await ask(300);
    const at = new Date(Date.UTC(2026, 0, 5, 20)).toISOString();
    const row = { predictionId: 'ahead', model, version: 1, role: 'champion', at, features: {}, output: {} };
    const folder = `captured/model=${model}/dt=2026-01-05/hour=09/`;
    await services.objects.putIfAbsent(`${folder}ahead.gz`, gzipSync(JSON.stringify(row)));
    const told: string[] = [];
    const notify = services.notifier.notify;
    services.notifier.notify = async (message) => {
      told.push(message.subject);
      return notify(message);
    };

    expect(await judge()).toMatchObject({ rows: 300, skewedRows: 1, vanished: [] });
    expect(told).toEqual(['1 captured row(s) lie more than an hour away from the hour they are filed under']);
  });
});

describe('estimated quality', () => {
  test('is well where the model is as sure as it was, and has an alarm from its first point on', async () => {
    const { ask, judge, stateOf } = await serving(calibrated);
    await judge();
    expect(await stateOf('estimated-quality')).toBeUndefined();

    await ask(300, { output: sure });
    const window = await judge();

    expect(window?.estimated).toMatchObject({ measure: 'accuracy', reference: 0.9, referenceSd: 0.01 });
    expect(laneOf(window, 'estimated-quality')?.score).toBeLessThan(0.01);
    expect(laneOf(window, 'estimated-quality')?.because).toMatch(/; holds while only the inputs change$/);
    expect(await stateOf('estimated-quality')).toBe('ok');
  });

  test('rings when answers are unsure in two windows of three', async () => {
    const { ask, judge, stateOf } = await serving(calibrated);
    for (const output of [sure, unsure, unsure]) {
      await ask(300, { output });
      await judge();
    }

    expect(await stateOf('estimated-quality')).toBe('alarm');
  });

  test('is told of windows that were too short together', async () => {
    const { ask, judge } = await serving(calibrated);
    await ask(150, { output: sure });
    await judge();
    await ask(150, { output: unsure });

    const window = await judge();

    expect(window).toMatchObject({ windows: 2, rows: 300, estimated: { measure: 'accuracy' } });
    expect(Reflect.get(window?.estimated ?? {}, 'value')).toBeCloseTo(0.8, 6);
  });

  test('of a baseline of the schema before is unknown, has no point and no alarm', async () => {
    const { schemaVersion: _, promises: __, ...old } = calibrated;
    const { ask, judge, stateOf } = await serving({ ...old, schemaVersion: 1, quality: undefined });
    await ask(300, { output: sure });

    const window = await judge();

    expect(window).toMatchObject({
      outcome: 'judged',
      estimated: { unknown: expect.stringContaining('earlier schema') },
    });
    expect(window?.lanes.map(({ lane }) => lane)).toEqual(['data-quality', 'drift', 'freshness']);
    expect(await stateOf('estimated-quality')).toBeUndefined();
  });

  test('of answers of one class alone is estimated all the same', async () => {
    const { ask, judge } = await serving(calibrated);
    await ask(300, { output: () => answer(0.9) });

    const window = await judge();

    expect(Reflect.get(window?.estimated ?? {}, 'value')).toBeCloseTo(0.9, 6);
    expect(laneOf(window, 'estimated-quality')?.score).toBeLessThan(0.01);
    expect(window?.predictionDrift).toBeGreaterThan(2);
  });
});

describe('the counts of a window', () => {
  const profileOf = async (world: Awaited<ReturnType<typeof serving>>, end: string) =>
    JSON.parse(
      new TextDecoder().decode(await world.services.objects.get(`windows/${model}/${end}/profile.json`)),
    );

  test('are kept in the bins of the baseline', async () => {
    const world = await serving();
    await world.ask(300);
    await world.judge();

    expect(await profileOf(world, '2026-01-05T100000.000Z')).toMatchObject({
      schemaVersion: 1,
      version: 1,
      rows: 300,
      columns: [counts(30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 0)],
    });
  });

  test('stand when the process dies before the record: what has landed since is in neither', async () => {
    const world = await serving();
    const { ask, services, nextHour, clock, watch, windows } = world;
    await ask(300);
    const first = clock.now();
    await nextHour();
    const dying = { ...services, metrics: { put: () => Promise.reject(new Error('died')) } };
    await expect(watchModels({ models: [model] }, dying)).rejects.toThrow('died');
    await ask(200, { atMs: first });

    await watch();
    await watch();

    expect(await windows()).toEqual([expect.objectContaining({ outcome: 'judged', rows: 300 })]);
    expect(await profileOf(world, '2026-01-05T100000.000Z')).toMatchObject({ rows: 300 });
  });
});

test('a page that cannot be drawn keeps no window from being judged, and is there after the next look', async () => {
  const { ask, services, nextHour, watch, windows, stateOf } = await serving();
  const key = `windows/${model}/2026-01-05T100000.000Z/drift.html`;
  await ask(300);
  await nextHour();
  const putIfAbsent: typeof services.objects.putIfAbsent = (name, body) =>
    name === key ? Promise.reject(new Error('died')) : services.objects.putIfAbsent(name, body);
  const dying = { ...services, objects: { ...services.objects, putIfAbsent } };

  await expect(watchModels({ models: [model] }, dying)).rejects.toThrow('died');
  expect(await windows()).toEqual([expect.objectContaining({ outcome: 'judged' })]);
  expect(await stateOf('drift')).toBe('ok');

  await watch();
  expect(await services.objects.head(key)).toBeDefined();
  expect(await windows()).toHaveLength(1);
});

describe('when another version serves', () => {
  test('the alarms start anew: what its predecessor did rings for it no more', async () => {
    const { ask, judge, promote, clock, stateOf } = await serving();
    const heavy = { masses: () => 95 };
    for (let window = 0; window < 3; window += 1) {
      await ask(300, heavy);
      await judge();
    }
    expect(await stateOf('drift')).toBe('alarm');
    await promote();
    await clock.advance(hourMs / 10);
    await ask(300, { version: 2 });

    await judge();
    expect(await stateOf('drift')).toBe('ok');

    await ask(300, { ...heavy, version: 2 });
    await judge();
    expect(await stateOf('drift')).toBe('ok');
  });

  test('and has too few rows to be judged, nothing is known of it', async () => {
    const { ask, judge, promote, clock, stateOf } = await serving();
    for (let window = 0; window < 2; window += 1) {
      await ask(300, { masses: () => 95 });
      await judge();
    }
    await promote();
    await clock.advance(hourMs / 10);
    await ask(10, { version: 2 });

    await judge();

    expect(await stateOf('drift')).toBe('unknown');
    expect(await stateOf('freshness')).toBe('ok');
  });
});
