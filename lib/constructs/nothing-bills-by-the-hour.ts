import { CfnResource, type IAspect, Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { MillraceError } from '../wire/errors.ts';
import { idlePrices } from '../wire/idle-prices.ts';

/** Types people reach for, and what does the same work here without a clock. */
const instead: readonly (readonly [RegExp, string])[] = [
  [/^AWS::EC2::(NatGateway|EIP)$/, 'functions outside a VPC reach AWS by themselves'],
  [/^AWS::EC2::VPCEndpoint$/, 'functions outside a VPC reach AWS by themselves'],
  [/^AWS::ElasticLoadBalancing/, 'the HTTP API is paid by the request'],
  [
    /^AWS::SageMaker::(Endpoint|NotebookInstance)/,
    'serve-predictions answers for every model, paid by the request',
  ],
  [
    /^AWS::(RDS|Redshift|OpenSearchService|Elasticsearch|ElastiCache|Neptune|DAX|DocDB|MSK)::/,
    'the registry is a table on demand',
  ],
  [/^AWS::Kinesis::/, 'Firehose takes records directly, paid by the gigabyte'],
  [
    /^AWS::(EC2|ECS|EKS|AutoScaling|EMR)::/,
    'a function or a training job runs while there is work, and ends',
  ],
];

const refusal = (resource: CfnResource, because: string): MillraceError =>
  new MillraceError(
    'BILLS_BY_THE_HOUR',
    `${resource.node.path} is of the type ${resource.cfnResourceType}, ${because}`,
    { resource: resource.node.path, type: resource.cfnResourceType },
  );

/** The properties as they will stand in the template. */
const propertiesOf = (resource: CfnResource): Readonly<Record<string, unknown>> => {
  const { Resources } = Stack.of(resource).resolve(resource._toCloudFormation());
  const [definition] = Object.values<{ Properties?: Record<string, unknown> }>(Resources ?? {});
  return definition?.Properties ?? {};
};

/** What is billed by the hour though its type need not be; `undefined` when nothing is. */
const provisionedPart = (resource: CfnResource): string | undefined => {
  const properties = propertiesOf(resource);
  if (resource.cfnResourceType === 'AWS::DynamoDB::Table' && properties.BillingMode !== 'PAY_PER_REQUEST')
    return 'whose throughput is provisioned: set its billing mode to PAY_PER_REQUEST';
  if (properties.ProvisionedConcurrencyConfig !== undefined)
    return 'with provisioned concurrency, which is billed while nobody calls: take it out';
  return undefined;
};

/**
 * Refuses, at synth, every resource that costs money while nothing happens. It knows what is free, not what is dear:
 * a type it has not met is refused too, until somebody has looked its price up. Throws BILLS_BY_THE_HOUR.
 */
export class NothingBillsByTheHour implements IAspect {
  visit(node: IConstruct): void {
    if (!CfnResource.isCfnResource(node)) return;
    const type = node.cfnResourceType;
    const part = provisionedPart(node);
    if (part !== undefined) throw refusal(node, part);
    if (Object.hasOwn(idlePrices, type)) return;
    const [, other] = instead.find(([pattern]) => pattern.test(type)) ?? [];
    throw refusal(
      node,
      other === undefined ? 'whose price asleep nobody has looked up' : `which bills by the hour: ${other}`,
    );
  }
}
