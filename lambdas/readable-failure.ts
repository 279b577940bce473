import { trainingJobFailure } from '../lib/domain/training-job/index.ts';
import { MillraceError } from '../lib/wire/errors.ts';
import { jsonString } from '../lib/wire/json.ts';

/** The longest text of a failure that travels on; the rest is in the log of whoever failed. */
const maxCharacters = 1000;

/** A text cut to a length, never within a character. */
export const shortened = (text: string, most = maxCharacters): string =>
  text.length <= most ? text : `${text.slice(0, most - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;

/** The string of one field of a JSON text, which may be cut off: a cause holds 32,768 characters at most. */
const fieldOf = (text: string, name: string): string | undefined => {
  const quoted = new RegExp(`"${name}"\\s*:\\s*("(?:[^"\\\\]|\\\\.)*")`).exec(text)?.[1];
  return quoted === undefined ? undefined : jsonString(quoted);
};

const wordsOf = (error: string, cause: string, depth: number): string => {
  const asItIs = `${error}: ${cause}`;
  if (!cause.trimStart().startsWith('{') || depth > 4) return asItIs;
  const job = trainingJobFailure(cause);
  if (job !== undefined)
    return `TRAINING_JOB_FAILED: ${new MillraceError('TRAINING_JOB_FAILED', job).message}`;
  // https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html
  const message = fieldOf(cause, 'errorMessage');
  if (message !== undefined) return `${fieldOf(cause, 'errorType') ?? error}: ${message}`;
  // The description of a nested execution: its own failure is within.
  const nested = fieldOf(cause, 'Cause');
  return nested === undefined ? asItIs : wordsOf(fieldOf(cause, 'Error') ?? error, nested, depth + 1);
};

/**
 * The failure of a state as people read it: `CODE: what happened`. Services hand causes over as JSON: a failed handler
 * with its stack, a failed training job and a nested execution with their whole descriptions; only the words are kept,
 * at most 1,000 characters of them.
 */
export const readableFailure = (failure: string): string => {
  const [, error, cause] = /^([A-Za-z][\w.]*): ([\s\S]*)$/.exec(failure) ?? [];
  return shortened(error === undefined || cause === undefined ? failure : wordsOf(error, cause, 0));
};
