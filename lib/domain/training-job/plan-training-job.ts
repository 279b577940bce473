import { tagsOf } from '../../wire/names.ts';
import { objectKeys } from '../../wire/object-keys.ts';
import type { TrainerSpec } from '../model-spec/index.ts';
import { xgboostImageIn } from './built-in-images.ts';
import { trainingJobName } from './job-name.ts';
import { type TrainingChannel, type TrainingJobRequest, trainingChannel } from './training-job-request.ts';
import type { TrainingJobs } from './training-jobs.ts';
import { type XgboostTask, xgboostHyperparameters } from './xgboost-hyperparameters.ts';

export interface PlannedRun {
  readonly model: string;
  readonly runId: string;
  readonly datasetVersion: string;
  readonly trainer: TrainerSpec;
  readonly target: XgboostTask;
}

/** A Parquet file is dealt out, or read, whole. */
export const parquetType = 'application/x-parquet';

/** SageMaker appends "/<job>/output/model.tar.gz" to a folder it writes to: a slash at its end would make two. */
const folderUri = (bucket: string, folder: string): string => `s3://${bucket}/${folder.replace(/\/$/, '')}`;

const channelsOf = (run: PlannedRun, jobs: TrainingJobs): readonly TrainingChannel[] => {
  const { model, runId, datasetVersion, trainer, target } = run;
  const parts = ['train', ...(target.hasValidation ? ['validation'] : [])] as ('train' | 'validation')[];
  if (trainer.kind === 'xgboost')
    return parts.map((part) =>
      trainingChannel({
        name: part,
        contentType: parquetType,
        uri: `s3://${jobs.artifactBucket}/${objectKeys.jobFolder(model, runId, part)}`,
        isDealtOut: part === 'train' && trainer.sagemaker.instanceCount > 1,
      }),
    );
  // Each file by its whole key: the test part lies in the same folder and is none of the trainer's business.
  return [
    ...(['train', 'validation'] as const).map((part) =>
      trainingChannel({
        name: part,
        contentType: parquetType,
        uri: `s3://${jobs.dataBucket}/${objectKeys.dataset(model, datasetVersion, `${part}.parquet`)}`,
      }),
    ),
    trainingChannel({
      name: 'spec',
      contentType: 'application/json',
      uri: `s3://${jobs.artifactBucket}/${objectKeys.jobFolder(model, runId, 'spec')}`,
    }),
  ];
};

const environmentOf = ({ model, runId, trainer }: PlannedRun): Readonly<Record<string, string>> => ({
  MILLRACE_MODEL: model,
  MILLRACE_RUN_ID: runId,
  MILLRACE_SEED: String(trainer.seed),
});

/** What our own trainer prints at its end; see containers/trainer. */
const ownMetrics = ['train', 'validation'].map((part) => ({
  Name: `${part}:loss`,
  Regex: `${part}:loss=(\\S+)`,
}));

/** Image, hyperparameters and metrics of each kind. SageMaker knows the metrics of its own images and refuses to be told. */
const algorithmOf = (
  { trainer, target }: PlannedRun,
  { region, trainerImage = '' }: TrainingJobs,
): Pick<TrainingJobRequest, 'AlgorithmSpecification' | 'HyperParameters'> => {
  switch (trainer.kind) {
    case 'xgboost':
      return {
        AlgorithmSpecification: { TrainingImage: xgboostImageIn(region), TrainingInputMode: 'File' },
        HyperParameters: xgboostHyperparameters(trainer, target),
      };
    case 'container': {
      const metrics = Object.entries(trainer.metrics).map(([Name, Regex]) => ({ Name, Regex }));
      return {
        AlgorithmSpecification: {
          TrainingImage: trainer.image,
          TrainingInputMode: 'File',
          ...(metrics.length > 0 && { MetricDefinitions: metrics }),
        },
        HyperParameters: trainer.hyperparameters,
      };
    }
    default:
      return {
        AlgorithmSpecification: {
          TrainingImage: trainerImage,
          TrainingInputMode: 'File',
          MetricDefinitions: ownMetrics,
        },
        HyperParameters: {},
      };
  }
};

const machinesOf = ({ trainer }: PlannedRun): number =>
  'instanceCount' in trainer.sagemaker ? trainer.sagemaker.instanceCount : 1;

/** How long the job may take from its creation on, waiting for a spot machine included. */
const longestSeconds = ({ spot, maxRuntimeSeconds, maxWaitSeconds }: TrainerSpec['sagemaker']): number =>
  spot ? (maxWaitSeconds ?? 2 * maxRuntimeSeconds) : maxRuntimeSeconds;

/** SageMaker counts neither the start of machines nor the upload of the model: an hour for both. */
const marginSeconds = 3600;

/** How long a state machine waits for the job before it stops it. */
export const jobTimeoutSeconds = ({ sagemaker }: TrainerSpec): number =>
  longestSeconds(sagemaker) + marginSeconds;

const limitsOf = (
  { model, runId, trainer: { sagemaker } }: PlannedRun,
  { artifactBucket }: TrainingJobs,
): Pick<TrainingJobRequest, 'StoppingCondition' | 'EnableManagedSpotTraining' | 'CheckpointConfig'> => {
  const { spot, maxRuntimeSeconds } = sagemaker;
  return {
    EnableManagedSpotTraining: spot,
    StoppingCondition: {
      MaxRuntimeInSeconds: maxRuntimeSeconds,
      ...(spot && { MaxWaitTimeInSeconds: longestSeconds(sagemaker) }),
    },
    ...(spot && {
      CheckpointConfig: {
        S3Uri: folderUri(artifactBucket, objectKeys.jobFolder(model, runId, 'checkpoints')),
        LocalPath: '/opt/ml/checkpoints',
      },
    }),
  };
};

/** The training job of a run: everything but the number of the attempt, which the state machine appends to the name. */
export const planTrainingJob = (run: PlannedRun, jobs: TrainingJobs): TrainingJobRequest => {
  const { model, runId, trainer } = run;
  const { stage, roleArn, artifactBucket, keyArn } = jobs;
  const { instanceType, volumeGb } = trainer.sagemaker;
  const tags = { ...tagsOf(stage), 'millrace:model': model, 'millrace:run': runId };
  return {
    TrainingJobName: trainingJobName({ stage, model, runId }),
    ...algorithmOf(run, jobs),
    RoleArn: roleArn,
    Environment: environmentOf(run),
    InputDataConfig: channelsOf(run, jobs),
    OutputDataConfig: {
      S3OutputPath: folderUri(artifactBucket, objectKeys.jobFolder(model, runId, 'output')),
      ...(keyArn !== undefined && { KmsKeyId: keyArn }),
    },
    ResourceConfig: {
      InstanceType: instanceType,
      InstanceCount: machinesOf(run),
      VolumeSizeInGB: volumeGb,
    },
    ...limitsOf(run, jobs),
    // Of machines that fail under a job; a job that fails by itself is not tried again.
    RetryStrategy: { MaximumRetryAttempts: 2 },
    EnableNetworkIsolation: trainer.kind !== 'container' || !trainer.hasNetwork,
    EnableInterContainerTrafficEncryption: machinesOf(run) > 1,
    Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
  };
};
