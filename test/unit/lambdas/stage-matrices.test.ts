import { copyFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { featuresKey, requireRoomFor, stageMatrices } from '../../../lambdas/plan-training/stage-matrices.ts';
import { ModelSpec, type ResolvedSpec } from '../../../lib/domain/model-spec/index.ts';
import { penguinJob } from '../../contract/penguin-job.ts';
import { localStores } from '../../support/index.ts';

const run = { model: 'penguins', runId: 'run-1' };

/** The penguins for XGBoost, in a folder of their own for each call as each attempt has one. */
const house = async () => {
  const stores = localStores();
  onTestFinished(() => stores.remove());
  const job = await penguinJob(stores.path);
  const { spec } = job.spec;
  const resolved: ResolvedSpec = {
    ...job.spec,
    spec: ModelSpec.parse({ ...spec, trainer: { kind: 'xgboost' } }),
  };
  let attempt = 0;
  const stage = (machines = 1, changed: Partial<ResolvedSpec> = {}) => {
    attempt += 1;
    const datasetFolder = path.join(stores.path, `attempt-${attempt}`);
    mkdirSync(datasetFolder);
    for (const part of ['train', 'validation'])
      copyFileSync(
        path.join(job.datasetFolder, `${part}.parquet`),
        path.join(datasetFolder, `${part}.parquet`),
      );
    return stageMatrices(run, { resolved: { ...resolved, ...changed }, datasetFolder, machines }, stores);
  };
  const keys = async () => (await stores.objects.list('runs/')).objects.map(({ key }) => key);
  return { stores, stage, keys, resolved };
};

describe('the matrices of a training job', () => {
  test('lie in a folder a channel, beside the features they were computed with', async () => {
    const { stores, stage, keys } = await house();

    await stage();

    expect(await keys()).toEqual([
      'runs/penguins/run-1/job/features/features.json',
      'runs/penguins/run-1/job/train/rows-0.parquet',
      'runs/penguins/run-1/job/validation/rows-0.parquet',
    ]);
    const staged = JSON.parse(
      new TextDecoder().decode(await stores.objects.get(featuresKey('penguins', 'run-1'))),
    );
    expect(staged.rows.train + staged.rows.validation).toBe(344);
    expect(Object.keys(staged.matrices)).toEqual((await keys()).slice(1));
  });

  test('are a file for each machine, so that they can be dealt out', async () => {
    const { stage, keys } = await house();

    await stage(3);

    expect((await keys()).filter((key) => key.includes('/train/'))).toHaveLength(3);
    expect((await keys()).filter((key) => key.includes('/validation/'))).toHaveLength(1);
  });

  test('are found again by a second attempt, and never mixed with those of other features', async () => {
    const { stage, keys, resolved } = await house();
    await stage();
    const first = await keys();

    await stage();

    expect(await keys()).toEqual(first);
    const fewer = resolved.columns.filter(({ name }) => name !== 'mass');
    await expect(stage(1, { columns: fewer })).rejects.toMatchObject({ name: 'OBJECT_EXISTS' });
  });

  test('that would not fit into memory are refused before they are read', () => {
    expect(() => requireRoomFor(1_000_000, 30)).not.toThrow();
    expect(() => requireRoomFor(10_000_000, 100)).toThrow(
      expect.objectContaining({ name: 'TRAINING_TOO_LARGE' }),
    );
  });
});
