import { describe, expect, test } from 'vitest';
import { run as decideRetraining } from '../../lambdas/decide-retraining/handler.ts';
import { run as watchModels } from '../../lambdas/watch-models/handler.ts';
import { type FixedClock, manualClock } from '../support/index.ts';
import {
  csv,
  eventually,
  type Lamp,
  lampSpec,
  lamps,
  laptopForTests,
  type TestLaptop,
} from './support/index.ts';

const hour = 3_600_000;

/** A model that serves, watched by the hour, that retrains when what it answers turns out to be wrong. */
const serving = async (changes: object = {}) => {
  const clock = manualClock();
  const home = await laptopForTests({ clock });
  const spec = lampSpec({
    approval: { policy: 'automatic' },
    gates: { maxChampionLoss: 1 },
    monitor: { windowHours: 1, minRows: 40 },
    retrain: { when: ['quality'], coolDownHours: 1 },
    ...changes,
  });
  await home.drop('lamps/model.json', spec);
  await home.drop('lamps/monday.csv', csv(lamps(600)));
  await home.drop('lamps/monday._SUCCESS', '');
  await home.endOfRun('lamps');
  return { home, clock, watch: () => watchModels({}, { ...home.laptop, stuckAfterHours: 24 }) };
};

/** To 30 minutes past the next full hour, when the window before may be judged. */
const nextWindow = async (clock: FixedClock) => {
  await clock.advance((Math.floor(clock.now() / hour) + 1.5) * hour - clock.now());
};

interface Truth {
  readonly predictionId: string;
  readonly label: string;
}

/** Callers ask about lamps; what became of each is known by the id of its answer. */
const ask = async (home: TestLaptop, from: number, truthOf: (lamp: Lamp) => string) => {
  const asked = lamps(300, from);
  const { status, body } = await home.predict('lamps', {
    rows: asked.map(({ broken: _, ...lamp }) => lamp),
  });
  expect(status).toBe(200);
  await home.predictions.flush();
  const ids: readonly { readonly predictionId: string }[] = body.predictions;
  return asked.map(
    (lamp, row): Truth => ({ predictionId: ids[row]?.predictionId ?? '', label: truthOf(lamp) }),
  );
};

