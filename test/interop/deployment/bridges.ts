import { gzipSync } from 'node:zlib';
import { DescribeAlarmsCommand, type MetricAlarm, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import {
  ListRulesCommand,
  ListTargetsByRuleCommand,
  TestEventPatternCommand,
} from '@aws-sdk/client-eventbridge';
import { PutRecordBatchCommand } from '@aws-sdk/client-firehose';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import * as z from 'zod';
import { nameOf } from '../../../lib/wire/names.ts';
import { account, region } from '../support/ministack.ts';
import type { Clients } from './clients.ts';
import { stage } from './deploy-stage.ts';
import { allLogs } from './function-logs.ts';

// What AWS does and MiniStack 1.5.33 does not, done here in the open. Each bridge reads what was really deployed or
// written, and hands on no more than AWS would.

const EmbeddedMetrics = z.looseObject({
  _aws: z.object({
    Timestamp: z.number(),
    CloudWatchMetrics: z.array(
      z.object({
        Namespace: z.string(),
        Dimensions: z.array(z.array(z.string())),
        Metrics: z.array(z.object({ Name: z.string(), Unit: z.enum(['Count', 'Milliseconds', 'None']) })),
      }),
    ),
  }),
});

const embeddedIn = (message: string) => {
  if (!message.includes('"_aws"')) return undefined;
  try {
    return EmbeddedMetrics.safeParse(JSON.parse(message)).data;
  } catch {
    return undefined;
  }
};

/** CloudWatch takes metrics out of log lines; MiniStack keeps the lines. Gives the number of points carried. */
export const metricCarrier = (clients: Pick<Clients, 'logs' | 'cloudWatch'>) => {
  const carried = new Set<string>();
  return async (): Promise<number> => {
    let points = 0;
    for (const { id, message } of await allLogs(clients)) {
      const line = embeddedIn(message);
      if (line === undefined || carried.has(id)) continue;
      carried.add(id);
      const Timestamp = new Date(line._aws.Timestamp);
      for (const { Namespace, Dimensions, Metrics } of line._aws.CloudWatchMetrics) {
        const MetricData = Metrics.flatMap(({ Name, Unit }) =>
          Dimensions.map((names) => ({
            MetricName: Name,
            Unit,
            Timestamp,
            Values: [line[Name]].flat().map(Number),
            Dimensions: names.map((dimension) => ({ Name: dimension, Value: String(line[dimension]) })),
          })),
        );
        await clients.cloudWatch.send(new PutMetricDataCommand({ Namespace, MetricData }));
        points += MetricData.length;
      }
    }
    return points;
  };
};

const alarmEvent = (alarm: MetricAlarm, previous: string) => ({
  version: '0',
  id: crypto.randomUUID(),
  'detail-type': 'CloudWatch Alarm State Change',
  source: 'aws.cloudwatch',
  account,
  time: new Date().toISOString(),
  region,
  resources: [alarm.AlarmArn],
  detail: {
    alarmName: alarm.AlarmName,
    state: { value: alarm.StateValue, reason: alarm.StateReason, timestamp: new Date().toISOString() },
    previousState: { value: previous },
    configuration: { description: alarm.AlarmDescription },
  },
});

/** The functions whose deployed rule takes an event, judged by EventBridge itself. */
const listenersTo = async (
  { events }: Pick<Clients, 'events'>,
  event: object,
): Promise<readonly string[]> => {
  const { Rules = [] } = await events.send(new ListRulesCommand({}));
  const arns: string[] = [];
  for (const { Name: Rule, EventPattern } of Rules) {
    if (EventPattern === undefined) continue;
    const question = new TestEventPatternCommand({ EventPattern, Event: JSON.stringify(event) });
    if ((await events.send(question)).Result !== true) continue;
    const { Targets = [] } = await events.send(new ListTargetsByRuleCommand({ Rule }));
    arns.push(...Targets.flatMap(({ Arn }) => (Arn?.includes(':function:') ? [Arn] : [])));
  }
  return arns;
};

/**
 * CloudWatch tells EventBridge when an alarm changes its state; MiniStack does not, and takes no event in the name of
 * AWS from outside. Gives the alarms that changed, each told to whoever a deployed rule names.
 */
export const alarmTeller = (clients: Pick<Clients, 'cloudWatch' | 'events' | 'lambda'>) => {
  const known = new Map<string, string>();
  return async (): Promise<readonly string[]> => {
    const { MetricAlarms = [] } = await clients.cloudWatch.send(new DescribeAlarmsCommand({}));
    const changed: string[] = [];
    for (const alarm of MetricAlarms) {
      const { AlarmName = '', StateValue = '' } = alarm;
      const before = known.get(AlarmName) ?? 'INSUFFICIENT_DATA';
      known.set(AlarmName, StateValue);
      if (before === StateValue) continue;
      const event = alarmEvent(alarm, before);
      for (const FunctionName of await listenersTo(clients, event)) {
        const Payload = Buffer.from(JSON.stringify(event));
        await clients.lambda.send(new InvokeCommand({ FunctionName, InvocationType: 'Event', Payload }));
      }
      changed.push(`${AlarmName} ${StateValue}`);
    }
    return changed;
  };
};

const keysUnder = async (
  { s3 }: Pick<Clients, 's3'>,
  bucket: string,
  prefix: string,
): Promise<readonly string[]> => {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix }));
  return Contents.flatMap(({ Key }) => (Key === undefined ? [] : [Key]));
};

const readBytes = async ({ s3 }: Pick<Clients, 's3'>, Bucket: string, Key: string): Promise<Uint8Array> => {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
  return (await Body?.transformToByteArray()) ?? new Uint8Array();
};

const Undelivered = z.object({ rawData: z.base64() });

/**
 * Firehose takes records apart that hold several documents, as its stream says, and compresses what it delivers.
 * MiniStack puts the first aside as errors: they are sent again, document by document, so that its stream files them.
 * What it names .gz and leaves plain is packed. Gives the keys of what is there then.
 */
export const captureMender = (clients: Pick<Clients, 's3' | 'firehose'>, bucket: string) => {
  const sentAgain = new Set<string>();
  return async (): Promise<readonly string[]> => {
    for (const key of await keysUnder(clients, bucket, 'capture-errors/')) {
      if (sentAgain.has(key)) continue;
      sentAgain.add(key);
      const told = Buffer.from(await readBytes(clients, bucket, key)).toString();
      const { rawData } = Undelivered.parse(JSON.parse(told));
      const documents = Buffer.from(rawData, 'base64').toString().split('\n').filter(Boolean);
      const Records = documents.map((document) => ({ Data: Buffer.from(document) }));
      const DeliveryStreamName = nameOf(stage, 'captures');
      await clients.firehose.send(new PutRecordBatchCommand({ DeliveryStreamName, Records }));
    }
    const keys = await keysUnder(clients, bucket, 'captured/');
    for (const Key of keys) {
      const bytes = await readBytes(clients, bucket, Key);
      const isPacked = bytes[0] === 0x1f && bytes[1] === 0x8b;
      if (!isPacked)
        await clients.s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: gzipSync(bytes) }));
    }
    return keys;
  };
};
