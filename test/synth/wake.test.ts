import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { functions } from '../../lib/wire/functions.ts';
import { metricNamespace, stackMetrics } from '../../lib/wire/metrics.ts';
import { machineNames, stackAlarms } from '../../lib/wire/names.ts';
import { plain, resourcesOf } from './policies.ts';
import { stages, templateOf } from './synthesise.ts';

const template = templateOf(stages.tuned);

const propertiesOf = (type: string, of = template): readonly Record<string, unknown>[] =>
  Object.values(resourcesOf(of, type)).map(({ Properties }) => Properties);

const ruleOf = (what: string) => {
  const rule = propertiesOf('AWS::Events::Rule').find(({ Name }) => Name === `millrace-dev-${what}`);
  if (rule === undefined) throw new Error(`no rule ${what}`);
  return rule;
};

/** The function a rule wakes, without the hash of its logical id. */
const wokenBy = (what: string): string[] =>
  (ruleOf(what).Targets as { Arn: unknown }[]).map(({ Arn }) =>
    plain(Arn).replace(/^Functions(\w+?)Function[0-9A-F]{8}$/, '$1'),
  );

const machineArns = (...names: readonly string[]) =>
  names.map((name) =>
    expect.objectContaining({
      'Fn::Join': ['', expect.arrayContaining([`:stateMachine:millrace-dev-${name}`])],
    }),
  );

describe('rules', () => {
  it('wake receive-object for whatever is dropped into incoming/ or labels/ of the data bucket', () => {
    expect(wokenBy('object-dropped')).toEqual(['receiveobject']);
    expect(ruleOf('object-dropped').EventPattern).toEqual({
      source: ['aws.s3'],
      'detail-type': ['Object Created'],
      detail: {
        bucket: { name: [{ Ref: expect.stringMatching(/^ObjectsData/) }] },
        object: { key: [{ prefix: 'incoming/' }, { prefix: 'labels/' }] },
      },
    });
  });

  it('wake the controller for alarms of this stage', () => {
    expect(wokenBy('alarm-changed')).toEqual(['decideretraining']);
    expect(ruleOf('alarm-changed').EventPattern).toEqual({
      source: ['aws.cloudwatch'],
      'detail-type': ['CloudWatch Alarm State Change'],
      detail: { alarmName: [{ prefix: 'millrace-dev-' }] },
    });
  });

  it('wake end-run for executions of any machine that stopped badly', () => {
    expect(wokenBy('execution-stopped')).toEqual(['endrun']);
    expect(ruleOf('execution-stopped').EventPattern).toEqual({
      source: ['aws.states'],
      'detail-type': ['Step Functions Execution Status Change'],
      detail: { stateMachineArn: machineArns(...machineNames), status: ['FAILED', 'TIMED_OUT', 'ABORTED'] },
    });
  });

  it('wake the controller when a run has ended, well or badly', () => {
    expect(wokenBy('run-ended')).toEqual(['decideretraining']);
    expect(ruleOf('run-ended').EventPattern).toMatchObject({
      detail: {
        stateMachineArn: machineArns('train-and-promote'),
        status: ['SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'],
      },
    });
  });

  it('wake the monitor as often as the settings say, and the controller every hour', () => {
    expect(ruleOf('watch-models').ScheduleExpression).toBe('rate(6 hours)');
    expect(wokenBy('watch-models')).toEqual(['watchmodels']);
    expect(ruleOf('decide-retraining').ScheduleExpression).toBe('rate(1 hour)');
    expect(wokenBy('decide-retraining')).toEqual(['decideretraining']);
  });

  it('hand over the whole event, try for a day, and keep what could not be delivered', () => {
    const targets = propertiesOf('AWS::Events::Rule').flatMap(
      ({ Targets }) => Targets as Record<string, unknown>[],
    );

    expect(targets).toHaveLength(6);
    for (const target of targets) {
      expect(Object.keys(target).filter((key) => key.startsWith('Input'))).toEqual([]);
      expect(target.RetryPolicy).toEqual({ MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 });
      expect(plain((target.DeadLetterConfig as { Arn: unknown }).Arn)).toMatch(/^DeadLettersQueue/);
    }
  });

  it('and what an event wakes keeps the events it failed on', () => {
    const keeping = propertiesOf('AWS::Lambda::Function')
      .filter(({ DeadLetterConfig }) => DeadLetterConfig !== undefined)
      .map(({ FunctionName }) => FunctionName);

    expect(keeping).toEqual(
      ['receive-object', 'end-run', 'watch-models', 'decide-retraining'].map(
        (name) => `millrace-dev-${name}`,
      ),
    );
  });
});

