import { describe, expect, onTestFinished, test } from 'vitest';
import { readDataGate, writeDataGate } from '../../../lambdas/data-gate.ts';
import { goldenTable } from '../../../lambdas/evaluate-model/same-rows.ts';
import { localStores } from '../../support/index.ts';

const run = { model: 'lamps', runId: 'run-1' };
const row = (verdict: 'pass' | 'fail') =>
  ({ gate: 'G0', subject: 'rows', numbers: {}, limit: null, verdict, because: verdict }) as const;

describe('what G0 said of the rows of a run', () => {
  test('is that of the dataset it trains on, also where it was put together twice', async () => {
    const { objects, remove } = localStores();
    onTestFinished(remove);
    const first = { rows: [row('fail')] };
    const second = { rows: [row('pass')], datasetVersion: 'd2', goldenRevision: 3 };

    await writeDataGate(run, first, { objects });
    await writeDataGate(run, second, { objects });
    await writeDataGate(run, second, { objects });

    expect(await readDataGate(run, 'd2', { objects })).toEqual(second);
    expect(await readDataGate(run, 'd1', { objects })).toBeUndefined();
    expect((await objects.list('runs/lamps/run-1/')).objects.map(({ key }) => key)).toEqual([
      'runs/lamps/run-1/data-gate.2.json',
      'runs/lamps/run-1/data-gate.json',
    ]);
  });

  test('says which golden set was kept from training: one frozen since judges nothing', async () => {
    const registry = { latestGoldenSet: async () => ({ revision: 2 }) };
    const services = { registry } as unknown as Parameters<typeof goldenTable>[4];
    const table = (heldBack: number | undefined) =>
      goldenTable('lamps', '/nowhere', {} as Parameters<typeof goldenTable>[2], heldBack, services);

    for (const heldBack of [1, undefined])
      expect(await table(heldBack)).toEqual({
        because: expect.stringContaining('revision 2 of the golden set was frozen after these rows'),
      });
  });
});
