import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { FirehoseClient } from '@aws-sdk/client-firehose';
import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SNSClient } from '@aws-sdk/client-sns';
import { SSMClient } from '@aws-sdk/client-ssm';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { cloudwatchAlarmBook } from '../../../../lib/adapters/aws/cloudwatch-alarm-book.ts';
import { cloudwatchMetricSink } from '../../../../lib/adapters/aws/cloudwatch-metric-sink.ts';
import { dynamodbRecordStore } from '../../../../lib/adapters/aws/dynamodb-record-store.ts';
import { firehoseCaptureSink } from '../../../../lib/adapters/aws/firehose-capture-sink.ts';
import { s3ObjectStore } from '../../../../lib/adapters/aws/s3-object-store.ts';
import { clientDefaults } from '../../../../lib/adapters/aws/sdk-errors.ts';
import { snsNotifier } from '../../../../lib/adapters/aws/sns-notifier.ts';
import { readStageSecret } from '../../../../lib/adapters/aws/ssm-secret.ts';
import { stepFunctionsWorkflow } from '../../../../lib/adapters/aws/step-functions-workflow.ts';
import { predictionRecord } from '../../../contract/capture-sink.ts';
import { FakeDynamoDb } from '../../../contract/fake-dynamodb.ts';
import { fixedClock } from '../../../support/index.ts';
import { type ScriptedAnswer, scriptedHttp } from '../../../support/scripted-http.ts';

type Http = ReturnType<typeof scriptedHttp>;

const json = (status: number, body: object): ScriptedAnswer => ({
  status,
  body: JSON.stringify(body),
  headers: { 'content-type': 'application/x-amz-json-1.0' },
});
const xml = (status: number, body: string): ScriptedAnswer => ({
  status,
  body,
  headers: { 'content-type': 'text/xml' },
});
const jsonFault = (type: string, status = 400) => json(status, { __type: type, message: 'Rate exceeded' });
const queryFault = (code: string) =>
  xml(
    400,
    `<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><Error><Type>Sender</Type><Code>${code}</Code><Message>Rate exceeded</Message></Error><RequestId>1</RequestId></ErrorResponse>`,
  );

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
/** As the adapters make their clients, but for the wire. */
const config = (http: Http) => ({
  ...clientDefaults,
  region: 'eu-central-1',
  credentials,
  requestHandler: http.requestHandler,
});
const clock = fixedClock();
const window = { name: 'LaneScore', dimensions: {}, from: 0, to: 3_600_000 };

interface Case {
  readonly service: string;
  readonly throttled: ScriptedAnswer;
  readonly fine: ScriptedAnswer;
  readonly call: (http: Http) => Promise<unknown>;
  readonly answers: unknown;
  /** The name the error still has when the service stays throttled. */
  readonly error: string;
}

const cases: readonly Case[] = [
  {
    service: 'S3',
    throttled: xml(
      503,
      '<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>',
    ),
    fine: {
      status: 200,
      headers: { 'content-length': '3', etag: '"x"', 'last-modified': 'Mon, 05 Jan 2026 09:00:00 GMT' },
    },
    call: (http) =>
      s3ObjectStore({ bucket: 'data', client: new S3Client(config(http)), clock }).list('incoming/'),
    answers: { objects: [] },
    error: 'SlowDown',
  },
  {
    service: 'DynamoDB',
    throttled: jsonFault('com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException'),
    fine: json(200, {}),
    call: (http) =>
      dynamodbRecordStore({ table: 't', client: new DynamoDBClient(config(http)), clock }).get({
        partition: 'p',
        sort: 's',
      }),
    answers: undefined,
    error: 'ProvisionedThroughputExceededException',
  },
  {
    service: 'Step Functions',
    throttled: jsonFault('ThrottlingException'),
    fine: json(200, { executions: [] }),
    call: (http) =>
      stepFunctionsWorkflow({ machineArnPrefix: 'arn:x-', client: new SFNClient(config(http)), clock }).list({
        machine: 'm',
      }),
    answers: [],
    error: 'ThrottlingException',
  },
  {
    service: 'SNS',
    throttled: queryFault('Throttled'),
    fine: xml(
      200,
      '<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>',
    ),
    call: async (http) => {
      const records = dynamodbRecordStore({
        table: 't',
        client: new FakeDynamoDb({ table: 't' }).client,
        clock,
      });
      const message = { id: '1', kind: 'note', model: 'm', subject: 's', text: 't' } as const;
      await snsNotifier({
        topicArn: 'arn:aws:sns:eu-central-1:123456789012:t',
        records,
        clock,
        client: new SNSClient(config(http)),
      }).notify(message);
    },
    answers: undefined,
    error: 'ThrottledException',
  },
  {
    service: 'CloudWatch, reading metrics',
    throttled: jsonFault('ThrottlingException'),
    fine: json(200, {
      MetricDataResults: [
        { Id: 'sum', Values: [2] },
        { Id: 'count', Values: [1] },
      ],
    }),
    call: (http) =>
      cloudwatchMetricSink({ stage: 'dev', client: new CloudWatchClient(config(http)) }).total(window),
    answers: { sum: 2, count: 1 },
    error: 'ThrottlingException',
  },
  {
    service: 'CloudWatch, reading alarms',
    throttled: jsonFault('Throttling'),
    fine: json(200, { MetricAlarms: [] }),
    call: (http) =>
      cloudwatchAlarmBook({
        stage: 'dev',
        topicArn: 'arn:t',
        client: new CloudWatchClient(config(http)),
      }).states('m'),
    answers: [],
    error: 'Throttling',
  },
  {
    service: 'SSM',
    throttled: jsonFault('ThrottlingException'),
    fine: json(200, { Parameter: { Name: '/millrace/dev/secret', Value: 'kept' } }),
    call: (http) =>
      readStageSecret({
        parameter: '/millrace/dev/secret',
        stage: 'dev',
        client: new SSMClient(config(http)),
        clock,
      }),
    answers: 'kept',
    error: 'ThrottlingException',
  },
];

