import { MillraceError } from './errors.ts';

/** What the stack tells its functions: names and addresses, never a secret. */
export const variables = {
  stage: 'MILLRACE_STAGE',
  dataBucket: 'MILLRACE_DATA_BUCKET',
  artifactBucket: 'MILLRACE_ARTIFACT_BUCKET',
  captureBucket: 'MILLRACE_CAPTURE_BUCKET',
  table: 'MILLRACE_TABLE',
  topicArn: 'MILLRACE_TOPIC_ARN',
  /** `arn:…:stateMachine:millrace-<stage>-`; the machine's name follows. Not a reference: functions start machines that call them. */
  machineArnPrefix: 'MILLRACE_MACHINE_ARN_PREFIX',
  captureStream: 'MILLRACE_CAPTURE_STREAM',
  /** Name of the SSM parameter that holds the secret. */
  secretParameter: 'MILLRACE_SECRET_PARAMETER',
  /** How callers of predictions prove who they are: `api-key`, `jwt` or `iam`. */
  frontDoorAuth: 'MILLRACE_FRONT_DOOR_AUTH',
  /** Where people decide; unset where the front door has no page. */
  consoleUrl: 'MILLRACE_CONSOLE_URL',
  codeVersion: 'MILLRACE_CODE_VERSION',
  /** The role SageMaker training jobs run under. */
  trainingRoleArn: 'MILLRACE_TRAINING_ROLE_ARN',
  /** The stage's own key, which training jobs encrypt their output with; unset: the encryption of S3. */
  trainingKeyArn: 'MILLRACE_TRAINING_KEY_ARN',
  /** The image with our own trainer, for training outside Lambda; unset: large runs of our own trainers stay in Lambda. */
  trainerImage: 'MILLRACE_TRAINER_IMAGE',
  /** How long an approval may wait before it counts as stuck. */
  stuckAfterHours: 'MILLRACE_STUCK_AFTER_HOURS',
  /** How often the monitor looks. */
  monitorEveryHours: 'MILLRACE_MONITOR_EVERY_HOURS',
  /** Memory of the data engine, in MB: what the function has, less what DuckDB overshoots. */
  dataEngineMemoryMb: 'MILLRACE_DATA_ENGINE_MEMORY_MB',
} as const;

export type Variable = keyof typeof variables;
export type Environment = Readonly<Record<string, string | undefined>>;

/** Throws ENVIRONMENT_INCOMPLETE. */
export const readVariable = (environment: Environment, variable: Variable): string => {
  const name = variables[variable];
  const value = environment[name];
  if (value === undefined || value === '')
    throw new MillraceError('ENVIRONMENT_INCOMPLETE', `the variable ${name} is not set`, { variable: name });
  return value;
};

export const findVariable = (environment: Environment, variable: Variable): string | undefined =>
  environment[variables[variable]] || undefined;
