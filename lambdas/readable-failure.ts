import * as z from 'zod';
import { trainingJobFailure } from '../lib/domain/training-job/index.ts';
import { MillraceError } from '../lib/wire/errors.ts';

/** What Lambda makes of an error that a handler threw: https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html */
const LambdaFailure = z.object({ errorType: z.string(), errorMessage: z.string() });

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/**
 * The failure of a state as people read it: `CODE: what happened`. Services hand causes over as JSON, a failed handler
 * with its stack, a failed training job with its whole description; of both only the words are kept.
 */
export const readableFailure = (failure: string): string => {
  const [, cause = ''] = /^[A-Za-z][\w.]*: ([\s\S]*)$/.exec(failure) ?? [];
  if (!cause.startsWith('{')) return failure;
  const job = trainingJobFailure(cause);
  if (job !== undefined)
    return `TRAINING_JOB_FAILED: ${new MillraceError('TRAINING_JOB_FAILED', job).message}`;
  const thrown = LambdaFailure.safeParse(parseJson(cause)).data;
  return thrown === undefined ? failure : `${thrown.errorType}: ${thrown.errorMessage}`;
};
