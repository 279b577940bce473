import { createHash } from 'node:crypto';

/**
 * The name of a run's training job, without the number of the attempt that the state machine adds: the same run gives the
 * same name. SageMaker takes 63 characters of letters, digits and hyphens:
 * 9 + 16 (stage) + 1 + 12 (model) + 1 + 16 (hash) are 55, and 8 are left.
 */
export const trainingJobName = (run: {
  readonly stage: string;
  readonly model: string;
  readonly runId: string;
}): string => {
  const hash = createHash('sha256').update(`${run.model}/${run.runId}`).digest('hex').slice(0, 16);
  const model = run.model
    .slice(0, 12)
    .replaceAll(/[^a-zA-Z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
  return `millrace-${run.stage}-${model}-${hash}`;
};
