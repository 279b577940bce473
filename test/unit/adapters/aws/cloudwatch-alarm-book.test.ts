import type { MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { beforeEach, describe, expect, it } from 'vitest';
import { cloudwatchAlarmBook } from '../../../../lib/adapters/aws/cloudwatch-alarm-book.ts';
import type { AlarmBook, LaneAlarm } from '../../../../lib/ports/alarm-book.ts';
import { FakeCloudWatch } from '../../../contract/fake-cloudwatch.ts';

const topicArn = 'arn:aws:sns:eu-central-1:123456789012:millrace-dev-notifications';
const drift: LaneAlarm = {
  model: 'flight-delay',
  lane: 'drift',
  version: 1,
  windowHours: 24,
  breaches: 2,
  outOf: 3,
  whenMissing: 'ignore',
};

describe('the CloudWatch alarm book', () => {
  let cloudwatch: FakeCloudWatch;
  let alarms: AlarmBook;
  beforeEach(() => {
    cloudwatch = new FakeCloudWatch();
    alarms = cloudwatchAlarmBook({ stage: 'dev', topicArn, client: cloudwatch.client });
  });
  const puts = () => cloudwatch.calls.filter((call) => call === 'PutMetricAlarm').length;
  const made = (name = 'millrace-dev-flight-delay--drift') => cloudwatch.alarms.get(name);

  it('makes an alarm on the score of the lane that tells the topic, names its runbook and is tagged', async () => {
    await alarms.ensure([drift]);

    expect(made()).toMatchObject({
      Namespace: 'Millrace',
      MetricName: 'LaneScore',
      Statistic: 'Maximum',
      Period: 86_400,
      EvaluationPeriods: 3,
      DatapointsToAlarm: 2,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'ignore',
      AlarmActions: [topicArn],
      OKActions: [topicArn],
    });
    expect(made()?.Dimensions).toEqual(
      expect.arrayContaining([
        { Name: 'stage', Value: 'dev' },
        { Name: 'model', Value: 'flight-delay' },
        { Name: 'lane', Value: 'drift' },
        { Name: 'version', Value: '1' },
      ]),
    );
    expect(made()?.AlarmDescription).toMatch(/2 of the last 3 windows.*docs\/operations\.md#lane-drift$/u);
    expect(cloudwatch.tags.get('millrace-dev-flight-delay--drift')).toEqual([
      { Key: 'millrace:stage', Value: 'dev' },
    ]);
  });

  it('writes nothing for what is there already, and only what differs', async () => {
    const freshness: LaneAlarm = { ...drift, lane: 'freshness', outOf: 2, whenMissing: 'breaching' };
    await alarms.ensure([drift, freshness]);
    expect(puts()).toBe(2);

    await alarms.ensure([freshness, drift]);
    expect(puts()).toBe(2);

    await alarms.ensure([drift, { ...freshness, whenMissing: 'not-breaching' }]);
    expect(puts()).toBe(3);
    expect(made('millrace-dev-flight-delay--freshness')?.TreatMissingData).toBe('notBreaching');
  });

  it('mends what somebody changed by hand', async () => {
    await alarms.ensure([drift]);
    const changed = { ...made(), Threshold: 5, AlarmActions: [] };
    cloudwatch.alarms.set('millrace-dev-flight-delay--drift', changed);

    await alarms.ensure([drift]);

    expect(made()).toMatchObject({ Threshold: 1, AlarmActions: [topicArn] });
  });

  it('starts an alarm anew that is to look at another version, and not that of freshness', async () => {
    const freshness: LaneAlarm = { ...drift, lane: 'freshness', whenMissing: 'breaching' };
    await alarms.ensure([drift, freshness]);
    for (const [name, alarm] of cloudwatch.alarms)
      cloudwatch.alarms.set(name, { ...alarm, StateValue: 'ALARM' });

    await alarms.ensure([
      { ...drift, version: 2 },
      { ...freshness, version: 2 },
    ]);

    expect(made()).toMatchObject({ StateValue: 'INSUFFICIENT_DATA' });
    expect(made()?.Dimensions).toContainEqual({ Name: 'version', Value: '2' });
    expect(made('millrace-dev-flight-delay--freshness')).toMatchObject({ StateValue: 'ALARM' });
    expect(cloudwatch.calls.slice(-3)).toEqual(['SetAlarmState', 'PutMetricAlarm', 'SetAlarmState']);
  });

  it('starts an alarm anew also where CloudWatch judges it by the old series before it is moved', async () => {
    await alarms.ensure([drift]);
    const set = cloudwatch.alarms.set.bind(cloudwatch.alarms);
    const isOld = ({ Dimensions }: MetricAlarm) => Dimensions?.some(({ Value }) => Value === '1') === true;
    cloudwatch.alarms.set = (name, alarm) =>
      set(name, isOld(alarm) ? { ...alarm, StateValue: 'ALARM' } : alarm);

    await alarms.ensure([{ ...drift, version: 2 }]);

    expect(made()).toMatchObject({ StateValue: 'INSUFFICIENT_DATA' });
  });

  it('looks up more alarms than CloudWatch describes at once', async () => {
    const many = Array.from({ length: 130 }, (_, n) => ({ ...drift, model: `m${n}` }));

    await alarms.ensure(many);
    await alarms.ensure(many);

    expect(puts()).toBe(130);
  });

  it.each([
    ['of an hour', { windowHours: 1 }, { Period: 3600, EvaluationPeriods: 3, DatapointsToAlarm: 2 }],
    ['of half an hour', { windowHours: 0.5 }, { Period: 1800, EvaluationPeriods: 3, DatapointsToAlarm: 2 }],
    ['of seconds', { windowHours: 0.001 }, { Period: 60, EvaluationPeriods: 3, DatapointsToAlarm: 2 }],
    ['of three days', { windowHours: 72 }, { Period: 259_200, EvaluationPeriods: 2, DatapointsToAlarm: 2 }],
    ['of a week', { windowHours: 168 }, { Period: 604_800, EvaluationPeriods: 1, DatapointsToAlarm: 1 }],
    ['of a month', { windowHours: 720 }, { Period: 604_800, EvaluationPeriods: 1, DatapointsToAlarm: 1 }],
  ])('looks at windows %s as far back as CloudWatch does', async (_, changes, expected) => {
    await alarms.ensure([{ ...drift, ...changes }]);

    expect(made()).toMatchObject(expected);
  });

  it.each([
    [{ breaches: 4 }],
    [{ breaches: 0 }],
    [{ outOf: 2.5 }],
    [{ windowHours: 0 }],
    [{ windowHours: Number.NaN }],
  ])('refuses an alarm that makes no sense: %o', async (changes) => {
    await expect(alarms.ensure([{ ...drift, ...changes }])).rejects.toMatchObject({
      name: 'INPUT_INVALID',
      message: expect.stringContaining('drift alarm of flight-delay'),
    });
  });

  it('tells the states of one model, and since when', async () => {
    await alarms.ensure([drift, { ...drift, lane: 'freshness' }, { ...drift, model: 'penguins' }]);
    const StateTransitionedTimestamp = new Date(Date.UTC(2026, 0, 6));
    cloudwatch.alarms.set('millrace-dev-flight-delay--drift', {
      ...made(),
      StateValue: 'ALARM',
      StateTransitionedTimestamp,
      StateUpdatedTimestamp: new Date(Date.UTC(2026, 0, 7)),
    });

    expect(await alarms.states('flight-delay')).toEqual([
      { model: 'flight-delay', lane: 'drift', state: 'alarm', since: '2026-01-06T00:00:00.000Z' },
      { model: 'flight-delay', lane: 'freshness', state: 'unknown', since: '2026-01-05T00:00:00.000Z' },
    ]);
    expect(await alarms.states('nobody')).toEqual([]);
  });

  it('removes the alarms of a model and no other, also when there is none', async () => {
    await alarms.ensure([drift, { ...drift, model: 'flight' }]);

    await alarms.remove('flight-delay');
    await alarms.remove('flight-delay');

    expect([...cloudwatch.alarms.keys()]).toEqual(['millrace-dev-flight--drift']);
  });
});