describe('a service that throttles', () => {
  beforeEach(() => {
    // The SDK's waits are jittered by chance: at a thousandth of their length nothing waits for real.
    vi.spyOn(Math, 'random').mockReturnValue(0.001);
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it.each(cases)('is asked again and then answers: $service', async ({ throttled, fine, call, answers }) => {
    const http = scriptedHttp(throttled, throttled, fine);

    expect(await call(http)).toEqual(answers);

    expect(http.requests).toHaveLength(3);
    expect(http.requests.every(({ protocol }) => protocol === 'https:')).toBe(true);
  });

  it.each(cases)('that does not stop fails after five tries, and says why: $service', async (one) => {
    const http = scriptedHttp(one.throttled);

    await expect(one.call(http)).rejects.toMatchObject({
      name: one.error,
      $metadata: { attempts: 5, httpStatusCode: one.throttled.status },
    });

    expect(http.requests).toHaveLength(5);
  });

  it('is asked again by the capture sink too: Firehose', async () => {
    const throttled = jsonFault('ServiceUnavailableException', 503);
    const fine = json(200, { FailedPutCount: 0, RequestResponses: [{ RecordId: '1' }] });
    const http = scriptedHttp(throttled, throttled, fine);
    const sink = firehoseCaptureSink({ stream: 's', client: new FirehoseClient(config(http)), clock });

    sink.capture([predictionRecord()]);

    expect(await sink.flush()).toEqual({ written: 1, lost: 0 });
    expect(http.requests).toHaveLength(3);
  });

  it('that does not stop costs the capture sink records, which it counts: Firehose', async () => {
    const http = scriptedHttp(jsonFault('ServiceUnavailableException', 503));
    const sink = firehoseCaptureSink({ stream: 's', client: new FirehoseClient(config(http)), clock });

    sink.capture([predictionRecord(), predictionRecord()]);

    expect(await sink.flush()).toEqual({ written: 0, lost: 2 });
    expect(http.requests).toHaveLength(5);
  });

  it('is asked again for a transaction that it cancelled for that reason: DynamoDB', async () => {
    const reasons = [{ Code: 'None' }, { Code: 'ThrottlingError', Message: 'Throughput exceeds' }];
    const cancelled = json(400, { __type: 'TransactionCanceledException', CancellationReasons: reasons });
    const items = ['a', 'b'].map((sort) => ({ partition: 'p', sort, body: {} }));
    const transact = (http: Http) =>
      dynamodbRecordStore({ table: 't', client: new DynamoDBClient(config(http)), clock }).transact(items);
    const passing = scriptedHttp(cancelled, cancelled, json(200, {}));
    const lasting = scriptedHttp(cancelled);

    await transact(passing);
    await expect(transact(lasting)).rejects.toMatchObject({ name: 'TransactionCanceledException' });

    expect([passing.requests.length, lasting.requests.length]).toEqual([3, 6]);
  });

  it('is not asked again when it refuses for good', async () => {
    const http = scriptedHttp(jsonFault('AccessDeniedException'));

    await expect(cases[2]?.call(http)).rejects.toMatchObject({ name: 'AccessDeniedException' });

    expect(http.requests).toHaveLength(1);
  });
});
