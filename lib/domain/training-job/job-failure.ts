import * as z from 'zod';
import { jsonString } from '../../wire/json.ts';

const Described = z.object({
  TrainingJobName: z.string(),
  TrainingJobStatus: z.string(),
  SecondaryStatus: z.string().optional(),
  FailureReason: z.string().optional(),
});

const stopReasons: Readonly<Record<string, string>> = {
  MaxRuntimeExceeded: 'it ran longer than trainer.sagemaker.maxRuntimeSeconds',
  MaxWaitTimeExceeded: 'no spot machine was free within trainer.sagemaker.maxWaitSeconds',
  Stopped: 'somebody stopped it',
};

/** The strings of an object cut off in the middle, by name: a cause holds 32,768 characters at most. */
const stringIn = (text: string, name: string): string | undefined => {
  const found = new RegExp(`"${name}":("(?:[^"\\\\]|\\\\.)*")`).exec(text)?.[1];
  return found === undefined ? undefined : jsonString(found);
};

const parse = (cause: string): z.infer<typeof Described> | undefined => {
  const names = ['TrainingJobName', 'TrainingJobStatus', 'SecondaryStatus', 'FailureReason'];
  const found = names.map((name) => [name, stringIn(cause, name)]).filter(([, value]) => value !== undefined);
  return Described.safeParse(Object.fromEntries(found)).data;
};

/**
 * Why a training job did not complete, from the cause that Step Functions gives: the description of the job as JSON.
 * `undefined` when the cause is not one.
 */
export const trainingJobFailure = (cause: string): string | undefined => {
  const job = parse(cause);
  if (job === undefined) return undefined;
  const { TrainingJobName, TrainingJobStatus, SecondaryStatus = '', FailureReason } = job;
  const reason =
    FailureReason ?? stopReasons[SecondaryStatus] ?? `it ended as ${SecondaryStatus || 'nothing more'}`;
  return `the training job ${TrainingJobName} ended as ${TrainingJobStatus}: ${reason}`;
};
