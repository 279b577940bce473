import type { Trainer, TrainingProgress } from '../../ports/trainer.ts';
import { isMillraceError, MillraceError } from '../../wire/errors.ts';
import type { StopGuard } from './stop-switch.ts';
import { trainInFolder } from './train-in-folder.ts';
import { trainingTimedOut } from './training-timed-out.ts';

/** Node fires a timer set for longer at once. */
const longestTimerMs = 2 ** 31 - 1;

/**
 * Stops a training in its own thread. Timers and listeners do not come to their turn while it computes, so every check
 * looks at the time itself; native work, which leaves the thread free, is given a signal.
 */
const guardOf = (reasonToStop: () => unknown, dueMs: number, signal: AbortSignal | undefined): StopGuard => {
  const check = () => {
    const reason = reasonToStop();
    if (reason !== undefined) throw reason;
  };
  return {
    check,
    native: async (work) => {
      check();
      const controller = new AbortController();
      const stop = () => controller.abort(reasonToStop() ?? new Error('the training was asked to stop'));
      // Timers may fire a fraction of a millisecond early.
      const timer = setTimeout(stop, Math.min(Math.max(0, dueMs - performance.now()) + 2, longestTimerMs));
      signal?.addEventListener('abort', stop, { once: true });
      try {
        return await work(controller.signal);
      } finally {
        clearTimeout(timer);
        signal?.removeEventListener('abort', stop);
        check();
      }
    },
  };
};

const asTrainingError = (cause: unknown): unknown =>
  isMillraceError(cause)
    ? cause
    : new MillraceError(
        'TRAINING_FAILED',
        `the trainer failed: ${cause instanceof Error ? cause.message : String(cause)}`,
        {},
        { cause },
      );

/** Trains in the thread that asks, which does nothing else meanwhile: for processes that serve one job, such as Lambda's. */
export const inProcessTrainer = (): Trainer => ({
  train: async (job, onProgress = () => {}, signal) => {
    signal?.throwIfAborted();
    const dueMs = performance.now() + job.timeoutSeconds * 1000;
    let listenerFailed: { readonly error: unknown } | undefined;
    const reasonToStop = () =>
      signal?.aborted ? signal.reason : performance.now() >= dueMs ? trainingTimedOut(job) : undefined;
    const listen = (progress: TrainingProgress) => {
      try {
        onProgress(progress);
      } catch (error) {
        listenerFailed = { error };
        throw error;
      }
    };
    try {
      await trainInFolder(job, listen, guardOf(reasonToStop, dueMs, signal));
    } catch (error) {
      // What the listener threw, and the reason of the signal, are the caller's own.
      if (listenerFailed !== undefined) throw listenerFailed.error;
      if (signal?.aborted) throw signal.reason;
      throw asTrainingError(error);
    }
  },
});
