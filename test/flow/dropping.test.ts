import { rm } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { run as closeBatch } from '../../lambdas/close-batch/handler.ts';
import { run as receiveObject } from '../../lambdas/receive-object/handler.ts';
import { parseModelSpec } from '../../lib/domain/model-spec/index.ts';
import { manualClock } from '../support/index.ts';
import { csv, eventually, lampSpec, lamps, laptopForTests } from './support/index.ts';

const automatic = { approval: { policy: 'automatic' } };

describe('the drop zone', () => {
  test('data that comes before its model.json waits for it and is then picked up', async () => {
    const home = await laptopForTests();
    await home.drop('lamps/monday.csv', csv(lamps(200)));
    await home.drop('lamps/_SUCCESS', '');
    await eventually('both files to be noted', async () =>
      (await home.laptop.registry.pendingArrivals('lamps')).length === 2 ? true : undefined,
    );
    expect(await home.laptop.workflow.list({ machine: 'collect-batch' })).toEqual([]);
    const said = home.messages('lamps').map(({ subject }) => subject);
    expect(said).toContain('incoming/lamps/monday.csv waits');

    await home.drop('lamps/model.json', lampSpec(automatic));

    expect(await home.endOfRun('lamps')).toMatchObject({ status: 'succeeded' });
  });

  test('a bad model.json is refused with the place and what was expected, and the old one stays in force', async () => {
    const home = await laptopForTests();
    await home.drop('lamps/model.json', lampSpec(automatic));
    await eventually('the spec', () => home.laptop.registry.findSpec('lamps'));

    await home.drop('lamps/model.json', lampSpec({ split: { by: 'moon' } }));

    const refusal = await eventually('a refusal', async () =>
      home.messages('lamps').find(({ kind }) => kind === 'spec-refused'),
    );
    expect(refusal.subject).toBe('incoming/lamps/model.json was refused');
    expect(refusal.text).toContain('split.by');
    expect(refusal.text).toContain('"hash"');
    expect(await home.laptop.registry.findSpec('lamps')).toMatchObject({
      revision: 1,
      spec: { split: { by: 'hash' } },
    });
  });

  test('a model.json dropped before another was applied by hand does not come back with the next start', async () => {
    const home = await laptopForTests({ isWatching: false, clock: manualClock() });
    const { registry, objects } = home.laptop;
    const key = await home.drop('lamps/model.json', lampSpec(automatic));
    const head = await objects.head(key);
    if (head === undefined) throw new Error('it was dropped');
    const at = (minutes: number) => new Date(home.laptop.clock.now() + minutes * 60_000).toISOString();
    const tell = (modifiedAt: string) => receiveObject({ ...head, modifiedAt }, home.laptop);
    const inForce = async () => (await registry.getSpec('lamps')).spec.approval.policy;

    await tell(at(-5));
    const dropped = await inForce();
    await registry.applySpec({ spec: parseModelSpec(lampSpec()), by: 'ada' });
    const again = await tell(at(-5));
    const applied = await inForce();
    await tell(at(1));

    expect(again).toEqual({ outcome: 'spec-applied', change: 'unchanged' });
    expect([dropped, applied, await inForce()]).toEqual(['automatic', 'manual', 'automatic']);
  });

  test.each([
    ['text that is not JSON', '{ "name": "lamps", ', 'line'],
    ['the name of another model', lampSpec({ name: 'candles' }), 'lamps'],
    ['nothing at all', '', 'line'],
  ])('a model.json with %s is refused', async (_, text, said) => {
    const home = await laptopForTests({ isWatching: false });

    const received = await home.tell(await home.drop('lamps/model.json', text));

    expect(received).toMatchObject({
      outcome: 'spec-refused',
      because: expect.stringContaining(said),
    });
    expect(await home.laptop.registry.listModels()).toEqual([]);
  });

  test.each(['Lamps', 'lamps-', 'la mps', '..lamps', 'lamps;drop', 'löwen'])(
    'a folder "%s" cannot name a model: what lies there is refused and registers nothing',
    async (name) => {
      const home = await laptopForTests({ isWatching: false });

      const key = `incoming/${name}/model.json`;
      const received = await home.tell(await home.drop(`${name}/model.json`, lampSpec({ name })));

      expect(received).toMatchObject({ outcome: 'refused', because: expect.stringContaining(key) });
      expect(await home.laptop.registry.listModels()).toEqual([]);
    },
  );

  test('a model nobody has described answers 404, and a name with tricks in it 400', async () => {
    const home = await laptopForTests({ isWatching: false });

    expect(await home.predict('candles', { hours: 1 })).toMatchObject({
      status: 404,
      body: { error: { code: 'MODEL_UNKNOWN' } },
    });
    expect(await home.predict('..%2F..%2Fsecret', { hours: 1 })).toMatchObject({
      status: 400,
      body: { error: { code: 'MODEL_NAME_INVALID' } },
    });
    expect(home.faults).toEqual([]);
  });

  test('files that arrive one by one within the quiet period make one run', async () => {
    const clock = manualClock();
    const home = await laptopForTests({ clock, isWatching: false });
    await home.tell(await home.drop('lamps/model.json', lampSpec(automatic)));
    for (const part of [0, 1, 2]) {
      await home.tell(await home.drop(`lamps/part-${part}.csv`, csv(lamps(60, part * 60))));
      await eventually('the collection to wait', async () => {
        const [collection] = await home.laptop.workflow.list({ machine: 'collect-batch' });
        return collection?.currentState === 'Wait for more' ? true : undefined;
      });
      await clock.advance(20_000);
    }
    expect(await home.runsOf('lamps')).toEqual([]);

    await clock.advance(10_000);

    const run = await home.endOfRun('lamps');
    const dataset = await home.laptop.registry.findDataset('lamps', run.datasetVersion ?? '');
    expect(dataset?.sources).toHaveLength(3);
    expect(await home.runsOf('lamps')).toHaveLength(1);
  });

  test('_SUCCESS that comes while the quiet period runs ends it at once', async () => {
    const clock = manualClock();
    const home = await laptopForTests({ clock, isWatching: false });
    await home.tell(await home.drop('lamps/model.json', lampSpec(automatic)));
    await home.tell(await home.drop('lamps/monday.csv', csv(lamps(200))));
    await eventually('the collection to wait', async () => {
      const [collection] = await home.laptop.workflow.list({ machine: 'collect-batch' });
      return collection?.currentState === 'Wait for more' ? true : undefined;
    });

    await home.tell(await home.drop('lamps/_SUCCESS', ''));

    expect(await home.endOfRun('lamps')).toMatchObject({ status: 'succeeded' });
    await clock.advance(60_000);
    await eventually('both collections to end', async () => {
      const open = await home.laptop.workflow.list({ machine: 'collect-batch', status: 'RUNNING' });
      return open.length === 0 ? true : undefined;
    });
    expect(await home.runsOf('lamps')).toHaveLength(1);
  });

  test('a file replaced before its batch closes is trained on once, as it stands then', async () => {
    const home = await laptopForTests({ isWatching: false });
    await home.tell(await home.drop('lamps/model.json', lampSpec(automatic)));
    await home.tell(await home.drop('lamps/monday.csv', csv(lamps(80))));

    // Replaced without an event yet: the batch finds other content than arrived.
    await home.drop('lamps/monday.csv', csv(lamps(220)));
    await home.tell(await home.drop('lamps/_SUCCESS', ''));

    const run = await home.endOfRun('lamps');
    const dataset = await home.laptop.registry.findDataset('lamps', run.datasetVersion ?? '');
    expect(dataset?.rows.read).toBe(220);
    await home.tell('incoming/lamps/monday.csv');
    expect(await home.laptop.registry.pendingArrivals('lamps')).toEqual([]);
    expect(await home.runsOf('lamps')).toHaveLength(1);
  });

  test('a file taken away before its batch closes does not hold up the others', async () => {
    const home = await laptopForTests({ isWatching: false });
    await home.tell(await home.drop('lamps/model.json', lampSpec(automatic)));
    await home.tell(await home.drop('lamps/mistake.csv', csv(lamps(50, 500))));
    await home.tell(await home.drop('lamps/monday.csv', csv(lamps(200))));
    await rm(home.placeOf('incoming/lamps/mistake.csv'));

    await home.tell(await home.drop('lamps/_SUCCESS', ''));

    const run = await home.endOfRun('lamps');
    expect(run).toMatchObject({ status: 'succeeded' });
    const dataset = await home.laptop.registry.findDataset('lamps', run.datasetVersion ?? '');
    expect(dataset?.rows.read).toBe(200);
    expect(await home.laptop.registry.pendingArrivals('lamps')).toEqual([]);
    const [note] = home.messages('lamps').filter(({ kind }) => kind === 'note');
    expect(note?.text).toContain('incoming/lamps/mistake.csv');
  });

  test('a file that arrives while its batch closes is not lost but makes the next', async () => {
    const home = await laptopForTests({ isWatching: false });
    const { laptop } = home;
    await home.tell(await home.drop('lamps/model.json', lampSpec(automatic)));
    await laptop.workflow.shutdown();
    await home.tell(await home.drop('lamps/monday.csv', csv(lamps(200))));
    await home.tell(await home.drop('lamps/monday._SUCCESS', ''));
    let isLate = false;
    const objects: typeof laptop.objects = {
      ...laptop.objects,
      download: async (...request) => {
        if (!isLate) {
          isLate = true;
          await home.tell(await home.drop('lamps/tuesday.csv', csv(lamps(200, 200))));
        }
        return laptop.objects.download(...request);
      },
    };

    const closed = await closeBatch({ model: 'lamps', batchId: 'batch-1' }, { ...laptop, objects });

    expect(closed).toMatchObject({ status: 'started' });
    const [batch] = await laptop.registry.listBatches('lamps');
    expect(batch?.arrivals.map(({ key }) => key)).not.toContain('incoming/lamps/tuesday.csv');
    const pending = await laptop.registry.pendingArrivals('lamps');
    expect(pending.map(({ key }) => key)).toEqual(['incoming/lamps/tuesday.csv']);
    const waiting = await laptop.workflow.list({ machine: 'collect-batch', status: 'RUNNING' });
    expect(waiting.length).toBeGreaterThan(0);
  });

  test('an event told twice, and model.json told after the data, make one run', async () => {
    const home = await laptopForTests({ isWatching: false });
    const spec = await home.drop('lamps/model.json', lampSpec(automatic));
    const data = await home.drop('lamps/monday.csv', csv(lamps(200)));
    const done = await home.drop('lamps/_SUCCESS', '');

    for (const key of [done, data, data, done, spec, spec, data]) await home.tell(key);

    expect(await home.endOfRun('lamps')).toMatchObject({ status: 'succeeded' });
    for (const key of [data, done, spec]) await home.tell(key);
    expect(await home.runsOf('lamps')).toHaveLength(1);
    expect(await home.laptop.registry.listSpecs('lamps')).toHaveLength(1);
    expect((await home.actions('lamps')).filter((action) => action === 'spec-applied')).toHaveLength(1);
  });

  test('hidden files, as file managers leave them, are not data', async () => {
    const home = await laptopForTests({ isWatching: false });
    await home.tell(await home.drop('lamps/model.json', lampSpec(automatic)));

    const received = await home.tell(await home.drop('lamps/.DS_Store', 'x'));

    expect(received).toEqual({ outcome: 'ignored' });
    expect(await home.laptop.registry.pendingArrivals('lamps')).toEqual([]);
  });
});
