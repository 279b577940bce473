import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { trainingJobName } from '../../lib/domain/training-job/index.ts';
import { type Variable, variables } from '../../lib/wire/environment.ts';
import { type FunctionName, functionNames } from '../../lib/wire/functions.ts';
import { allowedIn, plain, resourcesOf, rightsOf, variablesOf } from './policies.ts';
import { stages, templateOf } from './synthesise.ts';
import { wildcards } from './wildcards.ts';

const root = path.resolve(import.meta.dirname, '../..');

const template = templateOf(stages.keyed);
const rights = (name: FunctionName, service: string): readonly string[] =>
  rightsOf(template, name).filter((right) => right.startsWith(`${service}:`));

/** Which prefixes a function reads and writes: `r datasets`, `w runs`. */
const objectsOf = (name: FunctionName): string =>
  rights(name, 's3')
    .flatMap((right) => {
      const [, action, prefix] =
        /^s3:(GetObject|PutObject) \w+\/([a-z-]+(?:\/\*\/[a-z-]+)?)\/\*$/.exec(right) ?? [];
      return action === undefined ? [] : [`${action === 'PutObject' ? 'w' : 'r'} ${prefix}`];
    })
    .toSorted()
    .join(', ');

describe('who may touch which objects', () => {
  const expected: Record<FunctionName, string> = {
    'receive-object': 'r incoming, r labels',
    'close-batch': 'r incoming, r sources, w sources',
    'prepare-dataset':
      'r datasets, r golden, r models, r quarantine, r runs, r sources, w datasets, w quarantine, w runs',
    'plan-training': 'r datasets, r runs, w runs',
    'train-model': 'r datasets, r runs, w runs',
    'collect-training-job': 'r datasets, r runs, w runs',
    'adopt-model': 'r datasets, r runs, r sources, w runs',
    'evaluate-model': 'r datasets, r golden, r models, r runs, w runs',
    'register-version': 'r models, r runs, w models',
    'request-approval': '',
    'check-parity': 'r models',
    'shift-traffic': '',
    'check-health': '',
    'finish-run': 'r golden, r runs, w golden',
    'end-run': '',
    'watch-models': [
      'r captured, r datasets, r incoming/*/from-labels, r labelled, r labels, r models, r quarantine, r windows',
      'w incoming/*/from-labels, w labelled, w quarantine, w windows',
    ].join(', '),
    'decide-retraining': '',
    'serve-predictions': 'r labels/*/posted, r models, w labels/*/posted',
    'serve-console': 'r models, r windows',
  };

  it.each(functionNames.map((name) => [name, expected[name]]))('%s: %s', (name, objects) => {
    expect(objectsOf(name as FunctionName)).toBe(objects);
  });

  it('lets nobody of ours delete an object, a record or a version', () => {
    expect(allowedIn(template).filter(({ action }) => /^(s3|dynamodb):.*Delete/.test(action))).toEqual([]);
  });

  it('lets the monitor drop labelled rows and the endpoint posted labels, and nobody else into the drop zone', () => {
    const writes = allowedIn(template).filter(
      ({ action, resource }) => action === 's3:PutObject' && /\/(incoming|labels)\//.test(resource),
    );

    expect(writes.map(({ resource }) => resource.replace(/^\w+\//, '')).toSorted()).toEqual([
      'incoming/*/from-labels/*',
      'labels/*/posted/*',
    ]);
  });

  it.each([
    ['what is learned from labels', 'labelled', ['watch-models']],
    ['what was found in a window', 'windows', ['watch-models']],
    ['the rows that decide what is no worse', 'golden', ['finish-run']],
    ['what was refused', 'quarantine', ['prepare-dataset', 'watch-models']],
    ['versions', 'models', ['register-version']],
  ] as const)('lets nobody else write %s', (_, prefix, writers) => {
    expect(functionNames.filter((name) => objectsOf(name).split(', ').includes(`w ${prefix}`))).toEqual(
      writers,
    );
  });

  it('keeps rows that somebody trusts from those who learn: the trainer reads neither them nor late truth', () => {
    for (const name of ['train-model', 'collect-training-job'] as const)
      expect(objectsOf(name)).not.toMatch(/golden|label/);
  });

  it('lets whoever reads tell a missing object from a forbidden one', () => {
    for (const name of functionNames)
      expect(
        rights(name, 's3').some((right) => right.startsWith('s3:ListBucket ')),
        name,
      ).toBe(objectsOf(name) !== '');
  });
});

describe('who may write the registry', () => {
  const readers: readonly FunctionName[] = ['check-parity', 'check-health', 'serve-predictions'];

  it.each(functionNames)('%s reads it, and its index by name', (name) => {
    expect(rights(name, 'dynamodb')).toEqual(
      expect.arrayContaining([
        'dynamodb:GetItem RegistryTable',
        'dynamodb:Query RegistryTable',
        'dynamodb:Query RegistryTable/index/by-index',
      ]),
    );
  });

  it.each(functionNames)('%s writes it only if its step does', (name) => {
    expect(rights(name, 'dynamodb').includes('dynamodb:UpdateItem RegistryTable')).toBe(
      !readers.includes(name),
    );
  });

  it('scans it never', () => {
    expect(allowedIn(template).filter(({ action }) => action === 'dynamodb:Scan')).toEqual([]);
  });
});

describe('who may reach people, secrets, machines and metrics', () => {
  const who = (right: RegExp): readonly FunctionName[] =>
    functionNames.filter((name) => rightsOf(template, name).some((one) => right.test(one)));

  it('lets those publish who have something to tell', () => {
    expect(who(/^sns:Publish PeopleTopic$/)).toEqual([
      'receive-object',
      'close-batch',
      'prepare-dataset',
      'request-approval',
      'finish-run',
      'end-run',
      'watch-models',
      'decide-retraining',
    ]);
  });

  it('gives the secret to those who sign, check or hash', () => {
    expect(who(/^ssm:GetParameter ssm:::parameter\/millrace\/dev\/secret$/)).toEqual([
      'request-approval',
      'serve-predictions',
      'serve-console',
    ]);
    expect(who(/^ssm:/)).toEqual(who(/^ssm:GetParameter ssm:::parameter\/millrace\/dev\/secret$/));
  });

  it('lets a batch be started by what arrives or was forgotten, and a run by a batch or by the controller', () => {
    expect(who(/^states:StartExecution states:::stateMachine:millrace-dev-collect-batch$/)).toEqual([
      'receive-object',
      'close-batch',
      'decide-retraining',
    ]);
    expect(who(/^states:StartExecution states:::stateMachine:millrace-dev-train-and-promote$/)).toEqual([
      'close-batch',
      'decide-retraining',
    ]);
  });

  it('lets a waiting approval be answered by policy, from the page or where that was forgotten, and by no other function', () => {
    expect(who(/^states:SendTask/)).toEqual(['request-approval', 'decide-retraining', 'serve-console']);
    expect(rights('serve-console', 'states')).toEqual([
      'states:SendTaskFailure states:::stateMachine:millrace-dev-train-and-promote',
      'states:SendTaskSuccess states:::stateMachine:millrace-dev-train-and-promote',
    ]);
  });

  it('lets the endpoint alone write captured predictions', () => {
    expect(who(/^firehose:PutRecordBatch CapturedStream$/)).toEqual(['serve-predictions']);
  });

  it('lets the monitor alone make alarms and start them anew, and only those of this stage', () => {
    expect(who(/^cloudwatch:(PutMetricAlarm|SetAlarmState|DeleteAlarms|TagResource)/)).toEqual([
      'watch-models',
    ]);
    expect(rights('watch-models', 'cloudwatch').toSorted()).toEqual([
      'cloudwatch:DeleteAlarms cloudwatch:::alarm:millrace-dev-*',
      'cloudwatch:DescribeAlarms *',
      'cloudwatch:PutMetricAlarm cloudwatch:::alarm:millrace-dev-*',
      'cloudwatch:SetAlarmState cloudwatch:::alarm:millrace-dev-*',
      'cloudwatch:TagResource cloudwatch:::alarm:millrace-dev-*',
    ]);
  });

  it('lets the controller look at alarms and silence none, and touch no object', () => {
    expect(rights('decide-retraining', 'cloudwatch')).toEqual(['cloudwatch:DescribeAlarms *']);
    expect(rights('decide-retraining', 's3')).toEqual([]);
  });

  it('lets the page show evidence and drift reports, and write neither', () => {
    expect(rights('serve-console', 's3').toSorted()).toEqual([
      's3:GetObject ObjectsArtifacts/models/*',
      's3:GetObject ObjectsArtifacts/windows/*',
      's3:ListBucket ObjectsArtifacts',
    ]);
  });

  it('lets the machine make, watch, mark and stop training jobs named as ours are, and nobody else', () => {
    const machine = allowedIn(template).filter(({ action }) => action.startsWith('sagemaker:'));
    const [resource = ''] = machine.map((one) => one.resource);
    const ofJobs = resource.replace('sagemaker:::training-job/', '').replace('*', '');

    expect(new Set(machine.map(({ role }) => role))).toEqual(new Set(['MachinestrainandpromoteRole']));
    expect(new Set(machine.map((one) => one.resource))).toEqual(new Set([resource]));
    expect(machine.map(({ action }) => action).toSorted()).toEqual(
      ['AddTags', 'CreateTrainingJob', 'DescribeTrainingJob', 'ListTags', 'StopTrainingJob'].map(
        (action) => `sagemaker:${action}`,
      ),
    );
    expect(ofJobs).toBe('millrace-dev-');
    expect(trainingJobName({ stage: 'dev', model: 'penguins', runId: 'run-1' }).startsWith(ofJobs)).toBe(
      true,
    );
  });

  it('lets the machine pass the training role, to SageMaker only, and no function', () => {
    const passes = allowedIn(template).filter(({ action }) => action === 'iam:PassRole');

    expect(passes).toEqual([
      {
        role: 'MachinestrainandpromoteRole',
        action: 'iam:PassRole',
        resource: 'TrainingJobsRole',
        condition: { StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } },
      },
    ]);
  });

  it('lets a machine call exactly the functions its file names', () => {
    const called = (role: string) =>
      allowedIn(template)
        .filter((one) => one.role === role && one.action === 'lambda:InvokeFunction')
        .map(({ resource }) => resource)
        .toSorted();

    expect(called('MachinescollectbatchRole')).toEqual(['FunctionsclosebatchFunction']);
    expect(called('MachinesrolloutRole')).toEqual([
      'FunctionscheckhealthFunction',
      'FunctionscheckparityFunction',
      'FunctionsshifttrafficFunction',
    ]);
  });
});

