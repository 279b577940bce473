import { gzipSync } from 'node:zlib';
import { PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { PutRecordBatchCommand } from '@aws-sdk/client-firehose';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import * as z from 'zod';
import { laneMetrics } from '../../../lib/wire/metrics.ts';
import { nameOf } from '../../../lib/wire/names.ts';
import type { LanePoint } from './bridge-alarms.ts';
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

type Line = z.infer<typeof EmbeddedMetrics>;

interface Datum {
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Unit: 'Count' | 'Milliseconds' | 'None';
  readonly Timestamp: Date;
  readonly Values: number[];
  readonly Dimensions: { readonly Name: string; readonly Value: string }[];
}

const dataIn = (line: Line): readonly Datum[] =>
  line._aws.CloudWatchMetrics.flatMap(({ Namespace, Dimensions, Metrics }) =>
    Metrics.flatMap(({ Name, Unit }) =>
      Dimensions.map((names) => ({
        Namespace,
        MetricName: Name,
        Unit,
        Timestamp: new Date(line._aws.Timestamp),
        Values: [line[Name]].flat().map(Number),
        Dimensions: names.map((dimension) => ({ Name: dimension, Value: String(line[dimension]) })),
      })),
    ),
  );

/**
 * CloudWatch takes metrics out of log lines; MiniStack keeps the lines. Gives every score of a lane so far, which
 * MiniStack is not told of, see `judgeLaneAlarms`; all else is put.
 */
export const metricCarrier = (clients: Pick<Clients, 'logs' | 'cloudWatch'>) => {
  const carried = new Set<string>();
  const ofLanes: LanePoint[] = [];
  return async (): Promise<readonly LanePoint[]> => {
    for (const { id, message } of await allLogs(clients)) {
      const line = embeddedIn(message);
      if (line === undefined || carried.has(id)) continue;
      carried.add(id);
      for (const { Namespace, ...datum } of dataIn(line)) {
        const { MetricName, Timestamp, Values, Dimensions } = datum;
        if (MetricName === laneMetrics.score)
          ofLanes.push({ atMs: Timestamp.getTime(), value: Math.max(...Values), dimensions: Dimensions });
        else await clients.cloudWatch.send(new PutMetricDataCommand({ Namespace, MetricData: [datum] }));
      }
    }
    return ofLanes;
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
  const packed = new Set<string>();
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
      if (packed.has(Key)) continue;
      packed.add(Key);
      const bytes = gzipSync(await readBytes(clients, bucket, Key));
      await clients.s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: bytes }));
    }
    return keys;
  };
};
