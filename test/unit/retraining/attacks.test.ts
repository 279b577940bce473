import { describe, expect, test } from 'vitest';
import { run as decideRetraining } from '../../../lambdas/decide-retraining/handler.ts';
import { retrainingWorld } from './world.ts';

const model = 'penguins';
const impatient = { when: ['drift', 'new-data'], coolDownHours: 0 };

/** A model whose alarm rings, with data no model has seen, three quiet days after its promotion. */
const drifting = async (retrain: object = { when: ['drift'] }, options?: { readonly listsLagMs: number }) => {
  const world = await retrainingWorld(retrain, options);
  await world.newData();
  await world.passHours(73);
  await world.drift();
  return world;
};

describe('a controller in trouble', () => {
  test('pages once, whatever else is asked for and decided in between', async () => {
    const world = await retrainingWorld(impatient);
    for (const id of ['one', 'two', 'three']) {
      await world.ask(`try ${id}`, id);
      await world.endRun('failed');
    }

    for (let hour = 0; hour < 24; hour += 1) {
      await world.ask('once more', `more ${hour % 3}`);
      await world.pause(hour % 2 === 0);
      await world.wake({});
      await world.passHours(1);
    }
    await world.pause(false);
    await world.wake({});

    expect(new Set(world.messages.map(({ id }) => id)).size).toBe(1);
  });

  test('trains on a batch that a person let out of quarantine as on a new one, and on none that is still in it', async () => {
    const world = await drifting();
    await world.decide();
    await world.quarantine();
    await world.endRun('refused');
    await world.passHours(73);
    await world.drift();

    const held = await world.decide();
    await world.acceptQuarantined();

    expect(held).toMatchObject({ decision: 'wait', because: [expect.stringContaining('no new data')] });
    expect(await world.decide()).toMatchObject({ decision: 'retrain' });
  });

  test('counts what labels told as new until a run takes it in, which those that new data starts do not', async () => {
    const world = await retrainingWorld({ when: ['new-data', 'quality'], coolDownHours: 0 });
    await world.passHours(100);
    await world.tellLabels(600, 0);
    await world.dropped();
    await world.endRun('rejected');
    await world.passHours(100);
    await world.tellLabels(10, 2);
    await world.tellLabels(10, 2);

    expect(await world.decide()).toMatchObject({ decision: 'retrain' });
    await world.endRun('rejected');
    await world.passHours(100);
    await world.tellLabels(10, 2);
    expect(await world.decide()).toMatchObject({ because: [expect.stringContaining('10 new row(s)')] });
  });

  test('lets a refused run count for cool-down and budget, for it began, and not for the back-off: no challenger was judged', async () => {
    const world = await drifting();
    await world.decide();
    await world.endRun('refused');
    await world.newData();

    expect(await world.decide()).toMatchObject({ because: [expect.stringContaining('cooling down')] });
    await world.passHours(73);
    expect(await world.decide()).toMatchObject({ decision: 'retrain' });
    await world.endRun('refused');
    await world.ask('a third time', 'one');
    await world.endRun('refused');
    expect(await world.ask('a fourth time', 'two')).toMatchObject({ decision: 'page' });
  });

  test('asks again for an alarm that was closed while people were rolling back to its version', async () => {
    const world = await drifting();
    await world.pause(true);
    await world.decide();
    const [signal] = await world.signals();
    await world.pause(false);
    await world.registry.closeSignal(model, signal?.signalId ?? '', 'version 1 is the champion no more');

    expect(await world.decide()).toMatchObject({ decision: 'retrain' });
  });

  test('starts no run under a name that was used, also when lists show neither of the last two', async () => {
    const world = await drifting(undefined, { listsLagMs: 60_000 });
    for (const id of ['one', 'two', 'three']) {
      await world.ask(`try ${id}`, id);
      await world.endRun('failed');
      const [latest] = world.started.slice(-1);
      const run = await world.registry.getRun(latest?.name ?? '');
      if (run.status === 'running')
        await world.registry.finishRun({ runId: run.runId, status: 'failed', outcome: 'failed' });
    }

    expect(new Set(world.started.map(({ name }) => name)).size).toBe(3);
  });

  test('is not held by what a clock that was a year ahead has left', async () => {
    const world = await drifting();
    world.jumpHours(365 * 24);
    await world.decide();
    await world.endRun('rejected');
    for (const id of ['one', 'two', 'three']) {
      await world.ask(`try ${id}`, id);
      await world.endRun('failed');
    }
    world.jumpHours(0);
    await world.newData();
    await world.passHours(1);

    expect(await world.decide()).toMatchObject({ decision: 'retrain' });
    expect((await world.decisions())[0]).toMatchObject({ decision: 'retrain' });
    await world.endRun('rejected');
    await world.newData();
    expect(await world.decide()).toMatchObject({ because: [expect.stringContaining('rejected')] });
  });

  test('is held by what another clock left that is minutes ahead', async () => {
    const world = await drifting();
    world.jumpHours(0.5);
    await world.decide();
    await world.endRun('failed');
    world.jumpHours(0);
    await world.newData();

    expect(await world.decide()).toMatchObject({ because: [expect.stringContaining('cooling down')] });
  });

  test('starts no run for a champion that was replaced while the state was read', async () => {
    const world = await drifting({ when: ['drift', 'new-data'] });
    await world.dropped();
    const { registry } = world.services;
    let reads = 0;
    const overtaken: typeof registry.listRuns = async (...request) => {
      const found = await registry.listRuns(...request);
      reads += 1;
      if (reads === 1) await world.endRun('succeeded');
      return found;
    };

    const services = { ...world.services, registry: { ...registry, listRuns: overtaken } };
    const { decisions } = await decideRetraining({}, services);
    await world.newData();

    expect((await world.registry.getRoute(model)).champion).toBe(2);
    expect(decisions).not.toMatchObject([{ decision: 'retrain' }]);
    expect(await world.decide()).toMatchObject({ because: ['nothing asks for a new model'] });
    expect(world.started).toHaveLength(1);
  });

  test('tells who repeats a request its own run, not one that was decided on since', async () => {
    const world = await retrainingWorld();
    const first = await world.ask('the price list changed', 'one');
    await world.endRun('failed');
    const [failed] = await world.runs();
    await world.services.registry.raiseSignal({
      model,
      signalId: 'manual-two',
      kind: 'manual',
      why: 'another reason',
      by: 'Bob',
      at: '2026-01-08T00:00:00.000Z',
    });

    const again = await world.ask('the price list changed', 'one');

    expect(again?.runId).toBe(first?.runId);
    expect(again?.runId).toBe(failed?.runId);
    expect(world.started).toHaveLength(2);
  });

  test('makes one run of a flood of alarms after a month of silence', async () => {
    const world = await retrainingWorld({ when: ['drift', 'quality'], coolDownHours: 0 });
    await world.passHours(31 * 24);
    for (let day = 0; day < 30; day += 1) {
      await world.newData();
      await world.drift();
    }
    await world.tellLabels(900, 2);
    await world.tellLabels(900, 2);

    await Promise.all(Array.from({ length: 5 }, () => world.wake({})));

    expect(world.started).toHaveLength(1);
    expect(new Set((await world.signals()).map(({ answeredBy }) => answeredBy))).toEqual(
      new Set([world.started[0]?.name]),
    );
  });
});
