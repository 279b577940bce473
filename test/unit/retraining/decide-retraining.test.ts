import { describe, expect, test } from 'vitest';
import { run as decideRetraining } from '../../../lambdas/decide-retraining/handler.ts';
import { MillraceError } from '../../../lib/wire/errors.ts';
import { type Death, retrainingWorld } from './world.ts';

/** A model whose alarm rings, with data no model has seen, three quiet days after its promotion. */
const drifting = async (retrain?: object, options?: { readonly listsLagMs: number }) => {
  const world = await retrainingWorld(retrain, options);
  await world.newData();
  await world.passHours(73);
  await world.drift();
  return world;
};

describe('the retraining controller', () => {
  test('retrains when the drift alarm rings, once however often it is told', async () => {
    const world = await drifting();

    const alarm = {
      source: 'aws.cloudwatch',
      detail: { alarmName: 'millrace-dev-penguins--drift', state: { value: 'ALARM' } },
    };
    await Promise.all(Array.from({ length: 5 }, () => world.wake(alarm)));
    await world.wake({});

    expect(world.started.map(({ name }) => name)).toEqual([
      expect.stringMatching(/^retrain-[0-9a-f]{10}-1-\d{8}T\d{6}Z$/),
    ]);
    const [run] = await world.runs();
    expect(run).toMatchObject({ batchId: 'batch-000002', trigger: { kind: 'drift', by: 'monitor' } });
    expect(await world.signals()).toMatchObject([{ kind: 'drift', version: 1, answeredBy: run?.runId }]);
    expect((await world.decisions()).map(({ decision }) => decision)).toEqual(['retrain']);
  });

  test.each<Death>(['before the run is recorded', 'before the execution', 'after the execution'])(
    'starts the run it decided on when its process died %s',
    async (death) => {
      const world = await drifting();

      world.dieNext(death);
      await expect(world.decide()).rejects.toThrow(`died ${death}`);
      await world.decide();
      await world.decide();

      expect(world.started).toHaveLength(1);
      expect((await world.runs())[0]).toMatchObject({
        status: 'running',
        executionId: `execution of ${world.started[0]?.name}`,
      });
    },
  );

  test('cools down after a promotion, and remembers what asked in the meantime', async () => {
    const world = await retrainingWorld();
    await world.newData();
    await world.drift();

    const early = await world.decide();
    world.silence();
    await world.passHours(73);
    const late = await world.decide();

    expect(early).toMatchObject({
      decision: 'wait',
      because: [expect.stringMatching(/^cooling down for 72 hours, until 2026-/)],
    });
    expect(late.decision).toBe('retrain');
    expect(world.started).toHaveLength(1);
  });

  test('counts the same refusal instead of writing it down again', async () => {
    const world = await retrainingWorld();
    await world.newData();
    await world.drift();

    for (let hour = 0; hour < 10; hour += 1) {
      await world.decide();
      await world.passHours(1);
    }

    expect(await world.decisions()).toMatchObject([{ decision: 'wait', count: 10 }]);
    const audit = await world.registry.listAudit({ model: 'penguins' });
    expect(audit.filter(({ action }) => action === 'retrain-waits')).toHaveLength(1);
  });

  test('does nothing about drift that model.json does not name', async () => {
    const world = await drifting({ when: ['new-data'] });

    expect(await world.decide()).toMatchObject({
      decision: 'wait',
      because: ['nothing asks for a new model'],
    });
    expect(await world.decisions()).toEqual([]);
  });

  test('waits for new data: the same rows give the same model', async () => {
    const world = await retrainingWorld();
    await world.passHours(73);
    await world.drift();

    const before = await world.decide();
    await world.newData();
    const after = await world.decide();

    expect(before).toMatchObject({ decision: 'wait', because: [expect.stringContaining('no new data')] });
    expect(after.decision).toBe('retrain');
  });

  test('refuses while the data is not to be trusted', async () => {
    const world = await drifting();
    await world.judge(3, 'data-quality');
    world.ring('data-quality');

    expect(await world.decide()).toMatchObject({
      decision: 'refuse',
      because: [expect.stringContaining('data-quality alarm')],
    });
  });

  test('takes a person at their word inside a cool-down, but not during a run', async () => {
    const world = await retrainingWorld();

    const first = await world.ask('the price list changed', 'one');
    const second = await world.ask('and changed again', 'two');

    expect(first).toMatchObject({ decision: 'retrain', because: ['the price list changed'] });
    expect((await world.runs())[0]?.trigger).toEqual({
      kind: 'manual',
      by: 'Ada',
      why: 'the price list changed',
    });
    expect(second).toMatchObject({ decision: 'wait', because: [`run ${first?.runId} has not ended`] });

    await world.endRun('rejected');
    expect(await world.decide()).toMatchObject({ decision: 'retrain', because: ['and changed again'] });
    expect(world.started).toHaveLength(2);
  });

  test('starts no second run while lists do not show the first one yet', async () => {
    const world = await drifting(undefined, { listsLagMs: 60_000 });

    const first = await world.decide();
    const second = await world.ask('the price list changed', 'one');

    expect(second).toMatchObject({ decision: 'wait', because: [`run ${first.runId} has not ended`] });
    expect(world.started).toHaveLength(1);
  });

  test('starts no second run when another decides between its two looks at the lease', async () => {
    const world = await drifting();
    const { registry } = world.services;
    const asked = {
      model: 'penguins',
      signalId: 'manual-two',
      kind: 'manual',
      why: 'now',
      by: 'Ada',
    } as const;
    let looks = 0;
    const overtaken: typeof registry.findLease = async (model) => {
      const found = await registry.findLease(model);
      looks += 1;
      if (looks === 1) {
        world.dieNext('before the run is recorded');
        await expect(world.decide()).rejects.toThrow('died');
        await registry.raiseSignal({ ...asked, at: '2026-01-08T00:00:00.000Z' });
      }
      return found;
    };
    const slow = { ...world.services, registry: { ...registry, findLease: overtaken } };
    const { decisions } = await decideRetraining({}, slow);
    await world.decide();

    expect(decisions).toMatchObject([
      { decision: 'wait', because: [expect.stringContaining('has not ended')] },
    ]);
    expect(world.started).toHaveLength(1);
  });

  test('takes the word of an alarm that looks at one window of a week', async () => {
    const world = await retrainingWorld({ when: ['drift'] }, { windowHours: 168 });
    await world.newData();
    await world.passHours(169);
    await world.judge(1.5);
    world.ring('drift');

    expect((await world.decide()).decision).toBe('retrain');
  });

  test('goes on when the name of a run was taken by something else: that run has failed, and the alarm asks again', async () => {
    const world = await drifting({ when: ['drift'], coolDownHours: 0 });
    const taken = new MillraceError(
      'EXECUTION_NAME_TAKEN',
      'execution "retrain-x" exists with another input',
    );
    const workflow = { ...world.services.workflow, start: () => Promise.reject(taken) };

    await decideRetraining({}, { ...world.services, workflow });
    const [failed] = await world.runs();
    await world.passHours(73);
    const next = await world.decide();

    expect(failed).toMatchObject({ status: 'failed', errorCode: 'EXECUTION_NAME_TAKEN' });
    expect(next).toMatchObject({ decision: 'retrain', runId: `${failed?.runId}-2` });
  });

  test('is asked again by an alarm that rings on when people roll back to the version it is about', async () => {
    const world = await drifting();
    await world.decide();
    await world.endRun('succeeded');
    await world.decide();
    await world.passHours(1);
    await world.registry.rollBack({ model: 'penguins', by: 'Ada', reason: 'it is worse' });
    await world.newData();

    const early = await world.decide();
    await world.passHours(73);

    expect(early).toMatchObject({ decision: 'wait', because: [expect.stringContaining('cooling down')] });
    expect(await world.decide()).toMatchObject({
      decision: 'retrain',
      because: [expect.stringContaining('version 1')],
    });
  });

  test('tells who asks the run that answers them, also when another decided on it, or they asked before', async () => {
    const world = await retrainingWorld();
    const { registry } = world.services;
    const overtaken: typeof registry.raiseSignal = async (signal) => {
      const raised = await registry.raiseSignal(signal);
      await world.decide();
      return raised;
    };
    const request = { model: 'penguins', why: 'the price list changed', by: 'Ada', requestId: 'one' };

    const services = { ...world.services, registry: { ...registry, raiseSignal: overtaken } };
    const { decisions } = await decideRetraining(request, services);
    const again = await world.ask('the price list changed', 'one');

    const [run] = await world.runs();
    expect(run?.trigger.why).toBe('the price list changed');
    expect(decisions).toMatchObject([{ decision: 'retrain', runId: run?.runId }]);
    expect(again).toMatchObject({ decision: 'retrain', runId: run?.runId });
    expect(world.started).toHaveLength(1);
  });

  test('holds still while it is paused, and goes on where it stood', async () => {
    const world = await drifting();
    await world.pause(true);

    expect(await world.decide()).toMatchObject({
      decision: 'refuse',
      because: [expect.stringContaining('the sensors are being replaced')],
    });
    expect((await world.ask('now', 'one'))?.decision).toBe('refuse');
    await world.pause(false);
    expect((await world.decide()).decision).toBe('retrain');
  });

  test('backs off longer after each rejected challenger, and asks again while the alarm rings', async () => {
    const world = await drifting({ when: ['drift'], coolDownHours: 0 });
    const waits: unknown[] = [];
    for (let round = 0; round < 2; round += 1) {
      await world.decide();
      await world.endRun('rejected');
      await world.newData();
      waits.push((await world.decide()).because);
      await world.passHours(96);
    }

    expect(waits).toEqual([
      [expect.stringMatching(/^1 challenger\(s\) in a row were rejected/)],
      [expect.stringMatching(/^2 challenger\(s\) in a row were rejected/)],
    ]);
    expect((await world.decide()).decision).toBe('retrain');
    expect(new Set(world.started.map(({ name }) => name)).size).toBe(3);
  });

  test('calls people when three retrainings in seven days did not help', async () => {
    const world = await retrainingWorld();
    for (const id of ['one', 'two', 'three']) {
      await world.ask(`try ${id}`, id);
      await world.endRun('failed');
    }

    const fourth = await world.ask('once more', 'four');
    await world.decide();
    await world.passHours(24 * 7);
    const later = await world.decide();

    expect(fourth).toMatchObject({
      decision: 'page',
      because: [expect.stringContaining('at most 3 in 7 days')],
    });
    expect(new Set(world.messages.map(({ id }) => id)).size).toBe(1);
    expect(later.decision).toBe('retrain');
  });

  test('is not moved by an alarm that rings on about the champion before', async () => {
    const world = await drifting();
    await world.decide();
    await world.endRun('succeeded');
    await world.newData();
    await world.passHours(73);

    const before = await world.decide();
    await world.drift();
    const after = await world.decide();

    expect(before).toMatchObject({ because: ['nothing asks for a new model'] });
    expect(after).toMatchObject({ decision: 'retrain', because: [expect.stringContaining('version 2')] });
  });
});