describe('alarms', () => {
  const alarms = propertiesOf('AWS::CloudWatch::Alarm');
  const alarmOf = (name: string) =>
    alarms.find(({ AlarmName }) => AlarmName === `millrace-dev-${name}`) ?? {};

  it('are the five of a stack, on one metric each: with four lanes of a model nine are billed', () => {
    expect(alarms.map(({ AlarmName }) => AlarmName)).toEqual(
      stackAlarms.map((name) => `millrace-dev-${name}`),
    );
    for (const alarm of alarms) {
      expect(alarm.Metrics).toBeUndefined();
      expect(alarm.MetricName).toBeTypeOf('string');
    }
  });

  it('tell people when they ring and when it is over, and what to do', () => {
    for (const name of stackAlarms) {
      const { AlarmActions, OKActions, AlarmDescription } = alarmOf(name);
      expect((AlarmActions as unknown[]).map(plain)).toEqual([expect.stringMatching(/^PeopleTopic/)]);
      expect((OKActions as unknown[]).map(plain)).toEqual([expect.stringMatching(/^PeopleTopic/)]);
      expect(AlarmDescription).toMatch(new RegExp(`What to do: docs/operations\\.md#${name}$`));
    }
  });

  it('do not ring for want of data: asleep is no fault', () => {
    for (const alarm of alarms) expect(alarm.TreatMissingData).toBe('notBreaching');
  });

  it('look where faults are counted', () => {
    expect(alarmOf('endpoint-errors')).toMatchObject({
      Namespace: 'AWS/ApiGateway',
      MetricName: '5xx',
      Threshold: 5,
    });
    expect(alarmOf('endpoint-latency')).toMatchObject({
      MetricName: 'Latency',
      ExtendedStatistic: 'p95',
      Threshold: 3000,
    });
    expect(alarmOf('dead-letters')).toMatchObject({
      Namespace: 'AWS/SQS',
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Threshold: 1,
    });
    expect(alarmOf('failed-executions')).toMatchObject({
      Namespace: metricNamespace,
      MetricName: stackMetrics.failedExecutions,
      Dimensions: [{ Name: 'stage', Value: 'dev' }],
      Threshold: 1,
    });
    expect(alarmOf('stuck-approvals')).toMatchObject({
      Namespace: metricNamespace,
      MetricName: stackMetrics.stuckApprovals,
      Dimensions: [{ Name: 'stage', Value: 'dev' }],
      Period: 6 * 3600,
      AlarmDescription: expect.stringContaining('longer than 72 hours'),
    });
  });
});

describe('machines', () => {
  const machines = propertiesOf('AWS::StepFunctions::StateMachine');

  it('are the files of statemachines/, state by state, with every placeholder filled in', () => {
    for (const name of machineNames) {
      const machine = machines.find(({ StateMachineName }) => StateMachineName === `millrace-dev-${name}`);
      const file = readFileSync(path.resolve('statemachines', `${name}.asl.json`), 'utf8');
      const text = String(machine?.DefinitionString);
      const placeholders = [
        ...new Set([...file.matchAll(/\$\{(\w+)\}/g)].map(([, placeholder]) => placeholder)),
      ];

      expect(JSON.parse(text)).toEqual(JSON.parse(file));
      expect(Object.keys(machine?.DefinitionSubstitutions as object).toSorted()).toEqual(
        placeholders.toSorted(),
      );
    }
  });

  it('log errors without data, and are traced', () => {
    expect(machines).toHaveLength(3);
    for (const machine of machines) {
      expect(machine.LoggingConfiguration).toMatchObject({ Level: 'ERROR', IncludeExecutionData: false });
      expect(machine.TracingConfiguration).toEqual({ Enabled: true });
      expect(machine.StateMachineType).toBe('STANDARD');
    }
  });
});

