import { readFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { FirehoseClient } from '@aws-sdk/client-firehose';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { type Ministack, region } from '../support/ministack.ts';
import { s3ClientOf } from '../support/ministack-s3.ts';

/** The test's own hands, with the rights of the account's owner; functions have theirs. */
export const openClients = (ministack: Ministack) => {
  const shared = {
    endpoint: ministack.endpoint,
    region,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    requestHandler: {
      httpsAgent: new Agent({ ca: readFileSync(ministack.certificateFile), keepAlive: true }),
    },
  };
  return {
    s3: s3ClientOf(ministack),
    cloudFormation: new CloudFormationClient(shared),
    cloudWatch: new CloudWatchClient(shared),
    logs: new CloudWatchLogsClient(shared),
    dynamodb: new DynamoDBClient(shared),
    events: new EventBridgeClient(shared),
    firehose: new FirehoseClient(shared),
    lambda: new LambdaClient(shared),
    sfn: new SFNClient(shared),
    sns: new SNSClient(shared),
    sqs: new SQSClient(shared),
  };
};

export type Clients = ReturnType<typeof openClients>;