const label = async (home: TestLaptop, name: string, rows: readonly object[]) => {
  const key = `labels/lamps/${name}.jsonl`;
  await home.laptop.objects.putIfAbsent(key, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  await home.tell(key);
};

const asBefore = ({ broken }: Lamp) => broken;
/** The concept is turned around: what broke holds, what held breaks. */
const inverted = ({ broken }: Lamp) => (broken === 'yes' ? 'no' : 'yes');

const realisedOf = (home: TestLaptop) => home.laptop.registry.listRealisedWindows('lamps');
const stateOf = async (home: TestLaptop, lane: string) =>
  (await home.laptop.alarms.states('lamps')).find((one) => one.lane === lane)?.state;

/** Waits until the files of three windows are in batches: of two that came close together one batch is made. */
const threeFilesKept = ({ laptop }: TestLaptop, clock: FixedClock) =>
  eventually('the labelled rows of three windows to be kept', async () => {
    await clock.advance(5000);
    const batches = await laptop.registry.listBatches('lamps');
    const keys = batches.flatMap(({ arrivals }) => arrivals.map(({ key }) => key));
    return keys.filter((key) => key.includes('/from-labels/')).length === 3 || undefined;
  });

describe('labels of what was answered', () => {
  test('as true as before ring nothing, are judged once, and become rows to train on', async () => {
    const { home, clock, watch } = await serving({ retrain: { when: ['new-data', 'quality'] } });
    for (let window = 0; window < 3; window += 1) {
      const truth = await ask(home, 5000 + 300 * window, asBefore);
      await label(home, `window-${window}`, truth);
      await nextWindow(clock);
      await watch();
    }
    await watch();

    const windows = await realisedOf(home);
    expect(
      windows.map(({ outcome, rows, labelledRows, coverage }) => [outcome, rows, labelledRows, coverage]),
    ).toEqual(new Array(3).fill(['judged', 300, 300, 1]));
    for (const window of windows) {
      expect(window.score).toBeLessThan(1);
      expect(window).toMatchObject({
        reliability: 'reliable',
        trainingRows: 300,
        unknownLabels: 0,
        correctedLabels: 0,
      });
    }
    expect(await stateOf(home, 'realised-quality')).toBe('ok');
    expect(await home.keysUnder('incoming/lamps/from-labels/')).toHaveLength(3);
    await threeFilesKept(home, clock);
    await eventually('their batches to be kept', async () => {
      const batches = await home.laptop.registry.listBatches('lamps');
      const kept = (await home.actions('lamps')).filter((action) => action === 'batch-kept');
      return kept.length === batches.length - 1 || undefined;
    });
    expect(await home.runsOf('lamps')).toHaveLength(1);
    expect(home.messages('lamps').filter(({ subject }) => subject.includes('kept'))).toEqual([]);
  });

  test('a concept that turned around rings realised quality within three windows, no drift, and one run trains on what was learnt', async () => {
    const { home, clock, watch } = await serving();
    const { laptop } = home;
    for (let window = 0; window < 3; window += 1) {
      const truth = await ask(home, 5000 + 300 * window, inverted);
      await nextWindow(clock);
      await label(home, `window-${window}`, truth);
      await watch();
    }

    const [latest] = await realisedOf(home);
    expect(latest).toMatchObject({ outcome: 'judged', reliability: 'unreliable', labelledRows: 300 });
    expect(latest?.score).toBeGreaterThan(1);
    expect(await stateOf(home, 'realised-quality')).toBe('alarm');
    expect(await stateOf(home, 'drift')).toBe('ok');
    await threeFilesKept(home, clock);
    expect(await home.runsOf('lamps')).toHaveLength(1);

    const alarm = { source: 'aws.cloudwatch', detail: { alarmName: 'millrace-dev-lamps--realised-quality' } };
    await Promise.all(Array.from({ length: 3 }, () => decideRetraining(alarm, laptop)));
    const run = await home.endOfRun('lamps', 2);

    expect(run).toMatchObject({ trigger: { kind: 'quality' } });
    const dataset = await laptop.registry.findDataset('lamps', run.datasetVersion ?? '');
    expect(dataset?.sources).toHaveLength(4);
    expect(dataset?.rows.read).toBe(1500);
    expect(await home.runsOf('lamps')).toHaveLength(2);
  });

  test('lied about over HTTP teach a challenger that the golden set finds out, and nobody is answered by it', async () => {
    const home = await laptopForTests({ clock: manualClock() });
    const { laptop } = home;
    const clock = laptop.clock as FixedClock;
    const changes = {
      approval: { policy: 'automatic' },
      gates: { maxChampionLoss: 1, mustBeatBaseline: false },
      monitor: { windowHours: 1, minRows: 40 },
      retrain: { when: ['quality'], coolDownHours: 1 },
    };
    await home.drop('lamps/model.json', lampSpec(changes));
    await home.drop('lamps/monday.csv', csv(lamps(1500)));
    await home.drop('lamps/monday._SUCCESS', '');
    await home.endOfRun('lamps');
    for (let window = 0; window < 3; window += 1) {
      const from = 5000 + 600 * window;
      const truth = [...(await ask(home, from, inverted)), ...(await ask(home, from + 300, inverted))];
      await nextWindow(clock);
      const { status, body } = await home.post('/models/lamps/labels', { labels: truth });
      expect([status, body.taken]).toEqual([202, 600]);
      await home.tell(body.file);
      await watchModels({}, { ...laptop, stuckAfterHours: 24 });
    }
    await threeFilesKept(home, clock);

    await decideRetraining({ model: 'lamps', why: 'realised quality rings', by: 'Ada' }, laptop);
    const run = await eventually('the challenger to be judged', async () => {
      const [newest] = await home.runsOf('lamps');
      return newest?.challengerPath === undefined ? undefined : newest;
    });

    expect(['conflict', 'keep-champion']).toContain(run.challengerPath);
    const { challenger } = await home.readJson(`runs/lamps/${run.runId}/metrics.json`);
    expect(challenger.standing).toMatchObject({ G1: 'fail' });
    expect(await laptop.registry.getRoute('lamps')).toMatchObject({ champion: 1 });
  });

  test('late, repeated, corrected and unknown labels: each is what it is, and a label before its prediction waits', async () => {
    const { home, clock, watch } = await serving();
    const truth = await ask(home, 5000, asBefore);
    const [first, ...rest] = truth;
    const at = new Date(clock.now()).toISOString();
    const corrected = { ...first, label: first?.label === 'yes' ? 'no' : 'yes', at };
    const stranger = { predictionId: `${first?.predictionId.slice(0, 10)}zzzzzzzzzzzzzzzz`, label: 'yes' };
    await label(home, 'early', truth.slice(0, 60));
    await nextWindow(clock);
    await watch();
    expect((await realisedOf(home))[0]).toMatchObject({
      outcome: 'waiting',
      labelledRows: 60,
      coverage: 0.2,
    });
    expect((await realisedOf(home))[0]?.trainingKey).toBeUndefined();

    await label(home, 'the-rest', [
      ...rest,
      ...rest,
      stranger,
      { ...corrected, at: new Date(clock.now()).toISOString() },
    ]);
    await watch();

    const [window] = await realisedOf(home);
    expect(window).toMatchObject({
      outcome: 'judged',
      labelledRows: 300,
      correctedLabels: 1,
      unknownLabels: 1,
      trainingRows: 300,
    });
    await label(
      home,
      'much-later',
      rest.map((row) => ({ ...row, label: 'yes' })),
    );
    await watch();
    expect(await realisedOf(home)).toEqual([window]);
  });
});