describe('wildcards', () => {
  it('is each on the list, with its reason', () => {
    const found = allowedIn(template)
      .filter(({ action, resource }) => `${action} ${resource}`.includes('*'))
      .filter(
        ({ action, resource }) =>
          !wildcards.some((known) => known.resource === resource && known.actions.includes(action)),
      )
      .map(({ role, action, resource }) => `${role} ${action} ${resource}`);

    expect(found).toEqual([]);
  });

  it('leaves the list when it leaves the stack', () => {
    const found = new Set(allowedIn(template).map(({ action, resource }) => `${action} ${resource}`));
    const gone = wildcards.flatMap(({ resource, actions }) =>
      actions.map((action) => `${action} ${resource}`).filter((one) => !found.has(one)),
    );

    expect(gone).toEqual([]);
  });

  it('is never an action', () => {
    expect(allowedIn(template).filter(({ action }) => action.includes('*'))).toEqual([]);
  });

  it('is in no policy of a bucket, a topic or a queue', () => {
    const policies = ['AWS::S3::BucketPolicy', 'AWS::SNS::TopicPolicy', 'AWS::SQS::QueuePolicy'].flatMap(
      (type) => Object.values(resourcesOf(template, type)),
    );
    const wild = policies
      .flatMap(
        ({ Properties }) => (Properties.PolicyDocument as { Statement: Record<string, unknown>[] }).Statement,
      )
      .filter(
        ({ Effect, Action, Resource }) =>
          Effect === 'Allow' && JSON.stringify([Action, Resource]).includes('*'),
      );

    expect(policies).toHaveLength(5);
    expect(wild).toEqual([]);
  });

  it('gives nobody a policy of AWS', () => {
    const roles = Object.values(resourcesOf(template, 'AWS::IAM::Role'));

    expect(roles.length).toBeGreaterThan(20);
    for (const { Properties } of roles) expect(Properties).not.toHaveProperty('ManagedPolicyArns');
  });
});

