import { describe, expect, test } from 'vitest';
import { run as decideRetraining } from '../../lambdas/decide-retraining/handler.ts';
import { csv, eventually, lampSpec, lamps, laptopForTests } from './support/index.ts';

const automatic = { approval: { policy: 'automatic' } };

describe('more data for a model that serves', () => {
  test('the same content again, under its own or another name, starts nothing and says so', async () => {
    const home = await laptopForTests();
    const monday = csv(lamps(200));
    await home.drop('lamps/model.json', lampSpec(automatic));
    await home.drop('lamps/monday.csv', monday);
    await home.drop('lamps/monday._SUCCESS', '');
    await home.endOfRun('lamps');

    await home.drop('lamps/monday.csv', monday);
    await home.drop('lamps/copy-of-monday.csv', monday);
    await home.drop('lamps/again._SUCCESS', '');

    const note = await eventually('a note', async () =>
      home.messages('lamps').find(({ kind }) => kind === 'note'),
    );
    expect(note).toMatchObject({ subject: 'Nothing new arrived' });
    expect(await home.runsOf('lamps')).toHaveLength(1);
    expect((await home.actions('lamps')).filter((action) => action === 'batch-known')).toHaveLength(1);
  });

  test('the same content under a changed model.json is trained on again', async () => {
    const home = await laptopForTests();
    const monday = csv(lamps(200));
    await home.drop('lamps/model.json', lampSpec());
    await home.drop('lamps/monday.csv', monday);
    await home.drop('lamps/monday._SUCCESS', '');
    const first = await home.approve('lamps');

    await home.drop(
      'lamps/model.json',
      lampSpec({ trainer: { kind: 'linear', l2: 20 }, gates: { maxChampionLoss: 1 } }),
    );
    await eventually('the second revision', async () => (await home.laptop.registry.listSpecs('lamps'))[1]);
    await home.drop('lamps/monday.csv', monday);
    await home.drop('lamps/again._SUCCESS', '');
    const second = await home.approve('lamps', 2);

    expect(second).toMatchObject({ status: 'succeeded', specRevision: 2, parameters: { l2: 20 } });
    expect(second.datasetVersion).toBe(first.datasetVersion);
    expect(second.artifactSha256).not.toBe(first.artifactSha256);
  });

  test('new rows join the old ones, the challenger is held against the champion, and a roll-back answers within five seconds', async () => {
    const home = await laptopForTests();
    const { registry } = home.laptop;
    await home.drop('lamps/model.json', lampSpec({ gates: { maxChampionLoss: 1 } }));
    await home.drop('lamps/monday.csv', csv(lamps(200)));
    await home.drop('lamps/monday._SUCCESS', '');
    await home.approve('lamps');
    const lamp = { hours: 10, age: 3, site: 'north' };
    expect((await home.predict('lamps', lamp)).body.version).toBe(1);

    await home.drop('lamps/tuesday.csv', csv(lamps(150, 200)));
    await home.drop('lamps/tuesday._SUCCESS', '');
    const run = await home.approve('lamps', 2);

    expect(run).toMatchObject({ status: 'succeeded', modelVersion: 2 });
    const dataset = await registry.findDataset('lamps', run.datasetVersion ?? '');
    expect(dataset?.sources).toHaveLength(2);
    expect(dataset?.rows.read).toBe(350);
    const metrics = await home.readJson('models/lamps/2/metrics.json');
    expect(metrics.champion).toMatchObject({ version: 1 });
    const lineage = await home.readJson('models/lamps/2/lineage.json');
    expect(lineage.comparedWith).toMatchObject({ version: 1 });
    expect(await registry.getRoute('lamps')).toMatchObject({ champion: 2, previousChampion: 1 });
    home.passServingTime(5000);
    expect((await home.predict('lamps', lamp)).body.version).toBe(2);

    await registry.rollBack({ model: 'lamps', by: 'Ada', reason: 'complaints' });
    home.passServingTime(4000);
    expect((await home.predict('lamps', lamp)).body.version).toBe(2);
    home.passServingTime(1000);
    expect((await home.predict('lamps', lamp)).body.version).toBe(1);
  });

  test('two files in quick succession are both trained on, one run after the other', async () => {
    const home = await laptopForTests();
    await home.drop('lamps/model.json', lampSpec({ gates: { maxChampionLoss: 1 } }));
    await home.drop('lamps/monday.csv', csv(lamps(200)));
    await home.drop('lamps/monday._SUCCESS', '');
    await home.approve('lamps');
    await home.drop('lamps/tuesday.csv', csv(lamps(150, 200)));
    await home.drop('lamps/tuesday._SUCCESS', '');
    const { runId } = await home.question('lamps', 2);
    for (const [place, day] of ['wednesday', 'thursday'].entries()) {
      await home.drop(`lamps/${day}.csv`, csv(lamps(100, 350 + place * 100)));
      await home.drop(`lamps/${day}._SUCCESS`, '');
      await eventually(`${day} to wait`, async () => {
        const notes = home.messages('lamps').filter(({ subject }) => subject === 'New data waits');
        return notes.length > place && notes.every(({ text }) => text.includes(runId)) ? true : undefined;
      });
    }
    expect(await home.runsOf('lamps')).toHaveLength(2);

    await home.approve('lamps', 2);
    await decideRetraining({}, home.laptop);
    const run = await home.approve('lamps', 3);

    expect(run).toMatchObject({ status: 'succeeded', modelVersion: 3, trigger: { kind: 'new-data' } });
    const dataset = await home.laptop.registry.findDataset('lamps', run.datasetVersion ?? '');
    expect(dataset?.rows.read).toBe(550);
    expect(await home.runsOf('lamps')).toHaveLength(3);
    expect(home.faults).toEqual([]);
  });

  test('rows of a refused batch never join the data of a later run', async () => {
    const home = await laptopForTests();
    await home.drop('lamps/model.json', lampSpec({ gates: { maxChampionLoss: 1 } }));
    await home.drop('lamps/monday.csv', csv(lamps(200)));
    await home.drop('lamps/monday._SUCCESS', '');
    await home.approve('lamps');
    const broken = lamps(200, 200).map((lamp) => ({ ...lamp, broken: '' }));
    await home.drop('lamps/tuesday.csv', csv(broken));
    await home.drop('lamps/tuesday._SUCCESS', '');
    expect(await home.endOfRun('lamps', 2)).toMatchObject({ status: 'refused' });

    await home.drop('lamps/wednesday.csv', csv(lamps(200, 400)));
    await home.drop('lamps/wednesday._SUCCESS', '');
    const run = await home.approve('lamps', 3);

    expect(run).toMatchObject({ status: 'succeeded', modelVersion: 2 });
    const dataset = await home.laptop.registry.findDataset('lamps', run.datasetVersion ?? '');
    expect(dataset?.rows.read).toBe(400);
  });

  test('a window of one batch forgets the batches before', async () => {
    const home = await laptopForTests();
    const window = { dataWindow: { batches: 1 }, gates: { maxChampionLoss: 1 } };
    await home.drop('lamps/model.json', lampSpec({ ...automatic, ...window }));
    for (const [place, day] of ['monday', 'tuesday'].entries()) {
      await home.drop(`lamps/${day}.csv`, csv(lamps(200, place * 200)));
      await home.drop(`lamps/${day}._SUCCESS`, '');
      await home.endOfRun('lamps', place + 1);
    }

    const [newest] = await home.runsOf('lamps');

    const dataset = await home.laptop.registry.findDataset('lamps', newest?.datasetVersion ?? '');
    expect(dataset?.rows.read).toBe(200);
    expect(dataset?.sources).toHaveLength(1);
  });

  test.each(['manual', 'automatic'])(
    'a champion that cannot answer the new rows leaves the decision to a person, under the %s policy',
    async (policy) => {
      const home = await laptopForTests();
      await home.drop('lamps/model.json', lampSpec(automatic));
      await home.drop('lamps/monday.csv', csv(lamps(200)));
      await home.drop('lamps/monday._SUCCESS', '');
      await home.endOfRun('lamps');

      await home.drop('lamps/model.json', lampSpec({ approval: { policy }, columns: { site: 'ignore' } }));
      await eventually('the second revision', async () => (await home.laptop.registry.listSpecs('lamps'))[1]);
      await home.drop('lamps/tuesday.csv', csv(lamps(150, 200)));
      await home.drop('lamps/tuesday._SUCCESS', '');

      const reason = 'it needs the column "site", which the test rows do not have';
      if (policy === 'automatic') {
        const run = await home.endOfRun('lamps', 2);
        expect(run).toMatchObject({ status: 'rejected', outcome: expect.stringContaining(reason) });
        return;
      }
      const question = await home.question('lamps', 2);
      expect(question.summary).toContain('could not be judged by every gate');
      expect(question.summary).toContain(reason);
      await home.approve('lamps', 2);
      expect(await home.endOfRun('lamps', 2)).toMatchObject({ status: 'succeeded', modelVersion: 2 });
    },
  );
});
