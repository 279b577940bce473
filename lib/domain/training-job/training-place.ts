import { MillraceError } from '../../wire/errors.ts';
import { isOwnTrainer, type OwnTrainerSpec, type TrainerSpec } from '../model-spec/index.ts';
import type { TrainingJobs } from './training-jobs.ts';

/** How much there is to learn from. */
export interface TrainingSize {
  /** Of the training and validation parts together. */
  readonly rows: number;
  /** Columns that are, or make, features. */
  readonly columns: number;
  /** 1 for two classes and for numbers, else the number of classes: a tree each in every round. */
  readonly outputs: number;
  /** The Parquet files of both parts. */
  readonly datasetBytes: number;
}

export interface TrainingPlace {
  readonly where: 'here' | 'sagemaker';
  /** Why, in words for the record. */
  readonly because: string;
}

/**
 * Measured on one thread of two shared cores: 115,000 rows × 9 features × 300 rounds in 3.9 s are 80 million cells a second.
 * A third is taken off for Lambda's cores, and for tables wider than the caches.
 */
const cellsPerSecond = 5e7;

/** Of the function's 900 s: the rest is for reading, features, writing, and an estimate that errs. */
const maxSeconds = 500;

/**
 * What a cell takes: 8 bytes in the table, 4 in the matrix, 1 in the bins, and as much again while one becomes the other.
 */
const bytesPerCell = 24;

/** 60 % of the 8,192 MB of `train-model`: the runtime and DuckDB want theirs. */
const maxMemoryMb = 4915;

/** Of the 4,096 MB of scratch disk. */
const maxDatasetMb = 3072;

/** Every round looks at every cell once, and does so for each output; L-BFGS looks twice an iteration. */
const passesOf = (trainer: OwnTrainerSpec, outputs: number): number =>
  trainer.kind === 'linear' ? 2 * trainer.maxIterations : trainer.rounds * outputs;

/** What stands against Lambda; nothing: it fits. */
export const whyTooLarge = (trainer: OwnTrainerSpec, size: TrainingSize): string | undefined => {
  const cells = size.rows * size.columns;
  const seconds = Math.round((cells * passesOf(trainer, size.outputs)) / cellsPerSecond);
  const memoryMb = Math.round((cells * bytesPerCell) / 2 ** 20);
  const datasetMb = Math.round(size.datasetBytes / 2 ** 20);
  if (seconds > maxSeconds)
    return `about ${seconds} s of training, over the ${maxSeconds} s Lambda has for it`;
  if (memoryMb > maxMemoryMb)
    return `about ${memoryMb} MB of memory, over the ${maxMemoryMb} MB Lambda has for it`;
  if (datasetMb > maxDatasetMb)
    return `${datasetMb} MB of data, over the ${maxDatasetMb} MB Lambda has room for`;
  return undefined;
};

const ownPlace = (
  trainer: OwnTrainerSpec,
  size: TrainingSize,
  { trainerImage }: TrainingJobs,
): TrainingPlace => {
  if (trainer.compute === 'lambda') return { where: 'here', because: 'trainer.compute is "lambda"' };
  if (trainer.compute === 'sagemaker') {
    if (trainerImage === undefined)
      throw new MillraceError(
        'TRAINER_IMAGE_MISSING',
        'trainer.compute is "sagemaker", and the stage has no trainerImage',
      );
    return { where: 'sagemaker', because: 'trainer.compute is "sagemaker"' };
  }
  const tooLarge = whyTooLarge(trainer, size);
  if (tooLarge === undefined) return { where: 'here', because: 'it fits into Lambda' };
  return trainerImage === undefined
    ? { where: 'here', because: `${tooLarge}, but the stage has no trainerImage` }
    : { where: 'sagemaker', because: tooLarge };
};

/**
 * Decides where a model trains. Our own trainers train here unless they are sent away or outgrow Lambda; on a laptop
 * (`jobs` absent) always here. Throws TRAINER_NOT_LOCAL for a trainer that only SageMaker has, TRAINER_IMAGE_MISSING.
 */
export const trainingPlace = (options: {
  readonly trainer: TrainerSpec;
  readonly size: TrainingSize;
  readonly jobs?: TrainingJobs | undefined;
}): TrainingPlace => {
  const { trainer, size, jobs } = options;
  if (isOwnTrainer(trainer))
    return jobs === undefined
      ? { where: 'here', because: 'there is no other place' }
      : ownPlace(trainer, size, jobs);
  if (jobs === undefined)
    throw new MillraceError(
      'TRAINER_NOT_LOCAL',
      `the trainer "${trainer.kind}" runs as a SageMaker training job, and there is no SageMaker here`,
      { trainer: trainer.kind },
    );
  return { where: 'sagemaker', because: `"${trainer.kind}" is a container` };
};
