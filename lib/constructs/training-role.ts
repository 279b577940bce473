import { ArnFormat, Aws, Stack } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { HouseFunction } from './house-function.ts';
import type { HouseKey } from './house-key.ts';
import type { ObjectBuckets } from './object-buckets.ts';
import { type Permission, permit } from './permissions.ts';
import type { Principal } from './principal.ts';

export interface TrainingRoleProps {
  readonly buckets: ObjectBuckets;
  readonly key?: HouseKey | undefined;
}

/** What a SageMaker training job runs under: it reads datasets and what its run staged, writes under runs, logs and pulls its image. */
export class TrainingRole extends Construct implements Principal {
  readonly role: Role;
  readonly #key: HouseKey | undefined;

  constructor(scope: Construct, id: string, { buckets, key }: TrainingRoleProps) {
    super(scope, id);
    this.#key = key;
    this.role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('sagemaker.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
    });
    buckets.grantRead(this, 'datasets', 'runs');
    buckets.grantPut(this, 'runs');
    key?.grantUse(this);
    this.#allowLogs();
    this.#allowMetrics();
    this.#allowImages();
  }

  allow(permission: Permission): void {
    permit(this, this.role, permission);
  }

  /** Tells a function which role and key the jobs it plans run under. It cannot pass the role: the state machine does. */
  tellTo(fn: HouseFunction): void {
    fn.tell('trainingRoleArn', this.role.roleArn);
    if (this.#key !== undefined) fn.tell('trainingKeyArn', this.#key.key.keyArn);
  }

  #allowLogs(): void {
    const group = { service: 'logs', resource: 'log-group', arnFormat: ArnFormat.COLON_RESOURCE_NAME };
    this.allow({
      actions: [
        'logs:CreateLogGroup',
        'logs:CreateLogStream',
        'logs:DescribeLogStreams',
        'logs:PutLogEvents',
      ],
      resources: [Stack.of(this).formatArn({ ...group, resourceName: '/aws/sagemaker/TrainingJobs:*' })],
      because: 'SageMaker writes every job to this one log group, a stream each',
    });
  }

  #allowMetrics(): void {
    this.allow({
      actions: ['cloudwatch:PutMetricData'],
      resources: ['*'],
      conditions: { StringEquals: { 'cloudwatch:namespace': '/aws/sagemaker/TrainingJobs' } },
      because: 'CloudWatch knows no resources for PutMetricData: the condition names the one namespace',
    });
  }

  #allowImages(): void {
    const repository = (account: string, name: string) =>
      Stack.of(this).formatArn({ service: 'ecr', account, resource: 'repository', resourceName: name });
    this.allow({
      actions: ['ecr:GetAuthorizationToken'],
      resources: ['*'],
      because: 'ECR gives its token for a registry, and knows no resource for it',
    });
    this.allow({
      actions: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
      resources: [repository('*', 'sagemaker-xgboost'), repository(Aws.ACCOUNT_ID, '*')],
      because:
        "AWS keeps its XGBoost image in an account of each region's own; model.json may name any image of this account",
    });
  }
}
