import { Match, type Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { functionNames } from '../../lib/wire/functions.ts';
import { nameOf } from '../../lib/wire/names.ts';
import { resourcesOf } from './policies.ts';
import { stages, templateOf } from './synthesise.ts';

const dev = templateOf(stages.cheap);
const prod = templateOf(stages.guarded);
const keyed = templateOf(stages.keyed);

const only = (template: Template, type: string) => {
  const [resource, ...others] = Object.values(resourcesOf(template, type));
  if (resource === undefined || others.length > 0) throw new Error(`expected one ${type}`);
  return resource;
};
const each = (template: Template, type: string) =>
  Object.values(resourcesOf(template, type)).map(({ Properties }) => Properties);

/** The statement every policy of a thing of ours must hold: no plain HTTP. */
const deniesPlainHttp = {
  PolicyDocument: {
    Statement: Match.arrayWith([
      Match.objectLike({
        Effect: 'Deny',
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        Principal: Match.anyValue(),
      }),
    ]),
  },
};

describe('buckets', () => {
  it('are three, versioned, encrypted, closed to the public and to other origins', () => {
    const buckets = each(dev, 'AWS::S3::Bucket');

    expect(buckets).toHaveLength(3);
    for (const bucket of buckets) {
      expect(bucket.VersioningConfiguration).toEqual({ Status: 'Enabled' });
      expect(bucket.PublicAccessBlockConfiguration).toEqual({
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      });
      expect(bucket.OwnershipControls).toEqual({ Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] });
      expect(bucket.BucketEncryption).toEqual({
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      });
      expect(bucket).not.toHaveProperty('CorsConfiguration');
    }
  });

  it('speak TLS 1.2 or newer', () => {
    dev.resourcePropertiesCountIs('AWS::S3::BucketPolicy', deniesPlainHttp, 3);
    dev.resourcePropertiesCountIs(
      'AWS::S3::BucketPolicy',
      {
        PolicyDocument: {
          Statement: Match.arrayWith([
            Match.objectLike({ Effect: 'Deny', Condition: { NumericLessThan: { 's3:TlsVersion': 1.2 } } }),
          ]),
        },
      },
      3,
    );
  });

  it('forget broken uploads in a day and replaced versions in thirty', () => {
    dev.resourcePropertiesCountIs(
      'AWS::S3::Bucket',
      {
        LifecycleConfiguration: {
          Rules: Match.arrayWith([
            Match.objectLike({
              Status: 'Enabled',
              AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
              NoncurrentVersionExpiration: { NoncurrentDays: 30 },
            }),
          ]),
        },
      },
      3,
    );
  });

  it('keep captured predictions and their labels cheaply after 90 days and forget them and their windows after 400, and nothing else', () => {
    const current = each(dev, 'AWS::S3::Bucket').map(({ LifecycleConfiguration }) =>
      (LifecycleConfiguration as { Rules: readonly Record<string, unknown>[] }).Rules.map((rule) => [
        rule.ExpirationInDays,
        rule.Transitions,
        rule.Prefix,
      ]).filter(([days, transitions]) => days !== undefined || transitions !== undefined),
    );

    expect(current.toSorted((a, b) => a.length - b.length)).toEqual([
      [],
      [[400, undefined, 'windows/']],
      [
        [undefined, [{ StorageClass: 'GLACIER_IR', TransitionInDays: 90 }], undefined],
        [400, undefined, undefined],
      ],
    ]);
  });

  it('tell EventBridge of what is dropped by their own property, without a function in between', () => {
    dev.resourcePropertiesCountIs(
      'AWS::S3::Bucket',
      { NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } } },
      1,
    );
    dev.resourceCountIs('Custom::S3BucketNotifications', 0);
  });
});

