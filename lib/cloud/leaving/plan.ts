import {
  type CloudFormationClient,
  GetTemplateCommand,
  ListStackResourcesCommand,
  ListStacksCommand,
  type StackResourceSummary,
} from '@aws-sdk/client-cloudformation';
import { type CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { MillraceError } from '../../wire/errors.ts';
import { nameOf, parseLaneAlarmName, secretParameterOf, stackNameOf } from '../../wire/names.ts';
import { findStack } from '../find-stack.ts';

export interface Remnant {
  /** `AWS::S3::Bucket` and so on. */
  readonly type: string;
  /** Its name in the account. */
  readonly name: string;
  /** The command that removes it for good. */
  readonly removal?: string;
}

/** What leaving a stage takes away, and what it leaves. */
export interface LeavingPlan {
  readonly stage: string;
  readonly stackName: string;
  /** Absent: the stack is gone already, and only what was made at run time may be left. */
  readonly stackId?: string;
  readonly status?: string;
  readonly goes: readonly Remnant[];
  readonly stays: readonly Remnant[];
  /** Alarms of models' lanes: made at run time, no part of the stack. */
  readonly laneAlarms: readonly string[];
  readonly secretParameter: string;
  /** The secret keys the hashes in captured data: where that data stays, it stays. */
  readonly keepsSecret: boolean;
  /** CloudFormation refuses to delete it until somebody turns its termination protection off. */
  readonly isProtected: boolean;
}

type Clients = { readonly cloudFormation: CloudFormationClient; readonly cloudWatch: CloudWatchClient };

const resourcesOf = async (cloudFormation: CloudFormationClient, stackName: string) => {
  const found: StackResourceSummary[] = [];
  let next: string | undefined;
  do {
    const page = await cloudFormation.send(
      new ListStackResourcesCommand({ StackName: stackName, ...(next && { NextToken: next }) }),
    );
    found.push(...(page.StackResourceSummaries ?? []));
    next = page.NextToken;
  } while (next !== undefined);
  return found.filter(({ ResourceStatus }) => ResourceStatus !== 'DELETE_COMPLETE');
};

/** Logical ids of what the template keeps. */
const retainedIn = async (cloudFormation: CloudFormationClient, stackName: string): Promise<Set<string>> => {
  const { TemplateBody = '{}' } = await cloudFormation.send(
    new GetTemplateCommand({ StackName: stackName, TemplateStage: 'Processed' }),
  );
  const { Resources = {} }: { Resources?: Record<string, { DeletionPolicy?: string }> } =
    JSON.parse(TemplateBody);
  const kept = Object.entries(Resources).filter(([, { DeletionPolicy }]) =>
    /^Retain/.test(DeletionPolicy ?? ''),
  );
  return new Set(kept.map(([logicalId]) => logicalId));
};

const removals: Readonly<Record<string, (name: string) => string>> = {
  'AWS::S3::Bucket': (name) =>
    `empty it with all versions in the S3 console, then: aws s3api delete-bucket --bucket ${name}`,
  'AWS::DynamoDB::Table': (name) =>
    `aws dynamodb update-table --table-name ${name} --no-deletion-protection-enabled && aws dynamodb delete-table --table-name ${name}`,
  'AWS::Logs::LogGroup': (name) => `aws logs delete-log-group --log-group-name ${name}`,
  'AWS::KMS::Key': (name) =>
    `aws kms schedule-key-deletion --key-id ${name}   (what it encrypted can then never be read again)`,
};

const holdsData = ({ type }: Remnant): boolean => /^AWS::(S3::Bucket|DynamoDB::)/.test(type);

const remnantOf = ({ ResourceType = '', PhysicalResourceId = '' }: StackResourceSummary): Remnant => {
  const removal = removals[ResourceType]?.(PhysicalResourceId);
  return { type: ResourceType, name: PhysicalResourceId, ...(removal && { removal }) };
};

/** The latest stack of that name that was deleted: CloudFormation remembers it for 90 days, by its id. */
const findDeletedStack = async (
  cloudFormation: CloudFormationClient,
  stackName: string,
): Promise<string | undefined> => {
  let next: string | undefined;
  do {
    const page = await cloudFormation.send(
      new ListStacksCommand({ StackStatusFilter: ['DELETE_COMPLETE'], ...(next && { NextToken: next }) }),
    );
    const found = (page.StackSummaries ?? []).filter((stack) => stack.StackName === stackName);
    const [latest] = found.toSorted((a, b) => Number(b.DeletionTime ?? 0) - Number(a.DeletionTime ?? 0));
    if (latest !== undefined) return latest.StackId;
    next = page.NextToken;
  } while (next !== undefined);
  return undefined;
};

/** What a deletion left on purpose. The secret stays too where nobody remembers what was left. */
const leftBehind = async (cloudFormation: CloudFormationClient, stackName: string) => {
  const stackId = await findDeletedStack(cloudFormation, stackName);
  if (stackId === undefined) return { goes: [], stays: [], keepsSecret: true };
  const left = await resourcesOf(cloudFormation, stackId);
  const stays = left.filter(({ ResourceStatus }) => ResourceStatus === 'DELETE_SKIPPED').map(remnantOf);
  return { goes: [], stays, keepsSecret: stays.some(holdsData) };
};

/** Alarms of this stage's models, by their names: also when the stack is gone. */
export const laneAlarmsOf = async (
  { cloudWatch }: Pick<Clients, 'cloudWatch'>,
  stage: string,
): Promise<readonly string[]> => {
  const names: string[] = [];
  let next: string | undefined;
  do {
    const page = await cloudWatch.send(
      new DescribeAlarmsCommand({
        AlarmNamePrefix: nameOf(stage, ''),
        AlarmTypes: ['MetricAlarm'],
        ...(next && { NextToken: next }),
      }),
    );
    names.push(...(page.MetricAlarms ?? []).flatMap(({ AlarmName }) => AlarmName ?? []));
    next = page.NextToken;
  } while (next !== undefined);
  return names.filter((name) => parseLaneAlarmName(stage, name) !== undefined);
};

/** Looks at everything and changes nothing. Throws STAGE_BUSY. */
export const planLeaving = async (stage: string, clients: Clients): Promise<LeavingPlan> => {
  const stackName = stackNameOf(stage);
  const common = {
    stage,
    stackName,
    laneAlarms: await laneAlarmsOf(clients, stage),
    secretParameter: secretParameterOf(stage),
  };
  const stack = await findStack(clients, stackName);
  if (stack === undefined)
    return { ...common, ...(await leftBehind(clients.cloudFormation, stackName)), isProtected: false };
  const { StackStatus: status = '', StackId: stackId = '', EnableTerminationProtection } = stack;
  if (/_IN_PROGRESS$/.test(status) && !/^(DELETE|REVIEW)_IN_PROGRESS$/.test(status))
    throw new MillraceError('STAGE_BUSY', `the stack "${stackName}" is ${status}`, { status });
  const [resources, retained] = await Promise.all([
    resourcesOf(clients.cloudFormation, stackId),
    retainedIn(clients.cloudFormation, stackId),
  ]);
  const isKept = ({ LogicalResourceId = '' }: StackResourceSummary) => retained.has(LogicalResourceId);
  const stays = resources.filter(isKept).map(remnantOf);
  const goes = resources.filter((resource) => !isKept(resource)).map(remnantOf);
  return {
    ...common,
    stackId,
    status,
    goes,
    stays,
    keepsSecret: stays.some(holdsData),
    isProtected: EnableTerminationProtection === true,
  };
};
