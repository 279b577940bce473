import { describe, expect, test } from 'vitest';
import { run as decideRetraining } from '../../lambdas/decide-retraining/handler.ts';
import { reproduceRun } from '../../lib/laptop/reproduce-run.ts';
import {
  csv,
  eventually,
  type Lamp,
  lampSpec,
  lamps,
  laptopForTests,
  type TestLaptop,
} from './support/index.ts';

const settings = { approval: { policy: 'automatic' }, gates: { maxChampionLoss: 1 } };
const lamp = { hours: 10, age: 3, site: 'north' };

/** Lamps of which a third break, so that the other way round is another rate. */
const flames = (count: number, from = 0): readonly Lamp[] =>
  lamps(count, from).map((one, index) => {
    const isOdd = ((from + index) * 7) % 10 === 3;
    return { ...one, broken: one.hours > 700 !== isOdd ? 'yes' : 'no' };
  });

const dropWeek = async (home: TestLaptop, week: string, rows: readonly object[]) => {
  await home.drop(`lamps/${week}.csv`, csv(rows));
  await home.drop(`lamps/${week}._SUCCESS`, '');
};

/** A model of 3,000 lamps that serves. */
const serving = async (changes: object = {}) => {
  const home = await laptopForTests();
  await home.drop('lamps/model.json', lampSpec({ ...settings, ...changes }));
  await dropWeek(home, 'year', flames(3000));
  expect(await home.endOfRun('lamps')).toMatchObject({ status: 'succeeded', modelVersion: 1 });
  return home;
};

/** Until so many batches wait for the next retraining. */
const kept = (home: TestLaptop, count: number) =>
  eventually(`batch ${count} to be kept`, async () => {
    const said = home.messages('lamps').filter(({ subject }) => subject.includes('kept'));
    return said.length >= count || undefined;
  });

const statesOf = async (home: TestLaptop) =>
  (await home.laptop.registry.listBatchJudgements('lamps')).map(({ state }) => state);

const unitBug = (rows: readonly Lamp[]) => rows.map((one) => ({ ...one, hours: one.hours * 60 }));
const constantBug = (rows: readonly Lamp[]) => rows.map((one) => ({ ...one, hours: 500 }));
const inverted = (rows: readonly Lamp[]) =>
  rows.map((one) => ({ ...one, broken: one.broken === 'yes' ? 'no' : 'yes' }));

describe('new data beside a champion', () => {
  test('in other units, stuck at one value or with labels the wrong way round reaches no run until a person accepts it', async () => {
    const home = await serving();
    const { registry } = home.laptop;
    const weeks = [
      ['units', unitBug, 'lie outside of what validation saw'],
      ['stuck', constantBug, 'hours scores'],
      ['inverted', inverted, 'change of label rate'],
    ] as const;
    for (const [place, [week, spoil, because]] of weeks.entries()) {
      await dropWeek(home, week, spoil(flames(1200, 3000 + 1200 * place)));
      const run = await home.endOfRun('lamps', 2 + place);
      expect(run).toMatchObject({ status: 'refused', outcome: expect.stringContaining(because) });
      const gate = await home.readJson(`runs/lamps/${run.runId}/data-gate.json`);
      expect(gate.rows.some((row: { verdict: string }) => row.verdict === 'fail')).toBe(true);
    }
    expect(await statesOf(home)).toEqual(['quarantined', 'quarantined', 'quarantined', 'unjudged']);
    expect(await registry.getRoute('lamps')).toMatchObject({ champion: 1 });
    expect((await home.predict('lamps', lamp)).body.version).toBe(1);
    const batches = await registry.listBatches('lamps');
    const units = batches.at(-2)?.batchId ?? '';
    const told = home.messages('lamps').filter(({ subject }) => subject.includes('quarantine'));
    expect(told).toHaveLength(3);
    expect(told.at(-1)?.text).toContain(`millrace batches accept lamps ${units} --why`);

    await registry.acceptBatch({ model: 'lamps', batchId: units, by: 'Ada', why: 'minutes from now on' });
    await dropWeek(home, 'good', flames(1000, 6600));
    const run = await home.endOfRun('lamps', 5);

    expect(run.datasetVersion).toBeDefined();
    const dataset = await registry.findDataset('lamps', run.datasetVersion ?? '');
    const contentOf = (place: number) =>
      batches.at(place)?.arrivals.find(({ key }) => key.endsWith('.csv'))?.sha256;
    const used = dataset?.sources.map(({ sha256 }) => sha256) ?? [];
    expect(used.slice(0, 2)).toEqual([contentOf(-1), contentOf(-2)]);
    expect(used).toHaveLength(3);
    // Of 2,200 rows that are new to the champion the newest 30 % are in no other part.
    expect(dataset?.rows).toMatchObject({ read: 5200, kept: 5200, recent: 660 });
    const { train = 0, validation = 0, test: held = 0, golden = 0 } = dataset?.rows ?? {};
    expect(train + validation + held + golden).toBe(5200 - 660);
    const gate = await home.readJson(`runs/lamps/${run.runId}/data-gate.json`);
    const verdicts = gate.rows.map((row: { verdict: string; because: string }) => row);
    expect(verdicts.some(({ verdict }: { verdict: string }) => verdict === 'fail')).toBe(false);
    expect(verdicts).toContainEqual(
      expect.objectContaining({
        subject: `data quality of batch ${units}`,
        verdict: 'pass',
        because: 'accepted by Ada: minutes from now on',
      }),
    );
    expect(await reproduceRun(home.laptop, run.runId)).toMatchObject({ isSame: true });
    const actions = await home.actions('lamps');
    expect(actions.filter((action) => action.startsWith('batch-'))).toEqual([
      'batch-quarantined',
      'batch-quarantined',
      'batch-quarantined',
      'batch-accepted',
    ]);
  });

  test('is not let in by a person who asks for a retraining', async () => {
    const home = await serving({ retrain: { when: ['drift'] } });
    await dropWeek(home, 'units', unitBug(flames(1200, 3000)));
    await kept(home, 1);
    const request = { model: 'lamps', why: 'I want it newer', by: 'Ada' };

    await decideRetraining(request, home.laptop);
    expect(await home.endOfRun('lamps', 2)).toMatchObject({
      status: 'refused',
      outcome: expect.stringContaining('is in quarantine: data quality'),
    });
    await decideRetraining(request, home.laptop);

    expect(await home.endOfRun('lamps', 3)).toMatchObject({ status: 'refused' });
    expect(await statesOf(home)).toEqual(['quarantined', 'unjudged']);
    expect(home.messages('lamps').filter(({ subject }) => subject.includes('quarantine'))).toHaveLength(1);

    // Of two more weeks the good one is trained on alone.
    await dropWeek(home, 'good', flames(1000, 4200));
    await kept(home, 2);
    await dropWeek(home, 'stuck', constantBug(flames(1000, 5200)));
    await kept(home, 3);
    await decideRetraining(request, home.laptop);
    const run = await home.endOfRun('lamps', 4);
    expect(await statesOf(home)).toEqual(['quarantined', 'passed', 'quarantined', 'unjudged']);
    const dataset = await home.laptop.registry.findDataset('lamps', run.datasetVersion ?? '');
    expect(dataset?.rows).toMatchObject({ read: 4000, recent: 300 });
  });
});
