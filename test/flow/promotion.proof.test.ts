import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { freezeGoldenSet } from '../../lambdas/freeze-golden-set.ts';
import { manualClock, temporaryFolder } from '../support/index.ts';
import { csv, type Lamp, lampSpec, lamps, laptopForTests } from './support/index.ts';

const week = 7 * 24 * 3_600_000;

/** 0 ≤ u < 1, of a place in the stream: the same in every run. */
const chance = (place: number): number => (Math.imul(place + 1, 0x9e3779b1) >>> 0) / 2 ** 32;

/** Lamps that break the likelier the longer they have burned and the older they are, or, now, the younger. */
const aging = (count: number, from: number, isNow = false): readonly Lamp[] =>
  lamps(count, from).map((lamp, index) => {
    const age = isNow ? 52 - lamp.age : lamp.age;
    const share = 1 / (1 + Math.exp(-(lamp.hours + 12 * age - 816) / 90));
    return { ...lamp, broken: chance(from + index) < share ? 'yes' : 'no' };
  });

/** A model that serves and has seen two weeks more, like the first: what batches usually are is known. */
const watched = async () => {
  const clock = manualClock();
  const home = await laptopForTests({ clock });
  const drop = async (name: string, rows: readonly object[], count: number) => {
    await home.drop(`lamps/${name}.csv`, csv(rows));
    await home.drop(`lamps/${name}._SUCCESS`, '');
    return home.endOfRun('lamps', count).finally(() => clock.advance(week));
  };
  const spec = lampSpec({
    approval: { policy: 'automatic' },
    dataWindow: { batches: 1 },
    gates: { maxChampionLoss: 1 },
  });
  await home.drop('lamps/model.json', spec);
  expect(await drop('first', aging(3000, 0), 1)).toMatchObject({ status: 'succeeded', modelVersion: 1 });
  for (const [place, name] of ['second', 'third'].entries())
    expect(await drop(name, aging(2000, 3000 + 2000 * place), 2 + place)).toMatchObject({
      status: 'rejected',
      challengerPath: 'undecided',
    });
  return { home, drop };
};

const refresh = async (home: Awaited<ReturnType<typeof watched>>['home'], rows: readonly object[]) => {
  const folder = temporaryFolder();
  const filePath = path.join(folder.path, 'checked.csv');
  await writeFile(filePath, csv(rows));
  const request = { model: 'lamps', action: 'refresh', by: 'ada', why: 'young lamps break now' } as const;
  const set = await freezeGoldenSet({ ...request, filePath }, home.laptop);
  folder.remove();
  return set;
};

test('a better challenger of a changed world is a conflict while the golden set is old, and serves without a question once a person has refreshed it', async () => {
  const { home, drop } = await watched();
  const { registry } = home.laptop;

  const fourth = drop('fourth', aging(2000, 7000, true), 4);
  const question = await home.question('lamps', 4);
  expect(question.summary).toContain('lamps version 4 is a conflict');
  await home.reject('lamps', 4);
  expect(await fourth).toMatchObject({ status: 'rejected', challengerPath: 'conflict' });
  expect(await registry.getRoute('lamps')).toMatchObject({ champion: 1 });
  await refresh(home, aging(1000, 20_000, true));
  const run = await drop('fifth', aging(2000, 9000, true), 5);

  expect(run).toMatchObject({ status: 'succeeded', modelVersion: 5, challengerPath: 'promote' });
  const { challenger } = await home.readJson('models/lamps/5/metrics.json');
  expect(challenger).toMatchObject({
    standing: { G0: 'pass', G1: 'pass', G2: 'pass', G3: 'pass' },
    asksPerson: false,
    because: [],
  });
  expect(await registry.getRoute('lamps')).toMatchObject({ champion: 5, previousChampion: 1 });
  expect(home.messages('lamps').filter(({ kind }) => kind === 'approval-requested')).toHaveLength(1);
  expect((await home.actions('lamps')).slice(-3)).toEqual([
    'version-registered',
    'approved-automatically',
    'promoted',
  ]);
}, 90_000);
