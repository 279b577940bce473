import { Aws, RemovalPolicy } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import { LogStream } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { nameOf } from '../wire/names.ts';
import type { Settings } from '../wire/settings.ts';
import type { HouseFunction } from './house-function.ts';
import type { HouseKey } from './house-key.ts';
import { houseLogGroup } from './house-log-group.ts';
import type { ObjectBuckets } from './object-buckets.ts';
import { type Permission, permit } from './permissions.ts';
import type { Principal } from './principal.ts';

export interface CapturesProps {
  readonly settings: Settings;
  readonly buckets: ObjectBuckets;
  readonly key?: HouseKey | undefined;
}

/** Reads model, day and hour (UTC) of a record for its place. */
const placeQuery = '{model: .model, dt: .at[0:10], hour: .at[11:13]}';
const partition = (name: string): string => `!{partitionKeyFromQuery:${name}}`;

const processor = (type: string, parameters: Readonly<Record<string, string>>) => ({
  type,
  parameters: Object.entries(parameters).map(([parameterName, parameterValue]) => ({
    parameterName,
    parameterValue,
  })),
});

/**
 * What was predicted on its way to `captured/model=…/dt=…/hour=…/`, gzip NDJSON. Callers put many predictions into one
 * record, newline between them, because Firehose bills records by 5 KB; they are taken apart here.
 */
export class Captures extends Construct implements Principal {
  readonly stream: CfnDeliveryStream;
  readonly role: Role;
  readonly #streamName: string;

  constructor(scope: Construct, id: string, { settings, buckets, key }: CapturesProps) {
    super(scope, id);
    this.#streamName = nameOf(settings.stage, 'captures');
    this.role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('firehose.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
    });
    const logGroup = houseLogGroup(this, 'captures', { settings, key });
    const logStream = new LogStream(this, 'LogStream', {
      logGroup,
      logStreamName: 'delivery',
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.#allowDelivery(buckets, logGroup.logGroupArn);
    key?.grantUse(this);
    this.stream = new CfnDeliveryStream(this, 'Stream', {
      deliveryStreamName: this.#streamName,
      deliveryStreamType: 'DirectPut',
      deliveryStreamEncryptionConfigurationInput:
        key === undefined
          ? { keyType: 'AWS_OWNED_CMK' }
          : { keyType: 'CUSTOMER_MANAGED_CMK', keyArn: key.key.keyArn },
      extendedS3DestinationConfiguration: {
        bucketArn: buckets.captures.bucketArn,
        roleArn: this.role.roleArn,
        prefix: `captured/model=${partition('model')}/dt=${partition('dt')}/hour=${partition('hour')}/`,
        errorOutputPrefix: 'capture-errors/!{firehose:error-output-type}/',
        compressionFormat: 'GZIP',
        fileExtension: '.ndjson.gz',
        // The smallest that dynamic partitioning admits, https://docs.aws.amazon.com/firehose/latest/APIReference/API_BufferingHints.html
        bufferingHints: { intervalInSeconds: 60, sizeInMBs: 64 },
        dynamicPartitioningConfiguration: { enabled: true, retryOptions: { durationInSeconds: 300 } },
        processingConfiguration: {
          enabled: true,
          processors: [
            processor('RecordDeAggregation', { SubRecordType: 'JSON' }),
            processor('MetadataExtraction', {
              MetadataExtractionQuery: placeQuery,
              JsonParsingEngine: 'JQ-1.6',
            }),
            // Taking records apart takes the newline from between them.
            processor('AppendDelimiterToRecord', { Delimiter: '\\n' }),
          ],
        },
        cloudWatchLoggingOptions: {
          enabled: true,
          logGroupName: logGroup.logGroupName,
          logStreamName: logStream.logStreamName,
        },
      },
    });
    // The stream tries its role when it is made.
    this.stream.node.addDependency(this.role);
  }

  allow(permission: Permission): void {
    permit(this, this.role, permission);
  }

  grantPut(fn: HouseFunction): void {
    fn.tell('captureStream', this.#streamName);
    fn.allow({
      actions: ['firehose:PutRecord', 'firehose:PutRecordBatch'],
      resources: [this.stream.attrArn],
    });
  }

  #allowDelivery({ captures }: ObjectBuckets, logGroupArn: string): void {
    this.allow({
      actions: ['s3:PutObject', 's3:AbortMultipartUpload'],
      resources: ['captured/*', 'capture-errors/*'].map((keys) => captures.arnForObjects(keys)),
      because: 'objects under the two prefixes this stream writes to; Firehose names them',
    });
    this.allow({
      actions: ['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'],
      resources: [captures.bucketArn],
    });
    this.allow({ actions: ['logs:PutLogEvents'], resources: [logGroupArn] });
  }
}
