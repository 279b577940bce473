import { describe, expect, test } from 'vitest';
import { type Death, retrainingWorld } from './world.ts';

const newData = { when: ['new-data'] };

/** A model that serves and whose run on a dropped file is under way. */
const training = async (retrain: object = newData) => {
  const world = await retrainingWorld(retrain);
  const first = await world.dropped();
  return { world, first };
};

describe('new data for a model that serves', () => {
  test('starts a run at once, without cool-down or new rows enough, as the data asks for it', async () => {
    const { world, first } = await training({ when: ['new-data'], minNewRows: 1_000_000 });

    expect(first).toEqual({ status: 'started', runId: 'run-batch-000002' });
    expect((await world.runs())[0]).toMatchObject({
      batchId: 'batch-000002',
      trigger: { kind: 'new-data', by: 'drop', why: '1 file(s) arrived: day-2.csv' },
    });
    expect(world.messages).toEqual([]);
  });

  test('that comes during a run waits for its end, says so, and is then trained on together', async () => {
    const { world } = await training();
    const second = await world.dropped();
    const third = await world.dropped();
    expect(world.started).toHaveLength(1);

    await world.endRun('succeeded');
    await Promise.all(Array.from({ length: 5 }, () => world.wake({})));

    expect(second).toMatchObject({ status: 'kept', because: expect.stringContaining('run-batch-000002') });
    expect(third).toMatchObject({ status: 'kept' });
    expect(world.messages.map(({ id, subject }) => [id, subject])).toEqual([
      ['waits-batch-000003', 'New data waits'],
      ['waits-batch-000004', 'New data waits'],
    ]);
    expect(world.messages[0]?.text).toContain('`millrace reject penguins`');
    expect((await world.runs())[0]).toMatchObject({
      runId: 'run-batch-000004',
      batchId: 'batch-000004',
      otherBatchIds: ['batch-000003'],
      trigger: { kind: 'new-data', why: '1 file(s) arrived: day-3.csv; 1 file(s) arrived: day-4.csv' },
    });
    expect(world.started).toHaveLength(2);
    expect((await world.decisions()).map(({ decision }) => decision)).toEqual([
      'retrain',
      'wait',
      'wait',
      'retrain',
    ]);
  });

  test.each<Death>(['before the run is recorded', 'before the execution', 'after the execution'])(
    'has one run when the process died %s, whoever goes on',
    async (death) => {
      const world = await retrainingWorld(newData);
      world.dieNext(death);
      await expect(world.dropped()).rejects.toThrow(`died ${death}`);
      await world.wake({});
      await world.wake({});

      expect(world.started.map(({ name }) => name)).toEqual(['run-batch-000002']);
      expect((await world.signals()).filter(({ answeredBy }) => answeredBy === undefined)).toEqual([]);
    },
  );

  test('waits while retraining is paused, and has its run when that is over', async () => {
    const world = await retrainingWorld(newData);
    await world.pause(true);
    const dropped = await world.dropped();
    await world.wake({});
    expect(world.started).toEqual([]);
    await world.pause(false);
    await world.wake({});

    expect(dropped).toMatchObject({ status: 'kept', because: expect.stringContaining('paused by Ada') });
    expect(world.started).toHaveLength(1);
  });

  test('is held by no budget, and uses none of it', async () => {
    const world = await retrainingWorld({ when: ['new-data', 'drift'], coolDownHours: 0 });
    for (const id of ['one', 'two', 'three']) {
      await world.ask(`try ${id}`, id);
      await world.endRun('failed');
    }
    for (let drop = 0; drop < 5; drop += 1) {
      await world.dropped();
      await world.endRun('rejected');
    }
    expect(world.started).toHaveLength(8);

    await world.passHours(7 * 24);
    expect(await world.ask('once more', 'four')).toMatchObject({ decision: 'retrain' });
  });

  test('takes what else waits along, and a run of the monitor holds it up', async () => {
    const world = await retrainingWorld({ when: ['new-data', 'drift'] });
    await world.newData();
    await world.passHours(73);
    await world.drift();
    await world.decide();
    const dropped = await world.dropped();
    const asked = await world.ask('the price list changed', 'one');
    expect([dropped.status, asked?.decision]).toEqual(['kept', 'wait']);

    await world.endRun('rejected');
    await world.wake({});

    const [run] = await world.runs();
    expect(run).toMatchObject({ trigger: { kind: 'new-data' }, batchId: 'batch-000003' });
    expect((await world.signals()).map(({ kind, answeredBy }) => [kind, answeredBy === run?.runId])).toEqual(
      expect.arrayContaining([
        ['new-data', true],
        ['manual', true],
      ]),
    );
  });

  test('taken in together and refused, each batch has a run of its own: one may be unfit, the others not', async () => {
    const { world } = await training();
    for (let drop = 0; drop < 3; drop += 1) await world.dropped();
    await world.endRun('succeeded');
    await world.wake({});
    await world.quarantine();
    await world.endRun('refused');

    for (let turn = 0; turn < 5; turn += 1) {
      await world.wake({});
      await world.endRun('refused');
    }

    const runs = (await world.runs()).toReversed().slice(2);
    expect(runs.map(({ runId, batchId, otherBatchIds = [] }) => [runId, batchId, ...otherBatchIds])).toEqual([
      ['run-batch-000005', 'batch-000005', 'batch-000003', 'batch-000004'],
      ['run-batch-000003', 'batch-000003'],
      ['run-batch-000004', 'batch-000004'],
    ]);
  });

  test('a flood of it while a run waits for a decision is taken in by two runs, the newest batches last', async () => {
    const { world } = await training();
    for (let drop = 0; drop < 100; drop += 1) await world.dropped();
    for (let turn = 0; turn < 4; turn += 1) {
      await world.endRun('succeeded');
      await world.wake({});
    }

    const counts = (await world.runs()).map(({ otherBatchIds = [] }) => otherBatchIds.length + 1);
    expect(counts.slice(0, 3)).toEqual([10, 90, 1]);
    expect(new Set((await world.signals()).map(({ answeredBy }) => answeredBy))).not.toContain(undefined);
  });
});
