import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { freezeGoldenSet } from '../../lambdas/freeze-golden-set.ts';
import { temporaryFolder } from '../support/index.ts';
import { csv, lampSpec, lamps, laptopForTests } from './support/index.ts';

const serving = async (rows: number, changes: object = {}) => {
  const home = await laptopForTests();
  await home.drop('lamps/model.json', lampSpec({ approval: { policy: 'automatic' }, ...changes }));
  await home.drop('lamps/monday.csv', csv(lamps(rows)));
  await home.drop('lamps/monday._SUCCESS', '');
  const run = await home.endOfRun('lamps');
  return { home, run, registry: home.laptop.registry };
};

const byAda = { model: 'lamps', by: 'ada', why: 'checked by hand' } as const;

test('the first version that serves leaves the model a golden set of its test rows, once', async () => {
  const { home, run, registry } = await serving(1600);

  const [set, ...others] = await registry.listGoldenSets('lamps');

  expect(others).toEqual([]);
  const dataset = await registry.findDataset('lamps', run.datasetVersion ?? '');
  expect(set).toMatchObject({
    revision: 1,
    rows: dataset?.rows.test,
    from: { kind: 'test-rows', of: run.datasetVersion },
    by: 'millrace',
    why: 'frozen with version 1',
  });
  expect((set?.label.yes ?? 0) + (set?.label.no ?? 0)).toBeCloseTo(1, 12);
  expect(await home.readJson('golden/lamps/1/manifest.json')).toMatchObject({
    sha256: set?.sha256,
    revision: 1,
  });
  expect(await home.actions('lamps')).toContain('golden-set-frozen');
});

test('a person freezes a file, read as the model reads its data, and refreshes it with a reason', async () => {
  const folder = temporaryFolder();
  const { home, registry } = await serving(300);
  const drop = async (name: string, text: string) => {
    await writeFile(path.join(folder.path, name), text);
    return path.join(folder.path, name);
  };
  const file = await drop('checked.csv', csv(lamps(250, 5000)));
  await expect(freezeGoldenSet({ ...byAda, action: 'refresh' }, home.laptop)).rejects.toMatchObject({
    name: 'GOLDEN_SET_MISSING',
  });

  const first = await freezeGoldenSet({ ...byAda, action: 'freeze', filePath: file }, home.laptop);
  await expect(
    freezeGoldenSet({ ...byAda, action: 'freeze', filePath: file }, home.laptop),
  ).rejects.toMatchObject({ name: 'GOLDEN_SET_EXISTS' });
  const newer = await drop('newer.csv', csv(lamps(240, 9000)));
  await freezeGoldenSet({ ...byAda, action: 'refresh', filePath: newer, why: 'new lamps' }, home.laptop);

  expect(first).toMatchObject({
    revision: 1,
    rows: 250,
    from: { kind: 'file', of: 'checked.csv' },
    by: 'ada',
  });
  expect(await registry.latestGoldenSet('lamps')).toMatchObject({ revision: 2, rows: 240, why: 'new lamps' });
  expect((await home.actions('lamps')).slice(-2)).toEqual(['golden-set-frozen', 'golden-set-refreshed']);
  folder.remove();
});

test('what cannot be a golden set is refused, each with its reason, and nothing is kept of it', async () => {
  const folder = temporaryFolder();
  const { home, registry } = await serving(300);
  const freeze = async (text?: string) => {
    const filePath = path.join(folder.path, 'golden.csv');
    if (text !== undefined) await writeFile(filePath, text);
    const given = text === undefined ? {} : { filePath };
    return freezeGoldenSet({ ...byAda, action: 'freeze', ...given }, home.laptop);
  };
  const without = (name: string) =>
    csv(lamps(250).map((lamp) => Object.fromEntries(Object.entries(lamp).filter(([key]) => key !== name))));

  // Three hundred rows have too few test rows, so that none was frozen with version 1 either.
  expect(await registry.latestGoldenSet('lamps')).toBeUndefined();
  await expect(freeze()).rejects.toMatchObject({
    name: 'GOLDEN_SET_UNFIT',
    message: expect.stringMatching(/^the test part gives \d+ rows .* expected 200 to 100000 rows/),
  });
  await expect(freeze(without('hours'))).rejects.toMatchObject({ name: 'COLUMN_MISSING' });
  await expect(freeze(without('broken'))).rejects.toMatchObject({ name: 'TARGET_MISSING' });
  await expect(freeze(csv(lamps(199)))).rejects.toMatchObject({ name: 'GOLDEN_SET_UNFIT' });
  const oneClass = lamps(250).map((lamp) => ({ ...lamp, broken: 'yes' }));
  await expect(freeze(csv(oneClass))).rejects.toThrow('of one class ("yes")');
  const shouted = lamps(250).map((lamp) => ({ ...lamp, broken: lamp.broken.toUpperCase() }));
  await expect(freeze(csv(shouted))).rejects.toMatchObject({
    name: 'GOLDEN_SET_UNFIT',
    message: expect.stringContaining('classes "NO", "YES"; expected those of the data: "no", "yes"'),
  });
  expect(await registry.latestGoldenSet('lamps')).toBeUndefined();
  folder.remove();
});
