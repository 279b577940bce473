import type { PriceName } from './prices.ts';

/** What having a resource costs while nothing happens, by its CloudFormation type. */
export interface ResourceCost {
  /** What is billed for having it; empty: nothing, it costs only when used. */
  readonly asleep: readonly PriceName[];
  readonly because: string;
}

const free = (because: string): ResourceCost => ({ asleep: [], because });

/**
 * Every kind of resource a stack may hold. A kind that is not here is not known to sleep for free: a test fails until
 * somebody has looked its price up.
 */
export const resourceCosts: Readonly<Record<string, ResourceCost>> = {
  'AWS::Lambda::Function': free('billed per request and GB-second'),
  'AWS::Lambda::Permission': free('a policy'),
  'AWS::Lambda::Url': free('no price of its own'),
  'AWS::Lambda::EventInvokeConfig': free('a setting'),
  'AWS::Lambda::EventSourceMapping': free('a setting of standard functions'),
  'AWS::Lambda::LayerVersion': free('no price of its own'),
  'AWS::Lambda::Version': free('no price of its own'),
  'AWS::Lambda::Alias': free('no price of its own without provisioned concurrency'),
  'AWS::IAM::Role': free('IAM is free'),
  'AWS::IAM::Policy': free('IAM is free'),
  'AWS::IAM::ManagedPolicy': free('IAM is free'),
  'AWS::S3::Bucket': { asleep: ['objectStorageGb'], because: 'what lies in it' },
  'AWS::S3::BucketPolicy': free('a policy'),
  'AWS::DynamoDB::Table': {
    asleep: ['tableStorageGb', 'tableBackupGb'],
    because: 'what lies in it, and its backup; on demand: no capacity is reserved',
  },
  'AWS::DynamoDB::GlobalTable': {
    asleep: ['tableStorageGb', 'tableBackupGb'],
    because: 'what lies in it, and its backup; one region, on demand',
  },
  'AWS::Logs::LogGroup': {
    asleep: ['logStorageGb'],
    because: 'what has been written, until its retention ends',
  },
  'AWS::Logs::MetricFilter': free('the metric is billed only while it counts something'),
  'AWS::Logs::ResourcePolicy': free('a policy'),
  'AWS::Logs::LogStream': free('a name'),
  'AWS::StepFunctions::StateMachine': free('billed per state transition'),
  'AWS::SNS::Topic': free('billed per message'),
  'AWS::SNS::TopicPolicy': free('a policy'),
  'AWS::SNS::Subscription': free('billed per message'),
  'AWS::SQS::Queue': free('billed per request'),
  'AWS::SQS::QueuePolicy': free('a policy'),
  'AWS::Events::Rule': free('events of AWS services are free, S3 events are billed each'),
  'AWS::Scheduler::Schedule': free('14 million invocations a month are free'),
  'AWS::Scheduler::ScheduleGroup': free('a name'),
  'AWS::CloudWatch::Alarm': { asleep: ['alarm'], because: 'each metric an alarm watches' },
  'AWS::CloudWatch::CompositeAlarm': { asleep: ['alarm'], because: 'dearer than a plain alarm' },
  'AWS::CloudWatch::Dashboard': { asleep: ['dashboard'], because: 'each' },
  'AWS::ApiGatewayV2::Api': free('billed per request'),
  'AWS::ApiGatewayV2::Stage': free('billed per request'),
  'AWS::ApiGatewayV2::Route': free('billed per request'),
  'AWS::ApiGatewayV2::Integration': free('billed per request'),
  'AWS::ApiGatewayV2::Authorizer': free('tokens are checked for nothing'),
  'AWS::KinesisFirehose::DeliveryStream': free('billed per GB'),
  'AWS::KMS::Key': { asleep: ['customerKey'], because: 'each' },
  'AWS::KMS::Alias': free('a name'),
  'AWS::Budgets::Budget': free('watching is free'),
  'AWS::SSM::Parameter': free('standard parameters are free'),
  'AWS::CDK::Metadata': free('a note'),
  'AWS::ResourceGroups::Group': free('a query'),
};
