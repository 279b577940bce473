import { describe, expect, it } from 'vitest';
import { readableFailure, shortened } from '../../../lambdas/readable-failure.ts';

/** As Lambda writes it, with the stack. */
const thrown = JSON.stringify({
  errorType: 'TRAINING_FAILED',
  errorMessage: 'round 12 gave no finite loss; look at the cause',
  trace: ['TRAINING_FAILED: round 12 gave no finite loss', '    at run (/var/task/train-model.js:1:2)'],
});

/** As Step Functions writes it of a job that failed: DescribeTrainingJob, shortened by what nobody reads. */
const job = JSON.stringify({
  TrainingJobName: 'millrace-dev-run-7',
  TrainingJobArn: 'arn:aws:sagemaker:eu-central-1:111122223333:training-job/millrace-dev-run-7',
  TrainingJobStatus: 'Failed',
  SecondaryStatus: 'Failed',
  FailureReason: 'AlgorithmError: ExecuteUserScriptError: exit code 1, "target" has one class',
  HyperParameters: { num_round: '100' },
});

const nested = (error: string, cause: string) =>
  JSON.stringify({
    ExecutionArn: 'arn:aws:states:eu-central-1:111122223333:execution:millrace-dev-roll-out:roll-out-run-7',
    Status: 'FAILED',
    Error: error,
    Cause: cause,
  });

describe('the failure of a state, as people read it', () => {
  it.each([
    '{"errorMessage": "a line\nbreak"}',
    '{"errorMessage": "no \\escape"}',
    '{"TrainingJobName":"no \\escape","TrainingJobStatus":"Failed"}',
    '{"Cause": "\u0000"}',
  ])('is told as it is where it only looks like JSON: %s', (cause) => {
    expect(readableFailure(`RUN_FAILED: ${cause}`)).toBe(`RUN_FAILED: ${cause}`);
  });

  it('has the words of a handler, not its stack', () => {
    expect(readableFailure(`TRAINING_FAILED: ${thrown}`)).toBe(
      'TRAINING_FAILED: round 12 gave no finite loss; look at the cause',
    );
  });

  it('has the reason of a SageMaker job', () => {
    expect(readableFailure(`States.TaskFailed: ${job}`)).toMatch(
      /^TRAINING_JOB_FAILED: the training job millrace-dev-run-7 ended as Failed: AlgorithmError: .*"target" has one class; mend what/,
    );
  });

  it('has what failed within a nested execution', () => {
    expect(readableFailure(`States.TaskFailed: ${nested('PARITY_FAILED', 'the golden rows differ')}`)).toBe(
      'PARITY_FAILED: the golden rows differ',
    );
    expect(readableFailure(`States.TaskFailed: ${nested('MODEL_RUN_FAILED', thrown)}`)).toBe(
      'TRAINING_FAILED: round 12 gave no finite loss; look at the cause',
    );
  });

  it('is found in a cause that was cut off', () => {
    expect(readableFailure(`TRAINING_FAILED: ${thrown.slice(0, 120)}`)).toBe(
      'TRAINING_FAILED: round 12 gave no finite loss; look at the cause',
    );
  });

  it.each([
    'Lambda.Unknown: The cause could not be determined because Lambda did not return an error type.',
    'States.Timeout: ',
    'nobody answered in time',
    'RUN_FAILED: {half a',
  ])('stays as it is when it is no JSON of theirs: %s', (failure) => {
    expect(readableFailure(failure)).toBe(failure);
  });

  it('is cut to a length, never within a character', () => {
    expect(readableFailure(`A: ${'x'.repeat(5000)}`)).toHaveLength(1000);
    expect(shortened('ab🐧cd', 4)).toBe('ab…');
  });
});
