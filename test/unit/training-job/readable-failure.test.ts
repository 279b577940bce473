import { describe, expect, it } from 'vitest';
import { readableFailure } from '../../../lambdas/readable-failure.ts';

/** As Step Functions fails a `.sync` task: the description of the job is the cause. */
const failed = (changes: object) =>
  `States.TaskFailed: ${JSON.stringify({
    TrainingJobName: 'millrace-dev-lamps-1f2e-0',
    TrainingJobArn: 'arn:aws:sagemaker:eu-central-1:123456789012:training-job/x',
    TrainingJobStatus: 'Failed',
    SecondaryStatus: 'Failed',
    ResourceConfig: { InstanceType: 'ml.m5.xlarge' },
    ...changes,
  })}`;

describe('a failure as people read it', () => {
  it('is the reason SageMaker gives, and what to do', () => {
    expect(readableFailure(failed({ FailureReason: 'AlgorithmError: label must be in [0,1] "so"' }))).toBe(
      'TRAINING_JOB_FAILED: the training job millrace-dev-lamps-1f2e-0 ended as Failed: AlgorithmError: label must be in [0,1] "so"; mend what the reason names (the log group /aws/sagemaker/TrainingJobs has the rest) and drop the data again',
    );
  });

  it.each([
    ['MaxRuntimeExceeded', 'it ran longer than trainer.sagemaker.maxRuntimeSeconds'],
    ['MaxWaitTimeExceeded', 'no spot machine was free within trainer.sagemaker.maxWaitSeconds'],
    ['Stopped', 'somebody stopped it'],
  ])('says why a job stopped: %s', (SecondaryStatus, words) => {
    expect(readableFailure(failed({ TrainingJobStatus: 'Stopped', SecondaryStatus }))).toContain(
      `ended as Stopped: ${words};`,
    );
  });

  it('is found in a cause that was cut off in the middle', () => {
    const whole = failed({ FailureReason: 'AlgorithmError: no', Rest: 'x'.repeat(40_000) });

    expect(readableFailure(whole.slice(0, 32_768))).toContain('ended as Failed: AlgorithmError: no;');
  });

  it('is the error a handler threw, without its stack', () => {
    const thrown = JSON.stringify({
      errorType: 'NO_FEATURES',
      errorMessage: 'no column; let one in',
      trace: ['at …'],
    });

    expect(readableFailure(`NO_FEATURES: ${thrown}`)).toBe('NO_FEATURES: no column; let one in');
  });

  it.each([
    'NO_FEATURES: no column became a feature',
    'SageMaker.AmazonSageMakerException: Rate exceeded (Service: AmazonSageMaker; Status Code: 400)',
    'States.Timeout: {not JSON',
    'nothing to take apart',
  ])('stays as it is where there is nothing to take apart: %s', (failure) => {
    expect(readableFailure(failure)).toBe(failure);
  });
});
