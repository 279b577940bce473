import { InvokeCommand } from '@aws-sdk/client-lambda';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
} from '@aws-sdk/client-sfn';
import { dynamodbRecordStore } from '../../../lib/adapters/aws/dynamodb-record-store.ts';
import { systemClock } from '../../../lib/adapters/local/system-clock.ts';
import { systemIds } from '../../../lib/adapters/local/system-ids.ts';
import { registry } from '../../../lib/registry/index.ts';
import type { FunctionName } from '../../../lib/wire/functions.ts';
import { type MachineName, machineNames, nameOf } from '../../../lib/wire/names.ts';
import { account, region } from '../support/ministack.ts';
import type { Clients } from './clients.ts';
import { type Outputs, stage } from './deploy-stage.ts';

const objectCreated = (bucket: string, key: string, size: number) => ({
  version: '0',
  id: crypto.randomUUID(),
  'detail-type': 'Object Created',
  source: 'aws.s3',
  account,
  region,
  time: new Date().toISOString(),
  resources: [`arn:aws:s3:::${bucket}`],
  detail: { version: '0', bucket: { name: bucket }, object: { key, size }, reason: 'PutObject' },
});

/** A deployed stage as its owner reaches it by the SDK. */
export const liveStage = (clients: Clients, outputs: Outputs) => {
  const { s3, lambda, sfn, dynamodb } = clients;
  const records = dynamodbRecordStore({ table: outputs.table, client: dynamodb });
  const bucket = outputs.dataBucket;

  const drop = async (key: string, content: string): Promise<void> => {
    await s3.send(
      new PutObjectCommand({ Bucket: bucket, Key: `incoming/${key}`, Body: Buffer.from(content) }),
    );
  };

  /** Sends a function an event nobody waits for, as EventBridge does. */
  const send = async (name: FunctionName, event: object): Promise<void> => {
    const Payload = Buffer.from(JSON.stringify(event));
    const FunctionName = nameOf(stage, name);
    await lambda.send(new InvokeCommand({ FunctionName, InvocationType: 'Event', Payload }));
  };

  /** Calls a function and gives its answer; throws what it threw. */
  const call = async (name: FunctionName, event: object): Promise<unknown> => {
    const Payload = Buffer.from(JSON.stringify(event));
    const answer = await lambda.send(new InvokeCommand({ FunctionName: nameOf(stage, name), Payload }));
    const text = Buffer.from(answer.Payload ?? []).toString();
    if (answer.FunctionError !== undefined) throw new Error(`${name}: ${text}`);
    return JSON.parse(text || 'null');
  };

  /** Says again what S3 said of an object: EventBridge delivers at least once. */
  const announceAgain = (key: string, content: string) =>
    send('receive-object', objectCreated(bucket, `incoming/${key}`, Buffer.byteLength(content)));

  const executions = async (machine: MachineName) => {
    const stateMachineArn = `${outputs.machineArnPrefix}${machine}`;
    const { executions: found = [] } = await sfn.send(new ListExecutionsCommand({ stateMachineArn }));
    return await Promise.all(
      found.map(({ executionArn }) => sfn.send(new DescribeExecutionCommand({ executionArn }))),
    );
  };

  /** Why executions stopped that did not end well, with the state each was in. */
  const stoppedExecutions = async (): Promise<string> => {
    const lines: string[] = [];
    for (const machine of machineNames)
      for (const { executionArn, name, status, error, cause } of await executions(machine)) {
        if (status === 'SUCCEEDED') continue;
        const { events = [] } = await sfn.send(
          new GetExecutionHistoryCommand({ executionArn, reverseOrder: true, maxResults: 100 }),
        );
        const states = events.flatMap((event) => event.stateEnteredEventDetails?.name ?? []);
        lines.push(
          `${machine} ${name} ${status} ${error ?? ''} ${cause ?? ''} (latest: ${states.slice(0, 4).join(' < ')})`,
        );
      }
    return lines.join('\n');
  };

  return {
    registry: registry({ records, clock: systemClock, ids: systemIds({ clock: systemClock }) }),
    drop,
    announceAgain,
    call,
    executions,
    stoppedExecutions,
  };
};

export type LiveStage = ReturnType<typeof liveStage>;
