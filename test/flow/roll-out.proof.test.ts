import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { type FixedClock, manualClock } from '../support/index.ts';
import {
  broughtLamps,
  csv,
  eventually,
  lampSpec,
  lamps,
  laptopForTests,
  type TestLaptop,
} from './support/index.ts';

const minute = 60_000;

/** A champion that serves, and a second version on its way under the roll-out given. */
const challenged = async (
  rollOut: object,
  challenger: { readonly name: string; readonly content: string | Uint8Array },
) => {
  const clock = manualClock();
  const tasks: string[] = [];
  const home = await laptopForTests({ clock, onTask: (task) => tasks.push(task) });
  const changes = { gates: { maxChampionLoss: 1 }, rollOut };
  await home.drop('lamps/model.json', lampSpec(changes));
  await home.drop('lamps/monday.csv', csv(lamps(200)));
  await home.drop('lamps/monday._SUCCESS', '');
  await home.approve('lamps');
  // Runs are listed by the time they started.
  await clock.advance(1000);
  await home.drop(`lamps/${challenger.name}`, challenger.content);
  await home.drop('lamps/tuesday._SUCCESS', '');
  // Two hundred rows are too few to show that it is better: a person lets it go on.
  const { approvalId } = await home.question('lamps', 2);
  const decision = { decision: 'approved', by: 'Ada', reason: 'let us see' } as const;
  await home.laptop.decideApproval({ approvalId, ...decision });
  return { home, clock, tasks };
};

const tuesday = { name: 'tuesday.csv', content: csv(lamps(200, 200)) };

/** Waits until the roll-out watches a step that satisfies `isMet`, and until the server has seen it. */
const untilWatched = async (home: TestLaptop, clock: FixedClock, isMet: (route: object) => boolean) => {
  await eventually('the step to be watched', async () => {
    const [rollOut] = await home.laptop.workflow.list({ machine: 'roll-out', status: 'RUNNING' });
    const isWatched = rollOut?.currentState === 'Watch it';
    return isWatched && isMet(await home.laptop.registry.getRoute('lamps')) ? true : undefined;
  });
  await clock.advance(5000);
};

const atPercent = (percent: number) => (route: { canary?: { percent: number } }) =>
  route.canary?.percent === percent;

/** 400 requests of as many callers; gives how many each version answered. */
const traffic = async (home: TestLaptop, lamp: object = { hours: 300, age: 9, site: 'north' }) => {
  const counts: Record<string, number> = {};
  for (let caller = 0; caller < 400; caller += 1) {
    const { status, body } = await home.predict('lamps', lamp, {
      'millrace-routing-key': `caller ${caller}`,
    });
    const by = status === 200 ? `version ${body.version}` : body.error.code;
    counts[by] = (counts[by] ?? 0) + 1;
  }
  await home.predictions.flush();
  return counts;
};

const steps = [
  { percent: 10, minutes: 15 },
  { percent: 50, minutes: 15 },
];

