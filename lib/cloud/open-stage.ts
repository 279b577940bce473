import { dynamodbRecordStore } from '../adapters/aws/dynamodb-record-store.ts';
import { cloudObjectStore } from '../adapters/aws/objects-by-prefix.ts';
import { readStageSecret } from '../adapters/aws/ssm-secret.ts';
import { stepFunctionsWorkflow } from '../adapters/aws/step-functions-workflow.ts';
import { systemClock } from '../adapters/local/system-clock.ts';
import { systemIds } from '../adapters/local/system-ids.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ids } from '../ports/ids.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import type { RecordStore } from '../ports/record-store.ts';
import type { Workflow } from '../ports/workflow.ts';
import { type Registry, registry } from '../registry/index.ts';
import { secretParameterOf } from '../wire/names.ts';
import { findCaller } from './caller.ts';
import {
  type AwsAccess,
  type Environment,
  openAws,
  outputsOf,
  placeOfStack,
  requireStack,
  type StageName,
  type StageOutputs,
} from './find-stack.ts';

/** A deployed stack, its ports answered by AWS: what the laptop is for a home folder. */
export interface Stage {
  readonly stage: string;
  readonly account: string;
  readonly region: string;
  readonly access: AwsAccess;
  readonly outputs: StageOutputs;
  readonly objects: ObjectStore;
  readonly records: RecordStore;
  readonly registry: Registry;
  readonly workflow: Workflow;
  readonly clock: Clock;
  readonly ids: Ids;
  /** What signs approval links and hashes sensitive columns. */
  readonly secret: () => Promise<string>;
  /** The ARN of whoever asks; `undefined` when STS does not answer. */
  readonly caller: () => Promise<string | undefined>;
}

/**
 * Finds a stage by the outputs of its stack and opens its stores with the caller's own credentials: what people may do
 * is what their AWS permissions allow. Throws STAGE_UNKNOWN, STAGE_INCOMPLETE.
 */
export const openStage = async ({ stage, region: given }: StageName, env: Environment): Promise<Stage> => {
  const access = await openAws({ ...(given && { region: given }) });
  const stack = await requireStack(access, stage, env);
  const outputs = outputsOf(stack);
  const { account, region } = placeOfStack(stack);
  const clock = systemClock;
  const ids = systemIds({ clock });
  const records = dynamodbRecordStore({ table: outputs.table });
  const { dataBucket, artifactBucket, captureBucket, machineArnPrefix } = outputs;
  return {
    stage,
    account,
    region,
    access,
    outputs,
    objects: cloudObjectStore({ dataBucket, artifactBucket, captureBucket }),
    records,
    registry: registry({ records, clock, ids }),
    workflow: stepFunctionsWorkflow({ machineArnPrefix }),
    clock,
    ids,
    secret: () => readStageSecret({ parameter: secretParameterOf(stage), stage }),
    caller: async () => {
      const credentials = await access.credentials();
      return (await findCaller({ region, credentials, env, now: clock.now() }))?.arn;
    },
  };
};
