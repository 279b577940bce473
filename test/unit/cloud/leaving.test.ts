import { readFile } from 'node:fs/promises';
import path from 'node:path';
import {
  CloudFormationClient,
  CloudFormationServiceException,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  GetTemplateCommand,
  ListStackResourcesCommand,
  ListStacksCommand,
} from '@aws-sdk/client-cloudformation';
import { CloudWatchClient, DeleteAlarmsCommand, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { DeleteObjectsCommand, ListObjectVersionsCommand, S3Client } from '@aws-sdk/client-s3';
import { DeleteParameterCommand, ParameterNotFound, SSMClient } from '@aws-sdk/client-ssm';
import { mockClient } from 'aws-sdk-client-mock';
import { describe, expect, it, onTestFinished } from 'vitest';
import { folderObjectStore } from '../../../lib/adapters/local/folder-object-store.ts';
import { allRecords, exportStage } from '../../../lib/cloud/leaving/export-stage.ts';
import { leaveStage } from '../../../lib/cloud/leaving/leave-stage.ts';
import { planLeaving } from '../../../lib/cloud/leaving/plan.ts';
import { temporaryFolder } from '../../support/index.ts';

const stackId = 'arn:aws:cloudformation:eu-central-1:123456789012:stack/millrace-dev/abc';
const region = 'eu-central-1';

/** An account with one stack, which deletes once its bucket is empty and as often as it is told to fail. */
const account = (
  facts: {
    readonly retains?: boolean;
    readonly status?: string;
    readonly failures?: number;
    readonly isGone?: boolean;
    readonly isForgotten?: boolean;
  } = {},
) => {
  const clients = {
    cloudFormation: new CloudFormationClient({ region }),
    s3: new S3Client({ region }),
    cloudWatch: new CloudWatchClient({ region }),
    ssm: new SSMClient({ region }),
  };
  const done: string[] = [];
  let state: string | undefined = facts.isGone ? undefined : (facts.status ?? 'CREATE_COMPLETE');
  let failuresLeft = facts.failures ?? 0;
  let versions = 1500;
  let alarms = ['millrace-dev-birds--drift', 'millrace-dev-endpoint-errors', 'millrace-dev-birds--freshness'];
  let hasSecret = true;
  const events: { EventId: string; StackId: string; StackName: string; Timestamp: Date }[] = [];
  const note = (event: object) =>
    events.unshift({
      EventId: `${events.length}`,
      StackId: stackId,
      StackName: '',
      Timestamp: new Date(0),
      ...event,
    });

  const cloudFormation = mockClient(clients.cloudFormation);
  cloudFormation.on(DescribeStacksCommand).callsFake(() => {
    if (state === undefined)
      throw new CloudFormationServiceException({
        name: 'ValidationError',
        message: 'Stack with id millrace-dev does not exist',
        $fault: 'client',
        $metadata: {},
      });
    return {
      Stacks: [
        { StackName: 'millrace-dev', StackId: stackId, StackStatus: state, CreationTime: new Date(0) },
      ],
    };
  });
  const bucket = {
    LogicalResourceId: 'Data',
    ResourceType: 'AWS::S3::Bucket',
    PhysicalResourceId: 'data-bucket',
  };
  const role = { LogicalResourceId: 'Role', ResourceType: 'AWS::IAM::Role', PhysicalResourceId: 'a-role' };
  const common = {
    ResourceStatus:
      facts.retains && facts.isGone ? ('DELETE_SKIPPED' as const) : ('CREATE_COMPLETE' as const),
    LastUpdatedTimestamp: new Date(0),
  };
  cloudFormation
    .on(ListStackResourcesCommand)
    .resolvesOnce({ StackResourceSummaries: [{ ...bucket, ...common }], NextToken: 'more' })
    .resolves({ StackResourceSummaries: [{ ...role, ...common }] });
  const policy = facts.retains ? { DeletionPolicy: 'Retain' } : {};
  cloudFormation
    .on(GetTemplateCommand)
    .resolves({ TemplateBody: JSON.stringify({ Resources: { Data: policy, Role: {} } }) });
  cloudFormation.on(ListStacksCommand).callsFake(() => ({
    StackSummaries: facts.isForgotten
      ? []
      : [
          { StackName: 'millrace-other', StackId: 'other', DeletionTime: new Date(9) },
          { StackName: 'millrace-dev', StackId: stackId, DeletionTime: new Date(1) },
        ],
  }));
  cloudFormation.on(DescribeStackEventsCommand).callsFake(() => ({ StackEvents: [...events] }));
  cloudFormation.on(DeleteStackCommand).callsFake(() => {
    done.push('delete stack');
    const fails = failuresLeft > 0;
    failuresLeft -= fails ? 1 : 0;
    note({
      ...bucket,
      ResourceStatus: fails ? 'DELETE_FAILED' : 'DELETE_COMPLETE',
      ResourceStatusReason: 'The bucket you tried to delete is not empty',
    });
    state = fails ? 'DELETE_FAILED' : 'DELETE_COMPLETE';
    return {};
  });

  const s3 = mockClient(clients.s3);
  s3.on(ListObjectVersionsCommand).callsFake(() => ({
    Versions: Array.from({ length: Math.min(1000, versions) }, (_, at) => ({
      Key: `k${at}`,
      VersionId: 'v',
    })),
  }));
  s3.on(DeleteObjectsCommand).callsFake(({ Delete }) => {
    versions -= Delete.Objects.length;
    done.push(`remove ${Delete.Objects.length}`);
    return {};
  });

  const cloudWatch = mockClient(clients.cloudWatch);
  cloudWatch
    .on(DescribeAlarmsCommand)
    .callsFake(() => ({ MetricAlarms: alarms.map((AlarmName) => ({ AlarmName })) }));
  cloudWatch.on(DeleteAlarmsCommand).callsFake(({ AlarmNames }) => {
    alarms = alarms.filter((name) => !AlarmNames.includes(name));
    done.push(`remove ${AlarmNames.join(' ')}`);
    return {};
  });
  mockClient(clients.ssm)
    .on(DeleteParameterCommand)
    .callsFake(({ Name }) => {
      if (!hasSecret) throw new ParameterNotFound({ message: '', $metadata: {} });
      hasSecret = false;
      done.push(`remove ${Name}`);
      return {};
    });
  return { clients, done };
};

const clock = { sleep: async () => undefined };
const leave = async ({ clients }: ReturnType<typeof account>, told: string[] = []) => {
  const plan = await planLeaving('dev', clients);
  await leaveStage(plan, { clients, clock, tell: (text) => told.push(text) });
  return plan;
};

describe('leaving a stage', () => {
  it('empties its buckets, deletes the stack, and removes what was made at run time, in this order', async () => {
    const dev = account();
    const told: string[] = [];

    const plan = await leave(dev, told);

    expect(plan.goes.map(({ name }) => name)).toEqual(['data-bucket', 'a-role']);
    expect(dev.done).toEqual([
      'remove 1000',
      'remove 500',
      'delete stack',
      'remove millrace-dev-birds--drift millrace-dev-birds--freshness',
      'remove /millrace/dev/secret',
    ]);
    expect(told).toContain('delete complete  AWS::S3::Bucket  Data');
  });

  it('leaves what the template retains, says how to remove it, and keeps the secret its hashes need', async () => {
    const prod = account({ retains: true });

    const plan = await leave(prod);

    expect(plan.stays).toEqual([
      {
        type: 'AWS::S3::Bucket',
        name: 'data-bucket',
        removal: expect.stringContaining('aws s3api delete-bucket --bucket data-bucket'),
      },
    ]);
    expect(prod.done).toEqual([
      'delete stack',
      'remove millrace-dev-birds--drift millrace-dev-birds--freshness',
    ]);
  });

  it('empties once more when a late delivery filled a bucket again', async () => {
    const dev = account({ failures: 2 });

    await leave(dev);

    expect(dev.done.filter((one) => one === 'delete stack')).toHaveLength(3);
    expect(dev.done.at(-1)).toBe('remove /millrace/dev/secret');
  });

  it('gives up after three tries with the reasons of CloudFormation', async () => {
    await expect(leave(account({ failures: 9 }))).rejects.toMatchObject({
      name: 'STAGE_NOT_EMPTIED',
      message: expect.stringContaining('Data: The bucket you tried to delete is not empty'),
    });
  });

  it('that died after the stack was gone goes on with what is left, and again finds nothing to do', async () => {
    const dev = account({ isGone: true });

    await leave(dev);
    await leave(dev);

    expect(dev.done).toEqual([
      'remove millrace-dev-birds--drift millrace-dev-birds--freshness',
      'remove /millrace/dev/secret',
    ]);
  });

  it('called once more for a stage whose data stayed, leaves the secret and says again what stayed', async () => {
    const prod = account({ isGone: true, retains: true });

    const plan = await leave(prod);

    expect(plan.stays.map(({ name }) => name)).toContain('data-bucket');
    expect(prod.done).toEqual(['remove millrace-dev-birds--drift millrace-dev-birds--freshness']);
  });

  it('leaves the secret where nobody remembers whether data stayed', async () => {
    const old = account({ isGone: true, isForgotten: true });

    await leave(old);

    expect(old.done).not.toContain('remove /millrace/dev/secret');
  });

  it('goes on with a deletion that is under way, and waits for no other change to end', async () => {
    await leave(account({ status: 'DELETE_IN_PROGRESS' }));

    await expect(leave(account({ status: 'UPDATE_IN_PROGRESS' }))).rejects.toMatchObject({
      name: 'STAGE_BUSY',
    });
  });
});

describe('the export of a stage', () => {
  it('has every model file and every record of the registry', async () => {
    const { path: folder, remove } = temporaryFolder();
    onTestFinished(remove);
    const objects = folderObjectStore({ root: path.join(folder, 'cloud') });
    await objects.putIfAbsent('models/birds/1/model.onnx', 'onnx');
    await objects.putIfAbsent('models/birds/1/metrics.json', '{}');
    const client = new DynamoDBClient({ region });
    const item = (sort: string) => ({
      partition: { S: 'models' },
      sort: { S: sort },
      revision: { N: '2' },
      body: { S: '{"model":"birds"}' },
    });
    mockClient(client)
      .on(ScanCommand)
      .callsFake(({ ExclusiveStartKey }) =>
        ExclusiveStartKey
          ? { Items: [item('fish')] }
          : { Items: [item('birds')], LastEvaluatedKey: { partition: { S: 'models' } } },
      );

    const to = path.join(folder, 'export');
    const exported = await exportStage(to, {
      objects,
      records: allRecords('table', client),
      tell: () => undefined,
    });

    expect(exported).toMatchObject({ objects: 2, records: 2 });
    expect(await readFile(path.join(to, 'models/birds/1/model.onnx'), 'utf8')).toBe('onnx');
    const lines = (await readFile(exported.registryFile, 'utf8')).trim().split('\n');
    expect(lines.map((line) => JSON.parse(line).sort)).toEqual(['birds', 'fish']);
  });
});
