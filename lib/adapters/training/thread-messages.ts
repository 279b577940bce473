import type { TrainingProgress } from '../../ports/trainer.ts';
import { type ErrorCode, errorCatalogue, isMillraceError, MillraceError } from '../../wire/errors.ts';
import { isDiskFull } from '../shared/disk-full.ts';

/** What crosses from a thread as an error: structured cloning keeps no class and no literal name. */
export interface ThreadFailure {
  /** Absent: not an error of Millrace. */
  readonly code?: ErrorCode;
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
}

export type ThreadMessage =
  | { readonly kind: 'progress'; readonly progress: TrainingProgress }
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly failure: ThreadFailure };

export const failureOf = (error: unknown): ThreadFailure => {
  const message = error instanceof Error ? error.message : String(error);
  if (isDiskFull(error)) return { code: 'STORAGE_FULL', message, details: {} };
  if (!isMillraceError(error)) return { message, details: {} };
  // Details are plain values; going through JSON makes sure that they can be cloned.
  return { code: error.name, message, details: JSON.parse(JSON.stringify(error.details)) };
};

/** The error a thread failed with, code, words and details as they were; any other becomes TRAINING_FAILED with it as cause. */
export const errorOf = ({ code, message, details }: ThreadFailure): MillraceError => {
  if (code === undefined)
    return new MillraceError(
      'TRAINING_FAILED',
      `the trainer failed: ${message}`,
      {},
      { cause: new Error(message) },
    );
  const remedy = `; ${errorCatalogue[code]}`;
  const what = message.endsWith(remedy) ? message.slice(0, -remedy.length) : message;
  return new MillraceError(code, what, { ...details });
};
