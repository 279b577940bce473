import { App, Aspects, CfnResource, Stack } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { NothingBillsByTheHour } from '../../lib/constructs/nothing-bills-by-the-hour.ts';
import { idlePrices } from '../../lib/wire/idle-prices.ts';
import { resourcesOf } from './policies.ts';
import { appOf, stages, templateOf } from './synthesise.ts';

/** Synthesises an otherwise empty stack that somebody added one resource to. */
const adding = (type: string, properties: Record<string, unknown> = {}) => {
  const app = new App({ analyticsReporting: false });
  const stack = new Stack(app, 'millrace-dev');
  Aspects.of(stack).add(new NothingBillsByTheHour());
  new CfnResource(stack, 'Added', { type, properties });
  return () => app.synth();
};

describe('a resource that bills by the hour', () => {
  it.each([
    ['AWS::EC2::NatGateway', 'functions outside a VPC reach AWS by themselves'],
    ['AWS::EC2::VPCEndpoint', 'functions outside a VPC reach AWS by themselves'],
    ['AWS::EC2::EIP', 'functions outside a VPC reach AWS by themselves'],
    ['AWS::ElasticLoadBalancingV2::LoadBalancer', 'the HTTP API is paid by the request'],
    ['AWS::SageMaker::Endpoint', 'serve-predictions answers for every model'],
    ['AWS::SageMaker::NotebookInstance', 'serve-predictions answers for every model'],
    ['AWS::RDS::DBInstance', 'the registry is a table on demand'],
    ['AWS::Redshift::Cluster', 'the registry is a table on demand'],
    ['AWS::OpenSearchService::Domain', 'the registry is a table on demand'],
    ['AWS::ElastiCache::CacheCluster', 'the registry is a table on demand'],
    ['AWS::DAX::Cluster', 'the registry is a table on demand'],
    ['AWS::Kinesis::Stream', 'Firehose takes records directly'],
    ['AWS::MSK::Cluster', 'the registry is a table on demand'],
    ['AWS::ECS::Service', 'a function or a training job runs while there is work'],
    ['AWS::EC2::Instance', 'a function or a training job runs while there is work'],
  ])('%s fails the synth: %s', (type, instead) => {
    expect(adding(type)).toThrow(
      expect.objectContaining({
        name: 'BILLS_BY_THE_HOUR',
        message: expect.stringMatching(
          new RegExp(`millrace-dev/Added is of the type ${type}, .*${instead}.*; take the resource out`),
        ),
      }),
    );
  });

  it('fails the synth also when nobody has looked its price up', () => {
    expect(adding('AWS::Quantum::Annealer')).toThrow(
      'is of the type AWS::Quantum::Annealer, whose price asleep nobody has looked up; take the resource out, or',
    );
  });

  it('fails the synth when a free type is provisioned: a table', () => {
    const table = { KeySchema: [], ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 5 } };

    expect(adding('AWS::DynamoDB::Table', table)).toThrow('whose throughput is provisioned');
    expect(adding('AWS::DynamoDB::Table', { ...table, BillingMode: 'PROVISIONED' })).toThrow(
      'throughput is provisioned',
    );
  });

  it('fails the synth when a free type is provisioned: a function', () => {
    const alias = { ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 1 } };

    expect(adding('AWS::Lambda::Alias', alias)).toThrow('with provisioned concurrency');
  });

  it('fails the synth of the stack itself', () => {
    const { app, stack } = appOf({});
    new CfnResource(stack, 'Nat', { type: 'AWS::EC2::NatGateway' });

    expect(() => app.synth()).toThrow(
      'millrace-dev/Nat is of the type AWS::EC2::NatGateway, which bills by the hour',
    );
  });
});

describe('a stage asleep', () => {
  const plainStage = templateOf(stages.cheap);
  const everything = templateOf(stages.guarded);
  const typesOf = (template: typeof plainStage) =>
    new Set(
      Object.values(template.toJSON().Resources as Record<string, { Type: string }>).map(({ Type }) => Type),
    );

  it('pays for its five alarms, and for what is kept, alone', () => {
    const isKept = (name: string) => /Gb$/.test(name);
    const priced = [...typesOf(plainStage)].filter((type) =>
      idlePrices[type]?.asleep.some((name) => !isKept(name)),
    );

    expect(priced).toEqual(['AWS::CloudWatch::Alarm']);
    plainStage.resourceCountIs('AWS::CloudWatch::Alarm', 5);
  });

  it('has no dashboard, no key and no budget unless they are asked for', () => {
    for (const type of ['AWS::CloudWatch::Dashboard', 'AWS::KMS::Key', 'AWS::Budgets::Budget']) {
      plainStage.resourceCountIs(type, 0);
      everything.resourceCountIs(type, 1);
    }
  });

  it('knows the price of every type that its templates hold', () => {
    for (const type of typesOf(everything)) expect(idlePrices).toHaveProperty([type]);
  });

  it('counts the budget by the tag of the stage, and writes to people before and at the limit', () => {
    const [budget] = Object.values(resourcesOf(everything, 'AWS::Budgets::Budget'));

    expect(budget?.Properties).toMatchObject({
      Budget: {
        BudgetName: 'millrace-prod-monthly',
        BudgetLimit: { Amount: 20, Unit: 'USD' },
        CostFilters: { TagKeyValue: ['user:millrace:stage$prod'] },
      },
      NotificationsWithSubscribers: [
        {
          Notification: { NotificationType: 'ACTUAL', Threshold: 80 },
          Subscribers: ['ada@example.org', 'bo@example.org'].map((Address) => ({
            Address,
            SubscriptionType: 'EMAIL',
          })),
        },
        { Notification: { NotificationType: 'FORECASTED', Threshold: 100 } },
      ],
    });
  });

  it('shows every lane of every model on its dashboard by one search', () => {
    const [dashboard] = Object.values(resourcesOf(everything, 'AWS::CloudWatch::Dashboard'));

    expect(JSON.stringify(dashboard?.Properties.DashboardBody)).toContain('SEARCH(');
  });
});
