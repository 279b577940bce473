import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { Trainer, TrainingJob, TrainingProgress } from '../../ports/trainer.ts';
import { MillraceError } from '../../wire/errors.ts';
import { askToStop, mayTerminate, newStopSwitch, type StopSwitch } from '../training/stop-switch.ts';
import { errorOf, type ThreadMessage } from '../training/thread-messages.ts';
import { trainingTimedOut } from '../training/training-timed-out.ts';
import type { ThreadData } from './worker-trainer-thread.ts';

const trainingThread = new URL('./worker-trainer-thread.ts', import.meta.url);

/** Node fires a timer set for longer at once. */
const longestTimerMs = 2 ** 31 - 1;

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
  signal: AbortSignal | undefined,
): Promise<void> =>
  new Promise((resolve, reject) => {
    const timeoutMs = Math.min(job.timeoutSeconds * 1000, longestTimerMs);
    const timer = setTimeout(() => reject(trainingTimedOut(job)), timeoutMs);
    const onAbort = () => settled(reject, signal?.reason);
    const settled = <T>(settle: (value: T) => void, value: T): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      settle(value);
    };
    signal?.addEventListener('abort', onAbort, { once: true });
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
 * Lets a thread end by itself, which one that is asked to stop does at its next step. One that does not within the grace,
 * lost in a computation, is terminated as soon as it is outside native code.
 */
const endThread = async (
  worker: Worker,
  exited: Promise<unknown>,
  { stop, graceMs }: { readonly stop: StopSwitch; readonly graceMs: number },
): Promise<void> => {
  askToStop(stop);
  const waiting = new AbortController();
  const pause = (milliseconds: number) =>
    sleep(milliseconds, true, { signal: waiting.signal }).catch(() => false);
  const isStillThere = (milliseconds: number) =>
    Promise.race([exited.then(() => false), pause(milliseconds)]);
  let isThere = await isStillThere(graceMs);
  while (isThere && !mayTerminate(stop)) isThere = await isStillThere(20);
  waiting.abort();
  if (isThere) await worker.terminate();
};

export interface WorkerTrainerOptions {
  /** For tests. */
  readonly threadFile?: URL;
  /** How long a thread that is to stop may go on computing. @default 500 */
  readonly graceMs?: number;
}

/**
 * Trains in a thread of this process, one for each job, so that a server goes on answering meanwhile. The thread is
 * gone when `train` settles, also after a time-out or an abort; it is never ended within native code.
 */
export const workerTrainer = ({ threadFile, graceMs = 500 }: WorkerTrainerOptions = {}): Trainer => ({
  train: async (job, onProgress = () => {}, signal) => {
    signal?.throwIfAborted();
    const stop = newStopSwitch();
    const workerData: ThreadData = { job, stop };
    const worker = new Worker(threadFile ?? trainingThread, { workerData, name: `train ${job.runId}` });
    const exited = new Promise((resolve) => worker.once('exit', resolve));
    try {
      await follow(worker, job, onProgress, signal);
    } finally {
      await endThread(worker, exited, { stop, graceMs });
    }
  },
});
