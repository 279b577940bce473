import { describe, expect, onTestFinished, test } from 'vitest';
import { run as collectTrainingJob } from '../../../lambdas/collect-training-job/handler.ts';
import { ModelSpec } from '../../../lib/domain/model-spec/index.ts';
import { registry as registryOver } from '../../../lib/registry/index.ts';
import { resolvedPenguins } from '../../contract/penguin-job.ts';
import { localStores, tarGz, temporaryFolder } from '../../support/index.ts';

const input = {
  model: 'penguins',
  runId: 'run-1',
  jobName: 'millrace-dev-penguins-0',
  status: 'Completed',
  modelArtifact: 's3://artifacts/runs/penguins/run-1/job/output/millrace-dev-penguins-0/output/model.tar.gz',
};

/** A run of the penguins whose job has left these files. */
const house = async (files: Readonly<Record<string, string>>) => {
  const stores = localStores();
  const scratch = temporaryFolder();
  onTestFinished(() => {
    stores.remove();
    scratch.remove();
  });
  const { objects, records, clock, ids } = stores;
  const registry = registryOver({ records, clock, ids });
  const resolved = resolvedPenguins({});
  await registry.applySpec({ spec: ModelSpec.parse(resolved.spec), by: 'Ada' });
  await registry.startRun({
    runId: 'run-1',
    model: 'penguins',
    specRevision: 1,
    trigger: { kind: 'new-data', by: 'drop', why: 'files arrived' },
  });
  await registry.noteRun('run-1', { datasetVersion: 'd1' });
  await objects.putIfAbsent('datasets/penguins/d1/model.resolved.json', JSON.stringify(resolved));
  const archive = tarGz(Object.entries(files).map(([name, content]) => ({ name, content })));
  await objects.putIfAbsent(input.modelArtifact.replace('s3://artifacts/', ''), archive);
  const collect = (changes: Partial<typeof input> = {}, more: { readonly signal?: AbortSignal } = {}) =>
    collectTrainingJob(
      { ...input, ...changes },
      {
        objects,
        registry,
        clock,
        codeVersion: '1.0.0',
        withScratchFolder: (work) => work(scratch.path),
        ...more,
      },
    );
  return { collect, registry };
};

describe('collecting a training job', () => {
  test.each([
    [
      'another run',
      's3://artifacts/runs/penguins/run-2/job/output/millrace-dev-penguins-0/output/model.tar.gz',
    ],
    ['another job', 's3://artifacts/runs/penguins/run-1/job/output/other/output/model.tar.gz'],
    [
      'another file',
      's3://artifacts/runs/penguins/run-1/job/output/millrace-dev-penguins-0/output/output.tar.gz',
    ],
    ['no object', 'https://example.com/model.tar.gz'],
  ])('refuses the output of %s', async (_, modelArtifact) => {
    const { collect } = await house({});

    await expect(collect({ modelArtifact })).rejects.toMatchObject({
      name: 'TRAINING_OUTPUT_INVALID',
      message: expect.stringContaining(`names ${modelArtifact} as its output`),
    });
  });

  test('stops when its time is up, with the reason for the record of the run', async () => {
    const tooLate = new Error('it was stopped after 895 s, all the time it has');
    const { collect } = await house({});

    await expect(collect({}, { signal: AbortSignal.abort(tooLate) })).rejects.toBe(tooLate);
  });

  test('refuses a job that did not complete', async () => {
    const { collect } = await house({});

    await expect(collect({ status: 'Stopped' })).rejects.toMatchObject({
      name: 'TRAINING_JOB_FAILED',
      message: expect.stringContaining('ended as Stopped'),
    });
  });

  test.each([
    ['without a record', { 'model.onnx': 'o', 'signature.json': '{}' }, 'left no training.json'],
    [
      'with another signature',
      { 'model.onnx': 'o', 'signature.json': '{}', 'training.json': '{}' },
      'is not one of ours',
    ],
  ])('refuses what our own trainer would not leave: %s', async (_, files, reason) => {
    const { collect, registry } = await house(files);

    await expect(collect()).rejects.toMatchObject({
      name: 'TRAINING_OUTPUT_INVALID',
      message: expect.stringContaining(reason),
    });
    expect((await registry.getRun('run-1')).artifactSha256).toBeUndefined();
  });
});
