import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { run as decideRetraining } from '../../lambdas/decide-retraining/handler.ts';
import { run as watchModels } from '../../lambdas/watch-models/handler.ts';
import { type FixedClock, manualClock } from '../support/index.ts';
import { csv, eventually, lampSpec, lamps, laptopForTests, type TestLaptop } from './support/index.ts';

const hour = 3_600_000;

/** A model that serves, watched by the hour, that retrains when what it is asked drifts. */
const serving = async (changes: object = {}) => {
  const clock = manualClock();
  const home = await laptopForTests({ clock });
  const spec = lampSpec({
    gates: { maxChampionLoss: 1 },
    monitor: { windowHours: 1, minRows: 40 },
    retrain: { when: ['drift'], coolDownHours: 1 },
    ...changes,
  });
  await home.drop('lamps/model.json', spec);
  await home.drop('lamps/monday.csv', csv(lamps(600)));
  await home.drop('lamps/monday._SUCCESS', '');
  await home.approve('lamps');
  return { home, clock, watch: () => watchModels({}, { ...home.laptop, stuckAfterHours: 24 }) };
};

/** To 30 minutes past the next full hour, when the window before may be judged. */
const nextWindow = async (clock: FixedClock) => {
  await clock.advance((Math.floor(clock.now() / hour) + 1.5) * hour - clock.now());
};

/** Callers ask about as many lamps, as they are or as something has made them. */
const ask = async (home: TestLaptop, count: number, change: (lamp: object) => object = (lamp) => lamp) => {
  const rows = lamps(count, 5000).map(({ broken: _, ...lamp }) => change(lamp));
  expect((await home.predict('lamps', { rows })).status).toBe(200);
  await home.predictions.flush();
};

const windowsOf = (home: TestLaptop) => home.laptop.registry.listWindows('lamps');
const scoreOf = (window: Awaited<ReturnType<typeof windowsOf>>[number] | undefined, lane: string) =>
  window?.lanes.find((one) => one.lane === lane)?.score;

/** Every lamp a hundred hours younger: within what training saw, but not where it saw it. */
const young = (lamp: object) => ({ ...lamp, hours: Math.floor(Number(Reflect.get(lamp, 'hours')) / 6) });

