import {
  CloudWatchClient,
  DeleteAlarmsCommand,
  type DeleteAlarmsInput,
  DescribeAlarmsCommand,
  type DescribeAlarmsInput,
  GetMetricDataCommand,
  type GetMetricDataInput,
  type MetricAlarm,
  type MetricDataQuery,
  PutMetricAlarmCommand,
  type PutMetricAlarmInput,
  SetAlarmStateCommand,
  type SetAlarmStateInput,
} from '@aws-sdk/client-cloudwatch';
import { mockClient } from 'aws-sdk-client-mock';
import * as z from 'zod';
import { canonicalJson } from '../../lib/wire/json.ts';
import { known, turn, unknownCommand } from './known-fields.ts';

const minuteMs = 60_000;

/** A line of embedded metric format, as its specification has it. */
const Line = z.looseObject({
  _aws: z.strictObject({
    Timestamp: z.int(),
    CloudWatchMetrics: z.array(
      z.strictObject({
        Namespace: z.string().min(1),
        Dimensions: z.array(z.array(z.string()).max(30)).length(1),
        Metrics: z
          .array(z.strictObject({ Name: z.string().min(1), Unit: z.enum(['Count', 'Milliseconds', 'None']) }))
          .min(1)
          .max(100),
      }),
    ),
  }),
});
const Values = z.union([z.number(), z.array(z.number()).min(1).max(100)]);

interface Point {
  readonly series: string;
  readonly minute: number;
  readonly value: number;
}

const seriesOf = (namespace: string, name: string, dimensions: Record<string, string>) =>
  canonicalJson({ namespace, name, dimensions });

/**
 * CloudWatch as far as the house uses it, in memory: metrics out of log lines, kept by the minute, and alarms that
 * somebody else puts in a state. It throws when asked what it was not told about.
 */
export class FakeCloudWatch {
  readonly client = new CloudWatchClient({ region: 'eu-central-1' });
  readonly calls: string[] = [];
  readonly alarms = new Map<string, MetricAlarm>();
  readonly tags = new Map<string, PutMetricAlarmInput['Tags']>();
  private readonly points: Point[] = [];

  constructor() {
    const mock = mockClient(this.client);
    mock.onAnyCommand().callsFake(unknownCommand);
    const on =
      <Input, Output>(name: string, answer: (input: Input) => Output) =>
      async (input: Input) => {
        this.calls.push(name);
        await turn();
        return answer(input);
      };
    mock
      .on(GetMetricDataCommand)
      .callsFake(on('GetMetricData', (input: GetMetricDataInput) => this.data(input)));
    mock
      .on(DescribeAlarmsCommand)
      .callsFake(on('DescribeAlarms', (input: DescribeAlarmsInput) => this.describeAlarms(input)));
    mock
      .on(PutMetricAlarmCommand)
      .callsFake(on('PutMetricAlarm', (input: PutMetricAlarmInput) => this.putAlarm(input)));
    mock
      .on(SetAlarmStateCommand)
      .callsFake(on('SetAlarmState', (input: SetAlarmStateInput) => this.setState(input)));
    mock
      .on(DeleteAlarmsCommand)
      .callsFake(on('DeleteAlarms', (input: DeleteAlarmsInput) => this.deleteAlarms(input)));
  }

  /** What CloudWatch Logs does with a line of a function's output. */
  readonly log = (line: string): void => {
    if (!/^[^\n]+\n$/u.test(line)) throw new Error('not one line');
    const root = Line.parse(JSON.parse(line));
    for (const { Namespace, Dimensions, Metrics } of root._aws.CloudWatchMetrics) {
      const [keys = []] = Dimensions;
      const dimensions = Object.fromEntries(keys.map((key) => [key, z.string().min(1).parse(root[key])]));
      const names = Metrics.map(({ Name }) => Name);
      if (new Set(names).size < names.length) throw new Error('a metric is defined twice');
      for (const name of names) {
        const minute = Math.floor(root._aws.Timestamp / minuteMs) * minuteMs;
        const series = seriesOf(Namespace, name, dimensions);
        for (const value of [Values.parse(root[name])].flat()) this.points.push({ series, minute, value });
      }
    }
  };

