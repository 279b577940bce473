import { writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { run as evaluateModel } from '../../lambdas/evaluate-model/handler.ts';
import { freezeGoldenSet } from '../../lambdas/freeze-golden-set.ts';
import { csv, type Lamp, lampSpec, lamps, laptopForTests } from './support/index.ts';

/** A model that serves, whose model.json asks nobody and trains on the newest batch alone, unless said otherwise. */
const serving = async (more: object = {}) => {
  const home = await laptopForTests();
  const changes = {
    approval: { policy: 'automatic' },
    dataWindow: { batches: 1 },
    gates: { maxChampionLoss: 1 },
    ...more,
  };
  await home.drop('lamps/model.json', lampSpec(changes));
  await home.drop('lamps/monday.csv', csv(lamps(1600)));
  await home.drop('lamps/monday._SUCCESS', '');
  expect(await home.endOfRun('lamps')).toMatchObject({ status: 'succeeded', modelVersion: 1 });
  return home;
};

const turned = (rows: readonly Lamp[]) =>
  rows.map((lamp) => ({ ...lamp, broken: lamp.broken === 'yes' ? 'no' : 'yes' }));

test('labels turned round make a challenger that wins on new rows: a conflict, for a person even where nobody is to be asked', async () => {
  const home = await serving();

  await home.drop('lamps/tuesday.csv', csv(turned(lamps(2200, 1600))));
  await home.drop('lamps/tuesday._SUCCESS', '');
  const question = await home.question('lamps', 2);

  expect(question.summary).toMatch(
    /^lamps version 2 is a conflict: better than the champion on the newest rows/,
  );
  expect(question.summary).toContain('G1 all rows: accuracy is worse by at most');
  const { challenger } = await home.readJson('models/lamps/2/metrics.json');
  expect(challenger).toMatchObject({
    path: 'conflict',
    asksPerson: true,
    standing: { G1: 'fail', G2: 'pass' },
  });
  expect(challenger.rows.map(({ gate }: { gate: string }) => gate)).toEqual(
    expect.arrayContaining(['G0', 'G1', 'G2', 'G3']),
  );
  const page = await (await home.app.request(home.laptop.approvalUrl(question) ?? '')).text();
  expect(page).toContain('A conflict, for a person to decide');
  const run = await home.reject('lamps', 2);
  expect(run).toMatchObject({ status: 'rejected', challengerPath: 'conflict' });
  expect(await home.laptop.registry.getRoute('lamps')).toMatchObject({ champion: 1 });
});

test('labels that turned out to be wrong are learned from no more once a person has put their batch into quarantine', async () => {
  const home = await serving({ dataWindow: { batches: 4 } });
  await home.drop('lamps/tuesday.csv', csv(turned(lamps(2200, 1600))));
  await home.drop('lamps/tuesday._SUCCESS', '');
  const { batchId = '', status } = await home.endOfRun('lamps', 2);
  expect(status).toBe('rejected');

  const said = { model: 'lamps', batchId, by: 'Ada', why: 'the labels are turned round' };
  await home.laptop.registry.quarantineBatch(said);
  const refreshed = await freezeGoldenSet({ ...said, action: 'refresh' }, home.laptop);
  const versionOne = await home.laptop.registry.getVersion('lamps', 1);
  expect(refreshed.from).toEqual({ kind: 'test-rows', of: versionOne.datasetVersion });
  await home.drop('lamps/wednesday.csv', csv(lamps(1800, 3800)));
  await home.drop('lamps/wednesday._SUCCESS', '');
  const run = await home.endOfRun('lamps', 3);

  const dataset = await home.laptop.registry.findDataset('lamps', run.datasetVersion ?? '');
  expect(dataset?.rows).toMatchObject({ read: 3400, recent: 540 });
  expect(run.challengerPath).toBe('undecided');
});

test('an evaluation that is done again says what was said first, whatever would be measured by now', async () => {
  const home = await serving();
  await home.drop('lamps/tuesday.csv', csv(lamps(2200, 1600)));
  await home.drop('lamps/tuesday._SUCCESS', '');
  const { runId } = await home.endOfRun('lamps', 2);
  const key = `runs/lamps/${runId}/metrics.json`;
  const measured = await home.readJson(key);
  const first = { ...measured, challenger: { ...measured.challenger, path: 'keep-champion' } };
  await writeFile(home.placeOf(key), JSON.stringify(first));

  await evaluateModel({ model: 'lamps', runId }, home.laptop);

  expect(measured.challenger.path).toBe('undecided');
  expect(await home.readJson(key)).toEqual(first);
  expect(await home.laptop.registry.getRun(runId)).toMatchObject({
    challengerPath: 'keep-champion',
    comparedWith: 1,
  });
});

test('a challenger that nobody can tell from the champion is held with the reasons where nobody is to be asked', async () => {
  const home = await serving();

  await home.drop('lamps/tuesday.csv', csv(lamps(2200, 1600)));
  await home.drop('lamps/tuesday._SUCCESS', '');
  const run = await home.endOfRun('lamps', 2);

  expect(run).toMatchObject({ status: 'rejected', challengerPath: 'undecided' });
  expect(run.outcome).toContain('G0 rows: the usual number of rows is unknown');
  expect(run.outcome).toMatch(/G2 accuracy: the models disagree on \d+ rows, 25 are needed to tell/);
  expect(await home.laptop.registry.listPendingApprovals({ model: 'lamps' })).toEqual([]);
  expect(await home.laptop.registry.getRoute('lamps')).toMatchObject({ champion: 1 });
});
