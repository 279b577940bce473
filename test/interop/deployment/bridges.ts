import { gzipSync } from 'node:zlib';
import { DescribeAlarmsCommand, type MetricAlarm, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import {
  ListRulesCommand,
  ListTargetsByRuleCommand,
  TestEventPatternCommand,
} from '@aws-sdk/client-eventbridge';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import * as z from 'zod';
import { account, region } from '../support/ministack.ts';
import type { Clients } from './clients.ts';
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
    for (const { function: name, eventId, message } of await allLogs(clients)) {
      const line = embeddedIn(message);
      if (line === undefined || carried.has(`${name} ${eventId}`)) continue;
      carried.add(`${name} ${eventId}`);
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

/** Firehose compresses what it delivers; MiniStack names it .gz and leaves it plain. */
export const capturePacker =
  ({ s3 }: Pick<Clients, 's3'>, bucket: string) =>
  async (): Promise<readonly string[]> => {
    const { Contents = [] } = await s3.send(
      new ListObjectsV2Command({ Bucket: bucket, Prefix: 'captured/' }),
    );
    const keys = Contents.flatMap(({ Key }) => (Key === undefined ? [] : [Key]));
    for (const Key of keys) {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
      const bytes = (await Body?.transformToByteArray()) ?? new Uint8Array();
      const isPacked = bytes[0] === 0x1f && bytes[1] === 0x8b;
      if (!isPacked) await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: gzipSync(bytes) }));
    }
    return keys;
  };