describe('watching what a model is asked', () => {
  test('traffic as training knew it raises no alarm, window after window, and is judged once', async () => {
    const { home, clock, watch } = await serving();
    for (let window = 0; window < 3; window += 1) {
      await ask(home, 300);
      await nextWindow(clock);
      await watch();
      await watch();
    }

    const windows = await windowsOf(home);
    expect(windows).toHaveLength(3);
    expect(windows.map(({ outcome, rows, version }) => [outcome, rows, version])).toEqual([
      ['judged', 300, 1],
      ['judged', 300, 1],
      ['judged', 300, 1],
    ]);
    for (const window of windows) expect(scoreOf(window, 'drift')).toBeLessThan(0.5);
    expect(await home.laptop.alarms.states('lamps')).toMatchObject([
      { lane: 'data-quality', state: 'ok' },
      { lane: 'drift', state: 'ok' },
      { lane: 'freshness', state: 'ok' },
    ]);
  });

  test('traffic that moves rings the drift alarm, names the column, and starts one run, copies and a crash included', async () => {
    const { home, clock, watch } = await serving();
    const { laptop } = home;
    // A batch is new when it closed after the last run began.
    await clock.advance(1000);
    await home.drop('lamps/tuesday.csv', csv(lamps(400, 600)));
    await home.drop('lamps/tuesday._SUCCESS', '');
    await eventually('the batch to be kept', async () =>
      home.messages('lamps').find(({ subject }) => subject.includes('kept')),
    );
    for (let window = 0; window < 3; window += 1) {
      await ask(home, 300, young);
      await nextWindow(clock);
      await watch();
    }

    const [window] = await windowsOf(home);
    expect(window?.columns[0]).toMatchObject({ name: 'hours', of: 'feature' });
    expect(scoreOf(window, 'drift')).toBeGreaterThan(2);
    expect(await laptop.alarms.states('lamps')).toContainEqual(
      expect.objectContaining({ lane: 'drift', state: 'alarm' }),
    );

    // The process dies between the decision and the run.
    const dying = {
      ...laptop,
      workflow: { ...laptop.workflow, start: () => Promise.reject(new Error('died')) },
    };
    await expect(decideRetraining({}, dying)).rejects.toThrow('died');
    const alarm = { source: 'aws.cloudwatch', detail: { alarmName: 'millrace-dev-lamps--drift' } };
    await Promise.all(Array.from({ length: 5 }, () => decideRetraining(alarm, laptop)));
    const run = await home.approve('lamps', 2);
    await decideRetraining({}, laptop);

    expect(run).toMatchObject({ status: 'succeeded', modelVersion: 2, trigger: { kind: 'drift' } });
    expect(run.runId).toMatch(/^retrain-[0-9a-f]{10}-1-/);
    const dataset = await laptop.registry.findDataset('lamps', run.datasetVersion ?? '');
    expect(dataset?.rows.kept).toBe(1000);
    expect(await home.runsOf('lamps')).toHaveLength(2);
    expect((await home.actions('lamps')).filter((action) => /^(batch|retrain)-/.test(action))).toEqual([
      'batch-kept',
      'retrain-decided',
    ]);
  });

  test('what cannot be read is left out, counted and told; values of the wrong kind ring at once', async () => {
    const { home, clock, watch } = await serving();
    const { laptop } = home;
    await ask(home, 100);
    const at = new Date(clock.now()).toISOString();
    const folder = `captured/model=lamps/dt=${at.slice(0, 10)}/hour=${at.slice(11, 13)}/`;
    const record = {
      predictionId: 'p',
      model: 'lamps',
      version: 1,
      role: 'champion',
      at,
      features: { hours: 'many', age: 3, site: 'north' },
      output: { label: 'yes', probability: 0.9 },
      latencyMs: 1,
    };
    const whole = gzipSync(`${JSON.stringify(record)}\n{"half": \n`);
    await laptop.objects.putIfAbsent(`${folder}whole.gz`, whole);
    await laptop.objects.putIfAbsent(`${folder}torn.gz`, whole.subarray(0, whole.length - 12));
    await laptop.objects.putIfAbsent(`${folder}plain.gz`, 'this is no gzip file');

    await nextWindow(clock);
    await watch();

    const [window] = await windowsOf(home);
    expect(window).toMatchObject({ outcome: 'judged', rows: 101, skippedFileCount: 2, skippedLines: 1 });
    expect(window?.skippedFiles).toEqual([`${folder}plain.gz`, `${folder}torn.gz`]);
    expect(home.messages('lamps').at(0)).toMatchObject({
      subject: '2 captured file(s) and 1 line(s) could not be read',
    });
    expect(scoreOf(window, 'data-quality')).toBeGreaterThan(1);
    expect(await laptop.alarms.states('lamps')).toContainEqual(
      expect.objectContaining({ lane: 'data-quality', state: 'alarm' }),
    );
  });

  test('a window with too few rows is carried into the next, one without rows is stale', async () => {
    const { home, clock, watch } = await serving({ monitor: { windowHours: 1, minRows: 100 } });
    await ask(home, 60);
    await nextWindow(clock);
    await watch();
    await ask(home, 60);
    await nextWindow(clock);
    await watch();
    await clock.advance(2 * hour);
    await watch();

    const windows = await windowsOf(home);
    expect(windows.map(({ outcome, rows, windows: joined }) => [outcome, rows, joined])).toEqual([
      ['empty', 0, 1],
      ['empty', 0, 1],
      ['judged', 120, 2],
      ['carried', 60, 1],
    ]);
    expect(scoreOf(windows[0], 'freshness')).toBe(1);
    expect(await home.laptop.alarms.states('lamps')).toContainEqual(
      expect.objectContaining({ lane: 'freshness', state: 'alarm' }),
    );
  });
});
