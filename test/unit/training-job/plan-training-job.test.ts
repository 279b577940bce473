import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ModelSpec, type TrainerSpec } from '../../../lib/domain/model-spec/index.ts';
import {
  jobTimeoutSeconds,
  type PlannedRun,
  planTrainingJob,
  type TrainingJobs,
  trainingJobName,
  xgboostImageAccounts,
  xgboostImageIn,
} from '../../../lib/domain/training-job/index.ts';

const trainerOf = (trainer: object): TrainerSpec =>
  ModelSpec.parse({ name: 'lamps', task: 'binary', target: 'broken', trainer }).trainer;

const image = '123456789012.dkr.ecr.eu-central-1.amazonaws.com/mine:1';
const jobs: TrainingJobs = {
  stage: 'dev',
  region: 'eu-central-1',
  roleArn: 'arn:aws:iam::123456789012:role/training',
  dataBucket: 'data-bucket',
  artifactBucket: 'artifact-bucket',
  trainerImage: '123456789012.dkr.ecr.eu-central-1.amazonaws.com/trainer:1',
};

const runOf = (trainer: object, target: Partial<PlannedRun['target']> = {}): PlannedRun => ({
  model: 'lamps',
  runId: 'run-7',
  datasetVersion: 'd7',
  trainer: trainerOf(trainer),
  target: { task: 'binary', hasValidation: true, ...target },
});

const uris = (run: PlannedRun) =>
  planTrainingJob(run, jobs).InputDataConfig.map((channel) => [
    channel.ChannelName,
    channel.ContentType,
    channel.DataSource.S3DataSource.S3Uri,
    channel.DataSource.S3DataSource.S3DataDistributionType,
  ]);

describe('a training job of the built-in XGBoost', () => {
  it('is asked for in the words of XGBoost, all as text, and nothing else', () => {
    const job = planTrainingJob(runOf({ kind: 'xgboost', learningRate: 0.05, l1: 0.5 }), jobs);

    expect(job.HyperParameters).toEqual({
      num_round: '300',
      eta: '0.05',
      max_depth: '6',
      min_child_weight: '1',
      lambda: '1',
      alpha: '0.5',
      gamma: '0',
      subsample: '1',
      colsample_bytree: '1',
      tree_method: 'hist',
      max_bin: '256',
      seed: '7',
      early_stopping_rounds: '20',
      objective: 'binary:logistic',
      eval_metric: 'logloss',
      save_model_on_termination: 'true',
    });
    expect(job.AlgorithmSpecification).toEqual({
      TrainingImage: '492215442770.dkr.ecr.eu-central-1.amazonaws.com/sagemaker-xgboost:3.0-5',
      TrainingInputMode: 'File',
    });
  });

  it('names classes and metric by task, and stops early only where something can tell when', () => {
    const parameters = (target: Partial<PlannedRun['target']>) =>
      planTrainingJob(runOf({ kind: 'xgboost' }, target), jobs).HyperParameters;

    expect(parameters({ task: 'multiclass', classes: 4 })).toMatchObject({
      objective: 'multi:softprob',
      num_class: '4',
      eval_metric: 'mlogloss',
    });
    expect(parameters({ task: 'regression' })).toMatchObject({
      objective: 'reg:squarederror',
      eval_metric: 'rmse',
    });
    expect(parameters({ hasValidation: false })).not.toHaveProperty('early_stopping_rounds');
  });

  it('reads the matrices staged for its run, dealt out among several machines', () => {
    const staged = 's3://artifact-bucket/runs/lamps/run-7/job';
    expect(uris(runOf({ kind: 'xgboost' }))).toEqual([
      ['train', 'application/x-parquet', `${staged}/train/`, 'FullyReplicated'],
      ['validation', 'application/x-parquet', `${staged}/validation/`, 'FullyReplicated'],
    ]);
    expect(
      uris(runOf({ kind: 'xgboost', sagemaker: { instanceCount: 3 } }, { hasValidation: false })),
    ).toEqual([['train', 'application/x-parquet', `${staged}/train/`, 'ShardedByS3Key']]);
  });

  it('uses spot machines with checkpoints and limits, unless told otherwise', () => {
    const spot = planTrainingJob(runOf({ kind: 'xgboost' }), jobs);
    const whole = planTrainingJob(
      runOf({ kind: 'xgboost', sagemaker: { spot: false, maxRuntimeSeconds: 600 } }),
      jobs,
    );

    expect(spot).toMatchObject({
      EnableManagedSpotTraining: true,
      StoppingCondition: { MaxRuntimeInSeconds: 14_400, MaxWaitTimeInSeconds: 28_800 },
      CheckpointConfig: {
        S3Uri: 's3://artifact-bucket/runs/lamps/run-7/job/checkpoints',
        LocalPath: '/opt/ml/checkpoints',
      },
    });
    expect(whole).toMatchObject({
      EnableManagedSpotTraining: false,
      StoppingCondition: { MaxRuntimeInSeconds: 600 },
    });
    expect(whole).not.toHaveProperty('CheckpointConfig');
    expect(whole.StoppingCondition).not.toHaveProperty('MaxWaitTimeInSeconds');
    expect(jobTimeoutSeconds(trainerOf({ kind: 'xgboost' }))).toBeGreaterThan(28_800);
  });

  it('is closed off from the network, tagged, and writes into its run’s own folder', () => {
    const job = planTrainingJob(runOf({ kind: 'xgboost', sagemaker: { instanceCount: 2, volumeGb: 50 } }), {
      ...jobs,
      keyArn: 'arn:aws:kms:eu-central-1:123456789012:key/k',
    });

    expect(job).toMatchObject({
      RoleArn: jobs.roleArn,
      EnableNetworkIsolation: true,
      EnableInterContainerTrafficEncryption: true,
      ResourceConfig: { InstanceType: 'ml.m5.xlarge', InstanceCount: 2, VolumeSizeInGB: 50 },
      OutputDataConfig: {
        S3OutputPath: 's3://artifact-bucket/runs/lamps/run-7/job/output',
        KmsKeyId: 'arn:aws:kms:eu-central-1:123456789012:key/k',
      },
      Tags: [
        { Key: 'millrace:stage', Value: 'dev' },
        { Key: 'millrace:model', Value: 'lamps' },
        { Key: 'millrace:run', Value: 'run-7' },
      ],
    });
  });

  it('has an image in every region we know, and an error that names them in any other', () => {
    for (const region of Object.keys(xgboostImageAccounts))
      expect(xgboostImageIn(region)).toMatch(
        /^\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com\/sagemaker-xgboost:3\.0-5$/,
      );
    expect(() => xgboostImageIn('mars-north-1')).toThrow(
      expect.objectContaining({
        name: 'TRAINING_REGION_UNKNOWN',
        message: expect.stringContaining('eu-central-1'),
      }),
    );
  });
});

