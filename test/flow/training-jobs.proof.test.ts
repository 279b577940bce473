import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openDuckDb } from '../../lib/adapters/duckdb/open-duckdb.ts';
import { inProcessTrainer } from '../../lib/adapters/training/in-process-trainer.ts';
import { trainInContainer } from '../../lib/adapters/training/train-in-container.ts';
import type { TrainingJobRequest } from '../../lib/domain/training-job/index.ts';
import type { ObjectStore } from '../../lib/ports/object-store.ts';
import { tarGz, temporaryFolder } from '../support/index.ts';
import { xgboostFile } from '../unit/training/ubjson.ts';
import {
  accountForTests,
  archiveKeyOf,
  broughtLamps,
  csv,
  keyOf,
  lampSpec,
  lamps,
  laptopForTests,
} from './support/index.ts';

type Account = Awaited<ReturnType<typeof accountForTests>>;

const data = csv(lamps(300));
const lenient = { approval: { policy: 'automatic' }, gates: { mustBeatBaseline: false } };

const dropLamps = async (account: Account, trainer: object) => {
  await account.drop('lamps/model.json', lampSpec({ ...lenient, trainer }));
  await account.drop('lamps/monday.csv', data);
  await account.drop('lamps/_SUCCESS', '');
};

const leave = (
  objects: ObjectStore,
  job: TrainingJobRequest,
  files: Readonly<Record<string, string | Uint8Array>>,
) =>
  objects.putIfAbsent(
    archiveKeyOf(job),
    tarGz(Object.entries(files).map(([name, content]) => ({ name, content }))),
  );

/** Lays every channel of a job into the folder SageMaker would. */
const layOut = async (objects: ObjectStore, job: TrainingJobRequest): Promise<string> => {
  const folder = temporaryFolder();
  onTestFinished(() => folder.remove());
  for (const { ChannelName, DataSource } of job.InputDataConfig) {
    const prefix = keyOf(DataSource.S3DataSource.S3Uri);
    const place = path.join(folder.path, 'input/data', ChannelName);
    mkdirSync(place, { recursive: true });
    for (const { key } of (await objects.list(prefix)).objects)
      await objects.download(key, path.join(place, path.basename(key)));
  }
  return folder.path;
};

/** As Step Functions fails the task of a job that failed. */
const jobFailed = (job: TrainingJobRequest, FailureReason: string): Error =>
  Object.assign(
    new Error(
      JSON.stringify({
        TrainingJobName: job.TrainingJobName,
        TrainingJobStatus: 'Failed',
        SecondaryStatus: 'Failed',
        FailureReason,
      }),
    ),
    { name: 'States.TaskFailed' },
  );

