import type { TrainingJobs } from '../../lib/domain/training-job/index.ts';
import { type Environment, findVariable, readVariable } from '../../lib/wire/environment.ts';
import { MillraceError } from '../../lib/wire/errors.ts';

/** Jobs run where the function does; Lambda itself says where that is. */
const regionOf = ({ AWS_REGION }: Environment): string => {
  if (AWS_REGION) return AWS_REGION;
  throw new MillraceError('ENVIRONMENT_INCOMPLETE', 'the variable AWS_REGION is not set', {
    variable: 'AWS_REGION',
  });
};

/** What the stack has for training outside Lambda. Throws ENVIRONMENT_INCOMPLETE, naming the variable. */
export const cloudTrainingJobs = (environment: Environment): TrainingJobs => {
  const trainerImage = findVariable(environment, 'trainerImage');
  const keyArn = findVariable(environment, 'trainingKeyArn');
  return {
    stage: readVariable(environment, 'stage'),
    region: regionOf(environment),
    roleArn: readVariable(environment, 'trainingRoleArn'),
    dataBucket: readVariable(environment, 'dataBucket'),
    artifactBucket: readVariable(environment, 'artifactBucket'),
    ...(trainerImage !== undefined && { trainerImage }),
    ...(keyArn !== undefined && { keyArn }),
  };
};