  /** The newest first, two values a page. */
  private data(input: GetMetricDataInput) {
    known('GetMetricData', input, ['StartTime', 'EndTime', 'MetricDataQueries', 'NextToken']);
    const [from, to] = [Number(input.StartTime), Number(input.EndTime)];
    if (from >= to) throw Object.assign(new Error(), { name: 'ValidationError' });
    const skip = Number(input.NextToken ?? 0);
    const all = (input.MetricDataQueries ?? []).map((query) => ({
      Id: query.Id,
      Values: this.values(query, from, to),
    }));
    const MetricDataResults = all.map(({ Id, Values }) => ({ Id, Values: Values.slice(skip, skip + 2) }));
    const hasMore = all.some(({ Values }) => Values.length > skip + 2);
    return { MetricDataResults, ...(hasMore && { NextToken: `${skip + 2}` }) };
  }

  private values({ MetricStat }: MetricDataQuery, from: number, to: number): number[] {
    const { Metric, Period = 0, Stat } = MetricStat ?? {};
    const periodMs = Period * 1000;
    if (Period < 60 || Period % 60 !== 0 || from % periodMs !== 0 || to % periodMs !== 0)
      throw new Error('the fake CloudWatch was not told about windows of broken periods');
    const dimensions = Object.fromEntries((Metric?.Dimensions ?? []).map(({ Name, Value }) => [Name, Value]));
    const series = seriesOf(Metric?.Namespace ?? '', Metric?.MetricName ?? '', dimensions);
    const byPeriod = new Map<number, number>();
    for (const point of this.points) {
      if (point.series !== series || point.minute < from || point.minute >= to) continue;
      const period = Math.floor(point.minute / periodMs);
      byPeriod.set(period, (byPeriod.get(period) ?? 0) + (Stat === 'SampleCount' ? 1 : point.value));
    }
    return [...byPeriod.entries()].sort(([a], [b]) => b - a).map(([, value]) => value);
  }

  private describeAlarms(input: DescribeAlarmsInput) {
    known('DescribeAlarms', input, ['AlarmNames', 'AlarmTypes', 'MaxRecords']);
    const { AlarmNames = [], MaxRecords = 50 } = input;
    if (AlarmNames.length === 0 || AlarmNames.length > 100 || AlarmNames.length > MaxRecords)
      throw new Error('the fake CloudWatch was not told about so many alarms');
    return { MetricAlarms: AlarmNames.flatMap((name) => this.alarms.get(name) ?? []) };
  }

  private putAlarm({ Tags, ...alarm }: PutMetricAlarmInput) {
    const { AlarmName = '', Period = 0, EvaluationPeriods = 0, DatapointsToAlarm = 0 } = alarm;
    const maxSeconds = Period < 3600 ? 86_400 : 604_800;
    const isTaken = Period >= 60 && Period % 60 === 0 && Period * EvaluationPeriods <= maxSeconds;
    if (!isTaken || DatapointsToAlarm < 1 || DatapointsToAlarm > EvaluationPeriods)
      throw Object.assign(new Error('ValidationError'), { name: 'ValidationError' });
    const old = this.alarms.get(AlarmName);
    // A change leaves the state and the tags as they are, and dimensions come back in an order of CloudWatch's own.
    const { StateValue = 'INSUFFICIENT_DATA', StateTransitionedTimestamp = new Date(Date.UTC(2026, 0, 5)) } =
      old ?? {};
    const Dimensions = alarm.Dimensions?.toReversed() ?? [];
    this.alarms.set(AlarmName, { ...alarm, Dimensions, StateValue, StateTransitionedTimestamp });
    if (old === undefined) this.tags.set(AlarmName, Tags);
    return {};
  }

  private setState({ AlarmName = '', StateValue, StateReason }: SetAlarmStateInput) {
    const alarm = this.alarms.get(AlarmName);
    if (alarm === undefined || StateReason === undefined)
      throw Object.assign(new Error('ResourceNotFound'), { name: 'ResourceNotFound' });
    this.alarms.set(AlarmName, { ...alarm, StateValue, StateReason });
    return {};
  }

  private deleteAlarms({ AlarmNames = [] }: DeleteAlarmsInput) {
    if (AlarmNames.some((name) => !this.alarms.has(name)))
      throw Object.assign(new Error('ResourceNotFound'), { name: 'ResourceNotFound' });
    for (const name of AlarmNames) this.alarms.delete(name);
    return {};
  }
}