describe('what functions are told', () => {
  const known: readonly string[] = ['NODE_OPTIONS', ...Object.values(variables)];

  it.each(functionNames)('%s: nothing but names and addresses', (name) => {
    const told = variablesOf(template, 'dev', name);

    expect(Object.keys(told).filter((variable) => !known.includes(variable))).toEqual([]);
    expect(Object.values(told).map(plain).join(' ')).not.toMatch(/secretsmanager|resolve:ssm|AKIA/);
    expect(told[variables.stage]).toBe('dev');
  });

  it('tells an address wherever it grants', () => {
    for (const name of functionNames) {
      const told = variablesOf(template, 'dev', name);
      const granted = rightsOf(template, name);
      const needs = (right: RegExp) => granted.some((one) => right.test(one));
      expect(variables.table in told, name).toBe(needs(/^dynamodb:/));
      expect(variables.dataBucket in told, name).toBe(needs(/^s3:/));
      expect(variables.topicArn in told, name).toBe(needs(/^sns:/));
      expect(variables.secretParameter in told, name).toBe(needs(/^ssm:/));
      expect(variables.machineArnPrefix in told, name).toBe(needs(/^states:/));
      expect(variables.captureStream in told, name).toBe(needs(/^firehose:/));
    }
  });

  it('tells the planner which role and which image its jobs run under', () => {
    const told = variablesOf(template, 'dev', 'plan-training');

    expect(plain(told[variables.trainingRoleArn])).toMatch(/^TrainingJobsRole/);
    expect(told[variables.trainerImage]).toBe('123456789012.dkr.ecr.eu-central-1.amazonaws.com/trainer:1');
  });

  it('tells the planner the key its jobs encrypt with, when there is one, and lets them use it', () => {
    const told = variablesOf(template, 'dev', 'plan-training');
    const use = allowedIn(template).filter(
      ({ role, action }) => role === 'TrainingJobsRole' && action.startsWith('kms:'),
    );

    expect(plain(told[variables.trainingKeyArn])).toMatch(/^KeyKey|^Key/);
    expect(use.map(({ action, resource }) => `${action} ${resource}`)).toEqual([
      'kms:Decrypt Key',
      'kms:GenerateDataKey Key',
    ]);
    expect(variablesOf(templateOf(stages.cheap), 'dev', 'plan-training')).not.toHaveProperty([
      variables.trainingKeyArn,
    ]);
  });

  it('tells the page of approvals to the one who asks, and leaves the data engine room for what it overshoots', () => {
    expect(plain(variablesOf(template, 'dev', 'request-approval')[variables.consoleUrl])).toMatch(
      /^FrontDoorApi/,
    );
    expect(variablesOf(template, 'dev', 'prepare-dataset')[variables.dataEngineMemoryMb]).toBe('2048');
  });
});