describe('a training job of a container', () => {
  it('of the user’s own gets the dataset without the test rows, its hyperparameters as they are, and the seed', () => {
    const run = runOf({
      kind: 'container',
      image,
      hyperparameters: { layers: '3' },
      metrics: { auc: 'auc=(\\S+)' },
    });
    const job = planTrainingJob(run, jobs);

    expect(uris(run)).toEqual([
      [
        'train',
        'application/x-parquet',
        's3://data-bucket/datasets/lamps/d7/train.parquet',
        'FullyReplicated',
      ],
      [
        'validation',
        'application/x-parquet',
        's3://data-bucket/datasets/lamps/d7/validation.parquet',
        'FullyReplicated',
      ],
      ['spec', 'application/json', 's3://artifact-bucket/runs/lamps/run-7/job/spec/', 'FullyReplicated'],
    ]);
    expect(job.HyperParameters).toEqual({ layers: '3' });
    expect(job.Environment).toEqual({
      MILLRACE_MODEL: 'lamps',
      MILLRACE_RUN_ID: 'run-7',
      MILLRACE_SEED: '7',
    });
    expect(job.AlgorithmSpecification).toMatchObject({
      TrainingImage: image,
      MetricDefinitions: [{ Name: 'auc', Regex: 'auc=(\\S+)' }],
    });
    expect(job.EnableNetworkIsolation).toBe(true);
    expect(
      planTrainingJob(runOf({ kind: 'container', image, hasNetwork: true }), jobs).EnableNetworkIsolation,
    ).toBe(false);
  });

  it('with our trainer reads the same channels on one machine, and its losses are metrics', () => {
    const run = runOf({ kind: 'boosted-trees' });
    const job = planTrainingJob(run, jobs);

    expect(uris(run).map(([name]) => name)).toEqual(['train', 'validation', 'spec']);
    expect(job.ResourceConfig.InstanceCount).toBe(1);
    expect(job.AlgorithmSpecification.TrainingImage).toBe(jobs.trainerImage);
    const [regex] = job.AlgorithmSpecification.MetricDefinitions ?? [];
    expect(new RegExp(regex?.Regex ?? '').exec('train:loss=0.125')?.[1]).toBe('0.125');
  });
});

describe('the name of a training job', () => {
  it('is the same for a run, another for another, and one SageMaker takes with an attempt behind it', () => {
    const name = fc
      .stringMatching(/^[a-z][a-z0-9]*(-[a-z0-9]+){0,5}$/)
      .map((text) => text.slice(0, 63).replace(/-$/, ''));
    const stage = fc.stringMatching(/^[a-z][a-z0-9]{0,15}$/);
    fc.assert(
      fc.property(stage, name, fc.uuid(), fc.uuid(), (stageName, model, one, other) => {
        const first = trainingJobName({ stage: stageName, model, runId: one });

        expect(`${first}-9999`).toMatch(/^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/);
        expect(trainingJobName({ stage: stageName, model, runId: one })).toBe(first);
        expect(trainingJobName({ stage: stageName, model, runId: other }) === first).toBe(one === other);
      }),
      { seed: 42 },
    );
  });
});

describe('what a state passes on', () => {
  it('stays under 256 KiB for the largest container a spec may name', () => {
    const many = (count: number, value: string) =>
      Object.fromEntries(Array.from({ length: count }, (_, at) => [`${at}`.padEnd(40, 'n'), value]));
    const run = runOf({
      kind: 'container',
      image,
      hyperparameters: many(100, '漢'.repeat(460)),
      metrics: many(40, '漢'.repeat(500)),
    });

    expect(Buffer.byteLength(JSON.stringify(planTrainingJob(run, jobs)))).toBeLessThan(240 * 1024);
  });
});
