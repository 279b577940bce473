import { Worker } from 'node:worker_threads';
import type { Trainer, TrainingJob, TrainingProgress } from '../../ports/trainer.ts';
import { MillraceError } from '../../wire/errors.ts';
import { errorOf, type ThreadMessage } from '../training/thread-messages.ts';

const trainingThread = new URL('./worker-trainer-thread.ts', import.meta.url);

/** Node fires a timer set for longer at once. */
const longestTimerMs = 2 ** 31 - 1;

const timedOut = ({ runId, timeoutSeconds }: TrainingJob): MillraceError =>
  new MillraceError(
    'TRAINING_TIMED_OUT',
    `training of run ${runId} was stopped after ${timeoutSeconds} s, its time-out`,
    { runId, timeoutSeconds },
  );

/** A thread that ends without a word has crashed, run out of memory or been stopped by its host. */
const endedEarly = ({ runId }: TrainingJob, exitCode: number): MillraceError =>
  new MillraceError(
    'TRAINING_FAILED',
    `the training thread of run ${runId} ended with exit code ${exitCode} before it was done`,
    { runId, exitCode },
  );

const crashed = ({ runId }: TrainingJob, cause: unknown): MillraceError => {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new MillraceError(
    'TRAINING_FAILED',
    `the training thread of run ${runId} crashed: ${reason}`,
    { runId },
    { cause },
  );
};

const follow = (
  worker: Worker,
  job: TrainingJob,
  onProgress: (progress: TrainingProgress) => void,
): Promise<void> =>
  new Promise((resolve, reject) => {
    const timeoutMs = Math.min(job.timeoutSeconds * 1000, longestTimerMs);
    const timer = setTimeout(() => reject(timedOut(job)), timeoutMs);
    const settled = <T>(settle: (value: T) => void, value: T): void => {
      clearTimeout(timer);
      settle(value);
    };
    // A listener that throws fails the training, as it would in the open, and not the process.
    const listen = (progress: TrainingProgress): void => {
      try {
        onProgress(progress);
      } catch (error) {
        settled(reject, error);
      }
    };
    worker.on('message', (message: ThreadMessage) => {
      if (message.kind === 'progress') listen(message.progress);
      else if (message.kind === 'done') settled(resolve, undefined);
      else settled(reject, errorOf(message.failure));
    });
    worker.on('error', (cause) => settled(reject, crashed(job, cause)));
    worker.on('exit', (exitCode) => settled(reject, endedEarly(job, exitCode)));
  });

/**
 * Trains in a thread of this process, one for each job, so that a server goes on answering meanwhile. The thread is
 * gone when `train` settles, also after a time-out. `threadFile` is for tests.
 */
export const workerTrainer = (options: { readonly threadFile?: URL } = {}): Trainer => ({
  train: async (job, onProgress = () => {}) => {
    const worker = new Worker(options.threadFile ?? trainingThread, {
      workerData: job,
      name: `train ${job.runId}`,
    });
    try {
      await follow(worker, job, onProgress);
    } finally {
      await worker.terminate();
    }
  },
});
