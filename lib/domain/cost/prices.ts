import type { IdlePriceName } from '../../wire/idle-prices.ts';

/** What AWS asks for a unit, in US dollars. Free: what every account gets each month for ever, not in its first year. */
export interface Price {
  readonly usd: number;
  /** What one unit is. */
  readonly per: string;
  /** How many units a month cost nothing. */
  readonly freePerMonth?: number;
  readonly page: string;
  /** Where sources disagree, or AWS leaves open what is counted: what is assumed here. */
  readonly doubt?: string;
}

const page = {
  lambda: 'https://aws.amazon.com/lambda/pricing/',
  api: 'https://aws.amazon.com/api-gateway/pricing/',
  dynamodb: 'https://aws.amazon.com/dynamodb/pricing/on-demand/',
  s3: 'https://aws.amazon.com/s3/pricing/',
  cloudwatch: 'https://aws.amazon.com/cloudwatch/pricing/',
  firehose: 'https://aws.amazon.com/firehose/pricing/',
  stepFunctions: 'https://aws.amazon.com/step-functions/pricing/',
  sns: 'https://aws.amazon.com/sns/pricing/',
  sqs: 'https://aws.amazon.com/sqs/pricing/',
  eventBridge: 'https://aws.amazon.com/eventbridge/pricing/',
  kms: 'https://aws.amazon.com/kms/pricing/',
  xray: 'https://aws.amazon.com/xray/pricing/',
  transfer: 'https://aws.amazon.com/ec2/pricing/on-demand/#Data_Transfer',
  ecr: 'https://aws.amazon.com/ecr/pricing/',
  sagemaker: 'https://aws.amazon.com/sagemaker/ai/pricing/',
} as const;

const million = 1_000_000;

/**
 * The day the figures were compared: with copies of AWS's pages and with what tools read from its price list, not with AWS
 * itself. AWS changes them seldom, and mostly downwards: the pages named have the last word.
 */
export const pricesAsOf = '2026-11-21';
/** The region they hold for; most others ask the same or up to a quarter more. */
export const pricesRegion = 'us-east-1';

export const prices = {
  alarm: { usd: 0.1, per: 'alarm and month', freePerMonth: 10, page: page.cloudwatch },
  customMetric: { usd: 0.3, per: 'metric and month', freePerMonth: 10, page: page.cloudwatch },
  dashboard: { usd: 3, per: 'dashboard and month', freePerMonth: 3, page: page.cloudwatch },
  logIngestGb: { usd: 0.5, per: 'GB written', freePerMonth: 5, page: page.cloudwatch },
  // The 5 free GB are for writing, keeping and scanning together: none is counted for keeping.
  logStorageGb: { usd: 0.03, per: 'GB and month', page: page.cloudwatch },
  metricRequest: { usd: 10 / million, per: 'request', freePerMonth: million, page: page.cloudwatch },
  customerKey: { usd: 1, per: 'key and month', page: page.kms },
  keyRequest: { usd: 3 / million, per: 'request', freePerMonth: 20_000, page: page.kms },
  lambdaRequest: { usd: 0.2 / million, per: 'request', freePerMonth: million, page: page.lambda },
  lambdaArmGbSecond: { usd: 0.0000133334, per: 'GB-second', freePerMonth: 400_000, page: page.lambda },
  lambdaX86GbSecond: { usd: 0.0000166667, per: 'GB-second', freePerMonth: 400_000, page: page.lambda },
  lambdaScratchGbSecond: {
    usd: 0.0000000309,
    per: 'GB-second beyond 512 MB of /tmp',
    page: page.lambda,
  },
  apiRequest: { usd: 1 / million, per: 'request of up to 512 KB', page: page.api },
  tableRead: { usd: 0.125 / million, per: 'read of 4 KB', page: page.dynamodb },
  tableWrite: { usd: 0.625 / million, per: 'write of 1 KB', page: page.dynamodb },
  tableStorageGb: { usd: 0.25, per: 'GB and month', freePerMonth: 25, page: page.dynamodb },
  tableBackupGb: { usd: 0.2, per: 'GB and month of point-in-time recovery', page: page.dynamodb },
  objectStorageGb: { usd: 0.023, per: 'GB and month', page: page.s3 },
  objectWrite: { usd: 5 / million, per: 'PUT or LIST', page: page.s3 },
  objectRead: { usd: 0.4 / million, per: 'GET or HEAD', page: page.s3 },
  firehoseGb: { usd: 0.029, per: 'GB taken in, each record rounded up to 5 KB', page: page.firehose },
  firehosePartitionedGb: { usd: 0.02, per: 'GB sorted into partitions', page: page.firehose },
  firehoseObject: { usd: 5 / million, per: 'object of a partition', page: page.firehose },
  firehoseJqHour: {
    usd: 0.07,
    per: 'hour of reading the partition from the record',
    page: page.firehose,
    doubt: 'AWS does not say what an hour of it is; taken as the time spent, 1 ms a record',
  },
  stateTransition: {
    usd: 25 / million,
    per: 'state transition',
    freePerMonth: 4000,
    page: page.stepFunctions,
  },
  topicRequest: { usd: 0.5 / million, per: 'message', freePerMonth: million, page: page.sns },
  topicEmail: { usd: 20 / million, per: 'e-mail', freePerMonth: 1000, page: page.sns },
  queueRequest: { usd: 0.4 / million, per: 'request', freePerMonth: million, page: page.sqs },
  objectEvent: {
    usd: 1 / million,
    per: 'event of S3 through EventBridge',
    page: page.eventBridge,
    doubt: 'some sources count it among the events that are free',
  },
  trace: { usd: 5 / million, per: 'trace', freePerMonth: 100_000, page: page.xray },
  transferGb: { usd: 0.09, per: 'GB to the internet', freePerMonth: 100, page: page.transfer },
  imageStorageGb: { usd: 0.1, per: 'GB and month', page: page.ecr },
} as const satisfies Record<string, Price> & Record<IdlePriceName, Price>;

export type PriceName = keyof typeof prices;

/**
 * SageMaker training instances, in US dollars an hour; spot asks about a third of it, by what is free at the time. Sources
 * agree on m5 and differ by 6 % on c5: the dearer figure is taken.
 */
export const trainingInstanceUsdPerHour: Readonly<Record<string, number>> = {
  'ml.m5.large': 0.115,
  'ml.m5.xlarge': 0.23,
  'ml.m5.2xlarge': 0.461,
  'ml.m5.4xlarge': 0.922,
  'ml.c5.xlarge': 0.204,
  'ml.c5.2xlarge': 0.408,
  'ml.c5.4xlarge': 0.816,
};

export const trainingInstancePage = page.sagemaker;
