/** Every name people and programs meet in an account: `millrace-<stage>-<what>`. */
export const nameOf = (stage: string, what: string): string => `millrace-${stage}-${what}`;

export const stackNameOf = (stage: string): string => `millrace-${stage}`;

export const machineNames = ['collect-batch', 'train-and-promote', 'roll-out'] as const;
export type MachineName = (typeof machineNames)[number];

/** Where the secret that signs approval links and hashes sensitive columns lies, in SSM Parameter Store, encrypted. */
export const secretParameterOf = (stage: string): string => `/millrace/${stage}/secret`;

/** What the stack and everything made at run time carries, so that leaving finds it. */
export const tagsOf = (stage: string): Readonly<Record<string, string>> => ({
  'millrace:stage': stage,
});

/** Outputs of the stack: what the command line, the smoke test and people read. */
export const outputNames = {
  dataBucket: 'DataBucket',
  artifactBucket: 'ArtifactBucket',
  captureBucket: 'CaptureBucket',
  table: 'RegistryTable',
  topicArn: 'TopicArn',
  machineArnPrefix: 'MachineArnPrefix',
  /** Where predictions answer. */
  endpointUrl: 'EndpointUrl',
  /** Where people decide; empty when the front door has no page. */
  consoleUrl: 'ConsoleUrl',
  deadLetterQueueUrl: 'DeadLetterQueueUrl',
} as const;

/** The alarms a stack has from the start; those of a model's lanes are made when its first version serves. */
export const stackAlarms = [
  'endpoint-errors',
  'endpoint-latency',
  'failed-executions',
  'dead-letters',
  'stuck-approvals',
] as const;
export type StackAlarm = (typeof stackAlarms)[number];

/** What the monitor watches of each model: one metric series and one alarm a lane and model, never one a feature. */
export const lanes = ['data-quality', 'drift', 'estimated-quality', 'realised-quality', 'freshness'] as const;
export type Lane = (typeof lanes)[number];

/** Models' names may hold hyphens, lanes do too: a double hyphen, which neither holds, keeps them apart. */
export const laneAlarmNameOf = (stage: string, model: string, lane: Lane): string =>
  nameOf(stage, `${model}--${lane}`);

/** Which model and lane an alarm's name speaks of; `undefined` for any other alarm. */
export const parseLaneAlarmName = (
  stage: string,
  alarmName: string,
): { readonly model: string; readonly lane: Lane } | undefined => {
  const prefix = nameOf(stage, '');
  if (!alarmName.startsWith(prefix)) return undefined;
  const [model, lane, ...rest] = alarmName.slice(prefix.length).split('--');
  const known = lanes.find((one) => one === lane);
  return model && known && rest.length === 0 ? { model, lane: known } : undefined;
};
