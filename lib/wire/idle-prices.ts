/** What may be billed for merely having a resource; `prices` in lib/domain/cost has the dollars under the same names. */
export type IdlePriceName =
  | 'alarm'
  | 'customerKey'
  | 'dashboard'
  | 'logStorageGb'
  | 'objectStorageGb'
  | 'tableBackupGb'
  | 'tableStorageGb';

export interface IdlePrice {
  /** What is billed while nothing happens; empty: nothing, it costs only when used. */
  readonly asleep: readonly IdlePriceName[];
  readonly because: string;
}

const free = (because: string): IdlePrice => ({ asleep: [], because });

/**
 * Every kind of resource a stack may hold, by its CloudFormation type. The synth refuses any other, because a kind that is
 * not here is not known to sleep for free: look its price up, then add it.
 */
export const idlePrices: Readonly<Record<string, IdlePrice>> = {
  'AWS::ApiGatewayV2::Api': free('billed per request'),
  'AWS::ApiGatewayV2::Authorizer': free('tokens are checked for nothing'),
  'AWS::ApiGatewayV2::Integration': free('billed per request'),
  'AWS::ApiGatewayV2::Route': free('billed per request'),
  'AWS::ApiGatewayV2::Stage': free('billed per request'),
  'AWS::Budgets::Budget': free('watching is free'),
  'AWS::CDK::Metadata': free('a note'),
  'AWS::CloudWatch::Alarm': { asleep: ['alarm'], because: 'each metric an alarm watches' },
  'AWS::CloudWatch::Dashboard': { asleep: ['dashboard'], because: 'each' },
  'AWS::DynamoDB::Table': {
    asleep: ['tableStorageGb', 'tableBackupGb'],
    because: 'what lies in it, and its backup; on demand: no capacity is reserved',
  },
  'AWS::Events::Rule': free('events of AWS services are free, S3 events are billed each'),
  'AWS::IAM::Policy': free('IAM is free'),
  'AWS::IAM::Role': free('IAM is free'),
  'AWS::KMS::Alias': free('a name'),
  'AWS::KMS::Key': { asleep: ['customerKey'], because: 'each' },
  'AWS::KinesisFirehose::DeliveryStream': free('billed per GB'),
  'AWS::Lambda::Function': free('billed per request and GB-second'),
  'AWS::Lambda::Permission': free('a policy'),
  'AWS::Lambda::Url': free('no price of its own'),
  'AWS::Logs::LogGroup': {
    asleep: ['logStorageGb'],
    because: 'what has been written, until its retention ends',
  },
  'AWS::Logs::LogStream': free('a name'),
  'AWS::S3::Bucket': { asleep: ['objectStorageGb'], because: 'what lies in it' },
  'AWS::S3::BucketPolicy': free('a policy'),
  'AWS::SNS::Subscription': free('billed per message'),
  'AWS::SNS::Topic': free('billed per message'),
  'AWS::SNS::TopicPolicy': free('a policy'),
  'AWS::SQS::Queue': free('billed per request'),
  'AWS::SQS::QueuePolicy': free('a policy'),
  'AWS::StepFunctions::StateMachine': free('billed per state transition'),
};
