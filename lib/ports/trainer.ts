import type { ResolvedSpec } from '../domain/model-spec/index.ts';

export interface TrainingJob {
  readonly runId: string;
  readonly spec: ResolvedSpec;
  /** Local folder with train.parquet and validation.parquet. */
  readonly datasetFolder: string;
  /** Local folder the trainer writes model.onnx, signature.json and training.json to; exists and is empty. */
  readonly artifactFolder: string;
  readonly seed: number;
  readonly timeoutSeconds: number;
}

export interface TrainingProgress {
  readonly phase: string;
  /** 0 to 1 within the phase. */
  readonly fraction: number;
  readonly message?: string;
}

/** Runs one training job: a worker thread on a laptop, Lambda or SageMaker in the cloud. Same job, same bytes. */
export interface Trainer {
  /**
   * Throws TRAINING_FAILED, TRAINING_TIMED_OUT, or the trainer's own Millrace error (for instance ONE_CLASS_TARGET). When
   * the signal aborts it rejects with the signal's reason, once nothing of the training runs any more.
   */
  train(
    job: TrainingJob,
    onProgress?: (progress: TrainingProgress) => void,
    signal?: AbortSignal,
  ): Promise<void>;
}