describe('a second version rolls out', () => {
  test('its share of callers grows step by step while it is healthy, then it is champion', async () => {
    const { home, clock, tasks } = await challenged({ strategy: 'canary', steps }, tuesday);

    await untilWatched(home, clock, atPercent(10));
    const first = await traffic(home);
    await clock.advance(15 * minute);
    await untilWatched(home, clock, atPercent(50));
    const second = await traffic(home);
    await clock.advance(15 * minute);

    expect(await home.endOfRun('lamps', 2)).toMatchObject({ status: 'succeeded', modelVersion: 2 });
    // 400 callers at 10 and 50 %: within four standard deviations, 24 and 40 callers.
    expect(Math.abs((first['version 2'] ?? 0) - 40)).toBeLessThan(24);
    expect(Math.abs((second['version 2'] ?? 0) - 200)).toBeLessThan(40);
    expect(first['version 1']).toBe(400 - (first['version 2'] ?? 0));
    expect(tasks.filter((task) => task === 'check-health')).toHaveLength(2);
    const route = await home.laptop.registry.getRoute('lamps');
    expect(route).toMatchObject({ champion: 2, previousChampion: 1 });
    expect(route.canary).toBeUndefined();
    await clock.advance(5000);
    expect(await traffic(home)).toEqual({ 'version 2': 400 });
  });

  test('without traffic it is unknown, and unknown never promotes: held ten times, then put back', async () => {
    const { home, clock, tasks } = await challenged({ strategy: 'canary', steps }, tuesday);

    await untilWatched(home, clock, atPercent(10));
    const run = await eventually('the roll-out to end', async () => {
      const [newest] = await home.runsOf('lamps');
      if (newest?.status !== 'running') return newest;
      const [rollOut] = await home.laptop.workflow.list({ machine: 'roll-out', status: 'RUNNING' });
      if (rollOut?.currentState === 'Watch it') await clock.advance(15 * minute);
      return undefined;
    });

    expect(run).toMatchObject({ status: 'rejected', outcome: expect.stringContaining('no requests') });
    expect(tasks.filter((task) => task === 'check-health')).toHaveLength(11);
    const route = await home.laptop.registry.getRoute('lamps');
    expect(route.champion).toBe(1);
    expect(route.canary).toBeUndefined();
    expect(await home.actions('lamps')).toContain('roll-out-aborted');
  });

  test.each([
    // The champion knows the site of a lamp, this model does not: it refuses what callers send today.
    ['refuses rows that the champion takes', broughtLamps(), { site: 'north' }, 'PREDICTION_INPUT_INVALID'],
    ['fails at rows it should answer', broughtLamps({ failsAboveHours: 2000 }), {}, 'MODEL_RUN_FAILED'],
  ])('a version that %s is put back at the first step', async (_, content, more, code) => {
    const { home, clock } = await challenged({ strategy: 'canary', steps }, { name: 'ours.onnx', content });
    const lamp = { hours: 3000, age: 9, ...more };

    await untilWatched(home, clock, atPercent(10));
    const counts = await traffic(home, lamp);
    await clock.advance(15 * minute);

    const run = await home.endOfRun('lamps', 2);
    expect(counts[code]).toBeGreaterThan(20);
    expect(run).toMatchObject({ status: 'rejected', outcome: expect.stringContaining('requests failed') });
    const route = await home.laptop.registry.getRoute('lamps');
    expect(route.champion).toBe(1);
    expect(route.canary).toBeUndefined();
    await clock.advance(5000);
    expect((await traffic(home, lamp))[code]).toBeUndefined();
  });

  test('a person who takes it off the route is not overruled by its next step', async () => {
    const { home, clock } = await challenged({ strategy: 'canary', steps }, tuesday);
    const { registry } = home.laptop;

    await untilWatched(home, clock, atPercent(10));
    await traffic(home);
    await registry.abortRollOut({ model: 'lamps', by: 'Ada', why: 'a complaint' });
    await clock.advance(15 * minute);

    const run = await home.endOfRun('lamps', 2);
    expect(run).toMatchObject({
      status: 'rejected',
      outcome: expect.stringContaining('taken off the route'),
    });
    expect(await registry.getRoute('lamps')).toMatchObject({ champion: 1, formerChampions: [] });
  });

  test('a shadow answers unseen beside the champion, is captured, and takes over when it did well', async () => {
    const { home, clock } = await challenged({ strategy: 'immediate', shadowMinutes: 10 }, tuesday);

    await untilWatched(home, clock, (route: { shadow?: number }) => route.shadow === 2);
    expect(await traffic(home)).toEqual({ 'version 1': 400 });
    await clock.advance(10 * minute);

    expect(await home.endOfRun('lamps', 2)).toMatchObject({ status: 'succeeded', modelVersion: 2 });
    expect(await home.laptop.registry.getRoute('lamps')).toMatchObject({ champion: 2 });
    const records: { role: string; version: number; predictionId: string }[] = [];
    for (const key of await home.keysUnder('captured/model=lamps/')) {
      const text = gunzipSync(await home.laptop.objects.get(key)).toString();
      records.push(
        ...text
          .split('\n')
          .filter(Boolean)
          .map((line) => JSON.parse(line)),
      );
    }
    const of = (role: string) => records.filter((record) => record.role === role);
    expect(of('champion')).toHaveLength(400);
    expect(of('shadow')).toHaveLength(400);
    expect(new Set(of('shadow').map(({ version }) => version))).toEqual(new Set([2]));
    expect(
      of('shadow')
        .map(({ predictionId }) => predictionId)
        .sort(),
    ).toEqual(
      of('champion')
        .map(({ predictionId }) => predictionId)
        .sort(),
    );
  });
});
