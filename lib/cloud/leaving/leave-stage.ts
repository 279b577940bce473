import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient, DeleteAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import type { S3Client } from '@aws-sdk/client-s3';
import { DeleteParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { makeS3Client } from '../../adapters/aws/s3-client.ts';
import { clientDefaults, isNamed } from '../../adapters/aws/sdk-errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Workflow } from '../../ports/workflow.ts';
import { MillraceError } from '../../wire/errors.ts';
import { machineNames } from '../../wire/names.ts';
import { deleteStack } from './delete-stack.ts';
import { emptyBucket } from './empty-bucket.ts';
import { type LeavingPlan, laneAlarmsOf } from './plan.ts';

export interface LeavingClients {
  readonly cloudFormation: CloudFormationClient;
  readonly s3: S3Client;
  readonly cloudWatch: CloudWatchClient;
  readonly ssm: SSMClient;
}

export const makeLeavingClients = (cloudFormation: CloudFormationClient): LeavingClients => ({
  cloudFormation,
  s3: makeS3Client(),
  cloudWatch: new CloudWatchClient(clientDefaults),
  ssm: new SSMClient(clientDefaults),
});

export interface Leaving {
  readonly clients: LeavingClients;
  /** Absent where the stack is incomplete or gone: then nothing runs in it. */
  readonly workflow?: Pick<Workflow, 'list' | 'stop'>;
  readonly clock: Pick<Clock, 'sleep'>;
  readonly tell: (text: string) => void;
}

/** What still ran would write into buckets that are being emptied. */
const stopRuns = async ({ workflow, tell }: Leaving): Promise<void> => {
  if (workflow === undefined) return;
  for (const machine of machineNames)
    for (const { executionId, name } of await workflow.list({ machine, status: 'RUNNING', limit: 1000 })) {
      await workflow.stop(executionId, 'the stage is being destroyed');
      tell(`stopped  ${machine}  ${name}`);
    }
};

const removeAlarms = async (plan: LeavingPlan, { clients, tell }: Leaving): Promise<void> => {
  // Listed anew: the monitor may have made some since the plan. DeleteAlarms takes a hundred names.
  const names = await laneAlarmsOf(clients, plan.stage);
  for (let from = 0; from < names.length; from += 100)
    await clients.cloudWatch.send(new DeleteAlarmsCommand({ AlarmNames: names.slice(from, from + 100) }));
  if (names.length > 0) tell(`removed  ${names.length} alarms of models`);
};

const removeSecret = async ({ secretParameter }: LeavingPlan, { clients, tell }: Leaving): Promise<void> => {
  try {
    await clients.ssm.send(new DeleteParameterCommand({ Name: secretParameter }));
    tell(`removed  ${secretParameter}`);
  } catch (error) {
    if (!isNamed(error, 'ParameterNotFound')) throw error;
  }
};

const emptyBuckets = async ({ goes }: LeavingPlan, { clients, tell }: Leaving): Promise<void> => {
  for (const { type, name } of goes)
    if (type === 'AWS::S3::Bucket' && name !== '') await emptyBucket(clients.s3, name, tell);
};

/** Late deliveries of Firehose and of access logs fill a bucket again: three tries see them off. */
const tries = 3;

/**
 * Stops what runs, empties the buckets that go, deletes the stack, then removes what was made at run time: last, because
 * functions that still run could make it again. Each step finds what is left, so that a second call goes on where the
 * first one died. Throws STAGE_NOT_EMPTIED with CloudFormation's reasons.
 */
export const leaveStage = async (plan: LeavingPlan, leaving: Leaving): Promise<void> => {
  if (plan.stackId !== undefined) {
    await stopRuns(leaving);
    for (let attempt = 1; ; attempt += 1) {
      await emptyBuckets(plan, leaving);
      const deletion = await deleteStack(plan.stackId, leaving.clients, leaving);
      if (deletion.outcome === 'gone') break;
      if (attempt === tries)
        throw new MillraceError(
          'STAGE_NOT_EMPTIED',
          `the stack "${plan.stackName}" could not be deleted: ${deletion.failures.join(' | ')}`,
          { failures: deletion.failures },
        );
      leaving.tell('CloudFormation could not delete everything: once more');
    }
  }
  await removeAlarms(plan, leaving);
  if (!plan.keepsSecret) await removeSecret(plan, leaving);
};