describe('functions', () => {
  const ours = propertiesOf('AWS::Lambda::Function', templateOf(stages.cheap));

  it('run on Node 24 and arm64, with the memory and time of the table', () => {
    for (const [name, facts] of Object.entries(functions))
      expect(ours.find(({ FunctionName }) => FunctionName === `millrace-dev-${name}`)).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        Handler: `${name}.handler`,
        MemorySize: facts.memoryMb,
        Timeout: facts.timeoutSeconds,
        EphemeralStorage: { Size: 'scratchMb' in facts ? facts.scratchMb : 512 },
      });
  });

  it('are traced, but for the endpoint, whose traces would cost more than its requests', () => {
    const untraced = ours.filter(({ TracingConfig }) => TracingConfig === undefined);

    expect(untraced.map(({ FunctionName }) => FunctionName)).toEqual(['millrace-dev-serve-predictions']);
    for (const { TracingConfig } of ours.filter((one) => !untraced.includes(one)))
      expect(TracingConfig).toEqual({ Mode: 'Active' });
  });

  it('of one bundle share one upload', () => {
    const keyOf = (name: string) => {
      const { Code } = ours.find(({ FunctionName }) => FunctionName === `millrace-dev-${name}`) ?? {};
      return (Code as { S3Key: string }).S3Key;
    };

    expect(keyOf('train-model')).toBe(keyOf('evaluate-model'));
    expect(keyOf('train-model')).not.toBe(keyOf('prepare-dataset'));
  });

  it('take memory, time and architecture from the settings', () => {
    template.hasResourceProperties('AWS::Lambda::Function', {
      FunctionName: 'millrace-dev-train-model',
      MemorySize: 10_240,
      Timeout: 600,
      Architectures: ['x86_64'],
    });
  });
});

describe('captured predictions', () => {
  const [stream] = propertiesOf('AWS::KinesisFirehose::DeliveryStream');
  const destination = stream?.ExtendedS3DestinationConfiguration as Record<string, unknown>;

  it('are placed by model, day and hour as gzip NDJSON, one a line', () => {
    expect(destination).toMatchObject({
      CompressionFormat: 'GZIP',
      Prefix:
        'captured/model=!{partitionKeyFromQuery:model}/dt=!{partitionKeyFromQuery:dt}/hour=!{partitionKeyFromQuery:hour}/',
      DynamicPartitioningConfiguration: { Enabled: true },
      ProcessingConfiguration: {
        Processors: [
          {
            Type: 'RecordDeAggregation',
            Parameters: [{ ParameterName: 'SubRecordType', ParameterValue: 'JSON' }],
          },
          {
            Type: 'MetadataExtraction',
            Parameters: expect.arrayContaining([
              {
                ParameterName: 'MetadataExtractionQuery',
                ParameterValue: '{model: .model, dt: .at[0:10], hour: .at[11:13]}',
              },
            ]),
          },
          { Type: 'AppendDelimiterToRecord' },
        ],
      },
    });
  });

  it('arrive within a minute or so, and what has no place is kept apart', () => {
    expect(destination.BufferingHints).toEqual({ IntervalInSeconds: 60, SizeInMBs: 64 });
    expect(destination.ErrorOutputPrefix).toBe('capture-errors/!{firehose:error-output-type}/');
  });
});
