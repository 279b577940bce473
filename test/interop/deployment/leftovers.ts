import { ListStacksCommand } from '@aws-sdk/client-cloudformation';
import { DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { ListRulesCommand } from '@aws-sdk/client-eventbridge';
import { ListDeliveryStreamsCommand } from '@aws-sdk/client-firehose';
import { ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { ListBucketsCommand } from '@aws-sdk/client-s3';
import { ListStateMachinesCommand } from '@aws-sdk/client-sfn';
import { ListTopicsCommand } from '@aws-sdk/client-sns';
import { ListQueuesCommand } from '@aws-sdk/client-sqs';
import { nameOf, stackNameOf } from '../../../lib/wire/names.ts';
import type { Clients } from './clients.ts';
import { stage } from './deploy-stage.ts';

/** Everything of the stage that an account still has, asked service by service. */
export const leftovers = async (clients: Clients): Promise<readonly string[]> => {
  const stacks = await clients.cloudFormation.send(new ListStacksCommand({}));
  const alive = stacks.StackSummaries?.filter(({ StackStatus }) => StackStatus !== 'DELETE_COMPLETE');
  const found: readonly (readonly (string | undefined)[] | undefined)[] = [
    alive?.map(({ StackName }) => StackName),
    (await clients.cloudWatch.send(new DescribeAlarmsCommand({}))).MetricAlarms?.map(
      ({ AlarmName }) => AlarmName,
    ),
    (await clients.logs.send(new DescribeLogGroupsCommand({}))).logGroups?.map(
      ({ logGroupName }) => logGroupName,
    ),
    (await clients.dynamodb.send(new ListTablesCommand({}))).TableNames,
    (await clients.events.send(new ListRulesCommand({}))).Rules?.map(({ Name }) => Name),
    (await clients.firehose.send(new ListDeliveryStreamsCommand({}))).DeliveryStreamNames,
    (await clients.lambda.send(new ListFunctionsCommand({}))).Functions?.map(
      ({ FunctionName }) => FunctionName,
    ),
    (await clients.s3.send(new ListBucketsCommand({}))).Buckets?.map(({ Name }) => Name),
    (await clients.sfn.send(new ListStateMachinesCommand({}))).stateMachines?.map(({ name }) => name),
    (await clients.sns.send(new ListTopicsCommand({}))).Topics?.map(({ TopicArn }) => TopicArn),
    (await clients.sqs.send(new ListQueuesCommand({}))).QueueUrls,
  ];
  const isOurs = (name: string) => name.includes(nameOf(stage, '')) || name === stackNameOf(stage);
  return found
    .flatMap((names) => names ?? [])
    .filter((name) => name !== undefined && isOurs(name)) as string[];
};