const readIn = (text: string): Variable[] =>
  [...text.matchAll(/(?:readVariable|findVariable)\(\s*[\w.]+,\s*'(\w+)'/g)].map(
    ([, name]) => name as Variable,
  );

const calledIn = (text: string): string[] =>
  [...text.matchAll(/\b(cloud[A-Z]\w*)\(/g)].map(([, name = '']) => name);

/** The services of lambdas/cloud by name, each with its own text. */
const services = new Map(
  globSync('lambdas/cloud/*.ts', { cwd: root }).flatMap((file) =>
    readFileSync(path.join(root, file), 'utf8')
      .split(/^export const /m)
      .slice(1)
      .map((text) => [/^\w+/.exec(text)?.[0] ?? '', text.slice(text.indexOf('='))] as const),
  ),
);

/** Every variable that a text reads, itself or through the services it calls. */
const reads = (text: string): readonly Variable[] => [
  ...readIn(text),
  ...calledIn(text).flatMap((name) => reads(services.get(name) ?? '')),
];

describe('the variables of each function', () => {
  it('are read through the services of lambdas/cloud', () => {
    expect(services.size).toBeGreaterThan(8);
  });

  it.each(functionNames)('%s: those its entry reads, and no other', (name) => {
    const entry = readFileSync(path.join(root, 'lambdas', name, 'entry.ts'), 'utf8');
    const wanted = new Set(['stage' as Variable, ...reads(entry)].map((variable) => variables[variable]));
    const told = Object.keys(variablesOf(template, 'dev', name)).filter(
      (variable) => variable !== 'NODE_OPTIONS',
    );

    expect(told.toSorted()).toEqual([...wanted].toSorted());
  });
});
