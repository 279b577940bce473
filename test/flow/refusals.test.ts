import { describe, expect, test } from 'vitest';
import { csv, lampSpec, lamps, laptopForTests, noisyLamps, type TestLaptop } from './support/index.ts';

const drop = async (home: TestLaptop, file: string, content: string | Uint8Array, changes: object = {}) => {
  await home.drop('lamps/model.json', lampSpec({ approval: { policy: 'automatic' }, ...changes }));
  await home.drop(`lamps/${file}`, content);
  await home.drop(`lamps/${file}._SUCCESS`, '');
};

const good = csv(lamps(200));
const header = 'hours,age,site,broken\n';
const without = (name: string, rows: readonly object[]) =>
  rows.map((row) => Object.fromEntries(Object.entries(row).filter(([column]) => column !== name)));

describe('data that is not fit to train on', () => {
  test.each<[string, string, string | Uint8Array, object, RegExp]>([
    ['an empty file', 'monday.csv', '', {}, /empty|no rows|header/i],
    ['a header and nothing else', 'monday.csv', header, {}, /row/],
    [
      'a tenth of the rows without a label',
      'monday.csv',
      csv(lamps(200).map((lamp, at) => (at % 10 === 0 ? { ...lamp, broken: '' } : lamp))),
      {},
      /10(\.0)? ?%/,
    ],
    [
      'one class in the target',
      'monday.csv',
      csv(lamps(200).map((lamp) => ({ ...lamp, broken: 'no' }))),
      {},
      /class/,
    ],
    ['a format nobody reads', 'monday.xlsx', 'PK\u0003\u0004', {}, /monday\.xlsx/],
    [
      'text that is not UTF-8',
      'monday.csv',
      Buffer.from(good.replaceAll('north', 'nördlich'), 'latin1'),
      {},
      /UTF-8/,
    ],
    ['no target column', 'monday.csv', csv(without('broken', lamps(200))), {}, /broken/],
    [
      'a label expression that reads a file',
      'monday.csv',
      good,
      { target: { sql: "(SELECT count(*) FROM read_text('/etc/passwd')) > 0" } },
      /expression|SELECT|read_text/i,
    ],
    [
      'a label expression with a second statement',
      'monday.csv',
      good,
      { target: { sql: "hours > 5); COPY (SELECT 1) TO '/tmp/stolen.csv'; --" } },
      /expression/i,
    ],
    [
      'a file that is not what its name says',
      'monday.parquet',
      good,
      {},
      /^incoming\/lamps\/monday\.parquet does not begin as Parquet/,
    ],
    ['too few rows', 'monday.csv', csv(lamps(20)), {}, /20/],
  ])('%s ends as a refused run with its reason: nothing is trained, no version made', async (...story) => {
    const [, file, content, changes, reason] = story;
    const tasks: string[] = [];
    const home = await laptopForTests({ onTask: (task) => tasks.push(task) });

    await drop(home, file, content, changes);

    const run = await home.endOfRun('lamps');
    expect(run).toMatchObject({ status: 'refused', outcome: expect.stringMatching(reason) });
    expect(tasks).not.toContain('train-model');
    expect(await home.laptop.registry.listVersions('lamps')).toEqual([]);
    expect(await home.keysUnder('models/')).toEqual([]);
    expect(await home.keysUnder('runs/')).toEqual([]);
    expect(home.messages('lamps')[0]).toMatchObject({ kind: 'data-refused', text: run.outcome });
  });

  test('a column that is gone since the last dataset is refused, and the champion goes on', async () => {
    const home = await laptopForTests();
    await drop(home, 'monday.csv', good);
    await home.endOfRun('lamps');

    await drop(home, 'tuesday.csv', csv(without('age', lamps(200, 200))));

    const run = await home.endOfRun('lamps', 2);
    expect(run).toMatchObject({ status: 'refused', outcome: expect.stringContaining('age') });
    expect(await home.laptop.registry.getRoute('lamps')).toMatchObject({ champion: 1 });
    expect((await home.predict('lamps', { hours: 5, age: 3, site: 'north' })).status).toBe(200);
  });

  test('a bad export is not hidden by the good rows of the batches before', async () => {
    const home = await laptopForTests();
    await drop(home, 'monday.csv', csv(lamps(400)), { gates: { maxChampionLoss: 1 } });
    await home.endOfRun('lamps');
    const half = lamps(30, 400).map((lamp, at) => (at % 2 === 0 ? { ...lamp, broken: '' } : lamp));

    await drop(home, 'tuesday.csv', csv(half), { gates: { maxChampionLoss: 1 } });

    // 15 of 430 rows are under the limit of 5 %, 15 of the 30 new ones are not.
    const run = await home.endOfRun('lamps', 2);
    expect(run).toMatchObject({ status: 'refused', outcome: expect.stringContaining('15 of 30') });
  });

  test('few bad rows go to quarantine, and every row read is kept or quarantined', async () => {
    const home = await laptopForTests();
    const rows = lamps(200).map((lamp, at) => (at % 50 === 0 ? { ...lamp, broken: '' } : lamp));

    await drop(home, 'monday.csv', csv(rows));

    const run = await home.endOfRun('lamps');
    expect(run.status).toBe('succeeded');
    const dataset = await home.laptop.registry.findDataset('lamps', run.datasetVersion ?? '');
    expect(dataset?.rows).toMatchObject({ read: 200, kept: 196, quarantined: 4 });
    expect(await home.keysUnder('quarantine/lamps/')).toEqual([dataset?.quarantineKey]);
  });
});

describe('a model that is not good enough', () => {
  test('is registered, but neither asked about nor ever promoted', async () => {
    const home = await laptopForTests();
    const { registry } = home.laptop;

    await drop(home, 'monday.csv', csv(noisyLamps(200)), { gates: { minAuc: 0.999 } });

    const run = await home.endOfRun('lamps');
    expect(run).toMatchObject({ status: 'rejected', modelVersion: 1 });
    expect(run.outcome).toMatch(/0\.999/);
    expect(await home.keysUnder('models/lamps/1/')).toContain('models/lamps/1/report.html');
    expect(await home.actions('lamps')).not.toContain('approval-requested');
    const { revision: expectedRevision } = await registry.getRoute('lamps');
    const promotion = registry.promote({
      model: 'lamps',
      version: 1,
      expectedRevision,
      by: 'Eve',
      why: 'in a hurry',
    });
    await expect(promotion).rejects.toMatchObject({ name: 'VERSION_NOT_APPROVED' });
    expect((await home.predict('lamps', { hours: 5 })).body.error.code).toBe('NOTHING_SERVING');
  });
});