describe('training on SageMaker', () => {
  test('our own trainer in its container gives the bytes that it gives here', async () => {
    const account = await accountForTests({
      hasTrainerImage: true,
      onJob: async (job, { objects }, signal) => {
        const root = await layOut(objects, job);
        const code = await trainInContainer({ root, signal, log: () => {}, trainer: inProcessTrainer() });
        expect(code).toBe(0);
        const files = ['model.onnx', 'signature.json', 'training.json'];
        const left = files.map((name) => [name, readFileSync(path.join(root, 'model', name))]);
        await leave(objects, job, Object.fromEntries(left));
      },
    });

    await dropLamps(account, { kind: 'linear', compute: 'sagemaker' });
    const run = await account.endOfRun('lamps');

    expect(run).toMatchObject({ status: 'succeeded', trainer: 'linear', seed: 7 });
    expect(account.tasks).not.toContain('train-model');
    const [job] = account.jobs;
    expect(job?.TrainingJobName).toMatch(/^millrace-test-lamps-[0-9a-f]{16}-0$/);
    const channels = job?.InputDataConfig.map(({ ChannelName }) => ChannelName);
    expect(channels).toEqual(['train', 'validation', 'spec']);

    const home = await laptopForTests();
    await home.drop(
      'lamps/model.json',
      lampSpec({ ...lenient, trainer: { kind: 'linear', compute: 'sagemaker' } }),
    );
    await home.drop('lamps/monday.csv', data);
    await home.drop('lamps/_SUCCESS', '');
    expect((await home.endOfRun('lamps')).artifactSha256).toBe(run.artifactSha256);
  });

  test('XGBoost reads the matrix of our feature graph, and its trees serve behind that graph', async () => {
    let described: unknown;
    let counted: unknown;
    let prepared: unknown;
    const account = await accountForTests({
      onJob: async (job, { objects }) => {
        const root = await layOut(objects, job);
        const rows = path.join(root, 'input/data/train/rows-0.parquet');
        const database = await openDuckDb({ folder: root });
        const from = `read_parquet('${rows}')`;
        described = await database.rows(`SELECT column_name, column_type FROM (DESCRIBE FROM ${from})`);
        counted = await database.rows(`SELECT count(*)::INT AS n, sum(label)::INT AS broken FROM ${from}`);
        const trainKey = (await objects.list('datasets/lamps/')).objects.find(({ key }) =>
          key.endsWith('/train.parquet'),
        );
        await objects.download(trainKey?.key ?? '', path.join(root, 'train.parquet'));
        prepared = await database.rows(
          `SELECT count(*)::INT AS n, (count(*) FILTER (__target = 'yes'))::INT AS broken FROM '${root}/train.parquet'`,
        );
        database.close();
        await leave(objects, job, {
          'xgboost-model': xgboostFile({
            objective: 'binary:logistic',
            baseScore: '[5E-1]',
            numFeature: 3,
            trees: [{ feature: 0, threshold: 500, left: -1, right: 1 }],
          }),
        });
      },
    });

    await dropLamps(account, { kind: 'xgboost', rounds: 10 });
    const run = await account.endOfRun('lamps');

    expect(described).toEqual(
      ['label', 'f0', 'f1', 'f2'].map((column_name) => ({ column_name, column_type: 'FLOAT' })),
    );
    expect(counted).toEqual(prepared);
    expect(run.outcome).toBe('serving as champion');
    expect(run).toMatchObject({ trainer: 'xgboost', seed: 7, parameters: { rounds: 10, learningRate: 0.1 } });
    expect(Object.keys(run.durationsMs)).toEqual(expect.arrayContaining(['plan', 'collect', 'evaluate']));
    const training = await account.laptop.objects.get(`models/lamps/1/training.json`);
    expect(JSON.parse(new TextDecoder().decode(training))).toMatchObject({
      trainer: 'xgboost',
      writtenBy: 'XGBoost 3.0.5',
      bestRound: 1,
    });
  });

  test('a container of the user’s own that leaves model.onnx is registered, evaluated and served like any other', async () => {
    const image = '123456789012.dkr.ecr.eu-central-1.amazonaws.com/mine:1';
    const account = await accountForTests({
      onJob: async (job, { objects }) => void (await leave(objects, job, { 'model.onnx': broughtLamps() })),
    });

    await dropLamps(account, { kind: 'container', image, hyperparameters: { layers: '3' } });
    const run = await account.endOfRun('lamps');

    expect(run).toMatchObject({ status: 'succeeded', trainer: 'container', modelVersion: 1 });
    expect(account.jobs[0]?.HyperParameters).toEqual({ layers: '3' });
  });

  test('a job that fails gives its reason to the run record and to the people', async () => {
    const account = await accountForTests({
      onJob: (job) =>
        Promise.reject(jobFailed(job, 'AlgorithmError: label must be in [0,1] for logistic regression')),
    });

    await dropLamps(account, { kind: 'xgboost' });
    const run = await account.endOfRun('lamps');

    expect(run).toMatchObject({ status: 'failed', errorCode: 'TRAINING_JOB_FAILED' });
    expect(run.outcome).toContain(
      'ended as Failed: AlgorithmError: label must be in [0,1] for logistic regression',
    );
    expect(run.outcome).not.toContain('{');
    const [message] = account.messages('lamps').filter(({ kind }) => kind === 'run-failed');
    expect(message?.text).toBe(run.outcome);
  });

  test('a job that SageMaker would not create is tried again, under the same name', async () => {
    let tries = 0;
    const account = await accountForTests({
      onJob: async (job, { objects }) => {
        tries += 1;
        if (tries < 2)
          throw Object.assign(new Error('Rate exceeded'), { name: 'SageMaker.AmazonSageMakerException' });
        await leave(objects, job, { 'model.onnx': broughtLamps() });
      },
    });

    await dropLamps(account, {
      kind: 'container',
      image: '123456789012.dkr.ecr.eu-central-1.amazonaws.com/mine:1',
    });
    const run = await account.endOfRun('lamps');

    expect(run.status).toBe('succeeded');
    expect(new Set(account.jobs.map(({ TrainingJobName }) => TrainingJobName)).size).toBe(1);
  });

  test.each<[string, object, Readonly<Record<string, string | Uint8Array>>, RegExp]>([
    ['nothing', { kind: 'xgboost' }, {}, /left no xgboost-model in model\.tar\.gz/],
    [
      'a pickle',
      { kind: 'xgboost' },
      { 'xgboost-model': Uint8Array.of(0x80, 4) },
      /is a Python pickle, expected UBJSON/,
    ],
    [
      'no ONNX',
      { kind: 'container', image: '123456789012.dkr.ecr.eu-central-1.amazonaws.com/mine:1' },
      { 'model.onnx': 'text' },
      /the model\.onnx of the training job cannot be served/,
    ],
  ])('a job that leaves %s fails the run and says so', async (_, trainer, files, reason) => {
    const account = await accountForTests({
      onJob: async (job, { objects }) => void (await leave(objects, job, files)),
    });

    await dropLamps(account, trainer);
    const run = await account.endOfRun('lamps');

    expect(run).toMatchObject({ status: 'failed', errorCode: 'TRAINING_OUTPUT_INVALID' });
    expect(run.outcome).toMatch(reason);
  });

  test('stopping the execution stops waiting for the job, and nothing is collected', async () => {
    const started = Promise.withResolvers<AbortSignal>();
    const account = await accountForTests({
      onJob: (_job, _services, signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason));
          started.resolve(signal);
        }),
    });
    await dropLamps(account, { kind: 'xgboost' });
    const signal = await started.promise;
    const [run] = await account.laptop.registry.listRuns('lamps');

    await account.workflow.stop(run?.executionId ?? '', 'enough');

    await account.workflow.finished(run?.executionId ?? '');
    expect(signal.aborted).toBe(true);
    expect(account.tasks).not.toContain('collect-training-job');
  });
});

test('on a laptop a spec that asks for XGBoost ends with what to do, not with a stack', async () => {
  const home = await laptopForTests();
  await home.drop('lamps/model.json', lampSpec({ trainer: { kind: 'xgboost' } }));
  await home.drop('lamps/monday.csv', data);
  await home.drop('lamps/_SUCCESS', '');

  const run = await home.endOfRun('lamps');

  expect(run).toMatchObject({ status: 'failed', errorCode: 'TRAINER_NOT_LOCAL' });
  expect(run.outcome).toContain('set trainer.kind to "boosted-trees" or "linear"');
});