describe('the registry', () => {
  it('is one table on demand that can be put back to any second, and forgets only what carries expiresAt', () => {
    const { Properties } = only(dev, 'AWS::DynamoDB::Table');

    expect(Properties).toMatchObject({
      BillingMode: 'PAY_PER_REQUEST',
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
      KeySchema: [
        { AttributeName: 'partition', KeyType: 'HASH' },
        { AttributeName: 'sort', KeyType: 'RANGE' },
      ],
    });
  });

  it('has the one index the record store asks for, with whole records', () => {
    expect(only(dev, 'AWS::DynamoDB::Table').Properties.GlobalSecondaryIndexes).toEqual([
      {
        IndexName: 'by-index',
        KeySchema: [
          { AttributeName: 'indexPartition', KeyType: 'HASH' },
          { AttributeName: 'indexSort', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'ALL' },
      },
    ]);
  });
});

describe('topic and queue', () => {
  it('refuse plain HTTP', () => {
    dev.resourcePropertiesCountIs('AWS::SNS::TopicPolicy', deniesPlainHttp, 1);
    dev.resourcePropertiesCountIs('AWS::SQS::QueuePolicy', deniesPlainHttp, 1);
  });

  it('keep dead letters encrypted, and for 14 days', () => {
    expect(only(dev, 'AWS::SQS::Queue').Properties).toMatchObject({
      SqsManagedSseEnabled: true,
      MessageRetentionPeriod: 14 * 86_400,
    });
  });

  it('let alarms of this account publish', () => {
    dev.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Effect: 'Allow',
            Action: 'sns:Publish',
            Principal: { Service: 'cloudwatch.amazonaws.com' },
            Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
          }),
        ]),
      },
    });
  });

  it('write to each address of the settings, and keep what could not be sent', () => {
    const subscriptions = each(prod, 'AWS::SNS::Subscription');

    expect(subscriptions.map(({ Protocol, Endpoint }) => [Protocol, Endpoint])).toEqual([
      ['email', 'ada@example.org'],
      ['email', 'bo@example.org'],
    ]);
    for (const subscription of subscriptions)
      expect(subscription.RedrivePolicy).toHaveProperty('deadLetterTargetArn');
  });
});

describe('what becomes of data when the stack is deleted', () => {
  const data = ['AWS::S3::Bucket', 'AWS::DynamoDB::Table'];

  it('goes, in dev, once the buckets have been emptied', () => {
    for (const type of data)
      for (const { DeletionPolicy } of Object.values(resourcesOf(dev, type)))
        expect(DeletionPolicy).toBe('Delete');
    expect(only(dev, 'AWS::DynamoDB::Table').Properties.DeletionProtectionEnabled).toBe(false);
  });

  it('stays, in prod', () => {
    for (const type of data)
      for (const { DeletionPolicy } of Object.values(resourcesOf(prod, type)))
        expect(DeletionPolicy).toBe('Retain');
    expect(only(prod, 'AWS::DynamoDB::Table').Properties.DeletionProtectionEnabled).toBe(true);
  });

  it('is decided by people and not by a function: a stage holds none but the functions of our table', () => {
    for (const template of [dev, prod]) {
      template.resourceCountIs('AWS::Lambda::Function', functionNames.length);
      expect(
        Object.values(template.toJSON().Resources as Record<string, { Type: string }>).filter(({ Type }) =>
          /^Custom::|^AWS::CloudFormation::CustomResource/.test(Type),
        ),
      ).toEqual([]);
    }
  });

  it('leaves nothing with a fixed name behind in any stage, so that the stage can be deployed again', () => {
    const kept = Object.values(
      prod.toJSON().Resources as Record<string, { DeletionPolicy?: string; Properties: object }>,
    )
      .filter(({ DeletionPolicy }) => DeletionPolicy === 'Retain')
      .map(({ Properties }) => Properties);

    // Three buckets, the table and the key.
    expect(kept).toHaveLength(5);
    for (const properties of kept)
      expect(Object.keys(properties)).not.toEqual(
        expect.arrayContaining([expect.stringMatching(/^(Bucket|Table)Name$/)]),
      );
  });
});

describe('logs', () => {
  it('are kept as long as the settings say, in groups of our own', () => {
    for (const [template, days] of [
      [dev, 30],
      [prod, 365],
    ] as const)
      for (const group of each(template, 'AWS::Logs::LogGroup')) expect(group.RetentionInDays).toBe(days);
  });

  it('of each function go to a group of its own', () => {
    const groups = each(dev, 'AWS::Logs::LogGroup').map(({ LogGroupName }) => LogGroupName);
    const functions = each(dev, 'AWS::Lambda::Function');

    expect(functions.length).toBeGreaterThan(15);
    for (const { FunctionName, LoggingConfig } of functions) {
      expect(groups).toContain(FunctionName);
      expect(LoggingConfig).toMatchObject({ LogFormat: 'JSON', LogGroup: { Ref: expect.any(String) } });
    }
  });
});

describe('a key of our own', () => {
  const keyId = Object.keys(resourcesOf(keyed, 'AWS::KMS::Key'))[0];
  const keyArn = { 'Fn::GetAtt': [keyId, 'Arn'] };

  it('is not there unless it is asked for: it costs $1 a month', () => {
    dev.resourceCountIs('AWS::KMS::Key', 0);
    keyed.resourceCountIs('AWS::KMS::Key', 1);
  });

  it('turns by itself', () => {
    expect(only(keyed, 'AWS::KMS::Key').Properties.EnableKeyRotation).toBe(true);
  });

  it('encrypts buckets, table, topic, queue, stream and logs', () => {
    keyed.resourcePropertiesCountIs(
      'AWS::S3::Bucket',
      {
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [
            {
              BucketKeyEnabled: true,
              ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: keyArn },
            },
          ],
        },
      },
      3,
    );
    expect(only(keyed, 'AWS::DynamoDB::Table').Properties.SSESpecification).toMatchObject({
      KMSMasterKeyId: keyArn,
    });
    expect(only(keyed, 'AWS::SNS::Topic').Properties.KmsMasterKeyId).toEqual(keyArn);
    expect(only(keyed, 'AWS::SQS::Queue').Properties.KmsMasterKeyId).toEqual(keyArn);
    expect(
      only(keyed, 'AWS::KinesisFirehose::DeliveryStream').Properties
        .DeliveryStreamEncryptionConfigurationInput,
    ).toEqual({ KeyType: 'CUSTOMER_MANAGED_CMK', KeyARN: keyArn });
    for (const group of each(keyed, 'AWS::Logs::LogGroup')) expect(group.KmsKeyId).toEqual(keyArn);
  });

  it('lets services that send on their own account encrypt, of this account only', () => {
    keyed.hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Sid: 'ServicesThatSend',
            Principal: {
              Service: ['cloudwatch.amazonaws.com', 'events.amazonaws.com', 'sns.amazonaws.com'],
            },
            Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
          }),
        ]),
      },
    });
  });

  it('may be used by every role that reads or writes what it encrypts', () => {
    const policies = each(keyed, 'AWS::IAM::Policy').map((policy) => JSON.stringify(policy));
    const touching = policies.filter((policy) =>
      /"(s3:GetObject|dynamodb:GetItem|sns:Publish|s3:PutObject)"/.test(policy),
    );

    expect(touching.length).toBeGreaterThan(15);
    for (const policy of touching) expect(policy).toContain('kms:Decrypt');
  });
});

describe('names', () => {
  it('of things all begin with the stage, so that several stages live side by side', () => {
    const nameKeys =
      /^(Function|Topic|Queue|Table|Bucket|StateMachine|DeliveryStream|LogGroup|Alarm|Role|Policy|Dashboard)?Name$/;
    const resources = Object.values(
      dev.toJSON().Resources as Record<string, { Type: string; Properties?: object }>,
    );
    // A policy's name is local to its role.
    const names = resources
      .filter(({ Type }) => Type !== 'AWS::IAM::Policy')
      .flatMap(({ Properties = {} }) => Object.entries(Properties))
      .filter(([key, value]) => nameKeys.test(key) && typeof value === 'string')
      .map(([, value]) => String(value));

    expect(names.length).toBeGreaterThan(50);
    for (const name of names) expect(name).toMatch(new RegExp(`^${nameOf('dev', '')}`));
  });

  it('and everything of ours carries the tag that leaving looks for', () => {
    const tag = { Key: 'millrace:stage', Value: 'dev' };

    dev.resourcePropertiesCountIs('AWS::S3::Bucket', { Tags: Match.arrayWith([tag]) }, 3);
    for (const type of [
      'AWS::DynamoDB::Table',
      'AWS::SNS::Topic',
      'AWS::SQS::Queue',
      'AWS::KinesisFirehose::DeliveryStream',
    ])
      dev.resourcePropertiesCountIs(type, { Tags: Match.arrayWith([tag]) }, 1);
    dev.resourcePropertiesCountIs(
      'AWS::Lambda::Function',
      { Tags: Match.arrayWith([tag]) },
      functionNames.length,
    );
  });
});
