import { DescribeAlarmsCommand, type MetricAlarm, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import {
  ListRulesCommand,
  ListTargetsByRuleCommand,
  TestEventPatternCommand,
} from '@aws-sdk/client-eventbridge';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import { laneMetrics } from '../../../lib/wire/metrics.ts';
import { account, region } from '../support/ministack.ts';
import type { Clients } from './clients.ts';

interface Dimension {
  readonly Name?: string | undefined;
  readonly Value?: string | undefined;
}

/** One score of a lane, as its function wrote it down. */
export interface LanePoint {
  readonly atMs: number;
  readonly value: number;
  readonly dimensions: readonly Dimension[];
}

const seriesOf = (dimensions: readonly Dimension[] = []): string =>
  dimensions
    .map(({ Name, Value }) => `${Name}=${Value}`)
    .toSorted()
    .join(' ');

/** The largest value of each of the periods an alarm looks at, the one of `nowMs` first; `undefined` is a gap. */
const periodsOf = (
  { Period = 60, EvaluationPeriods = 1, Dimensions }: MetricAlarm,
  points: readonly LanePoint[],
  nowMs: number,
): readonly (number | undefined)[] => {
  const own = points.filter(({ dimensions }) => seriesOf(dimensions) === seriesOf(Dimensions));
  const periodAt = (atMs: number) => Math.floor(atMs / 1000 / Period);
  return Array.from({ length: EvaluationPeriods }, (_, back) => {
    const values = own.filter(({ atMs }) => periodAt(atMs) === periodAt(nowMs) - back);
    return values.length === 0 ? undefined : Math.max(...values.map(({ value }) => value));
  });
};

/** The state by the alarm's own M of N and its own word on gaps; `undefined`: it stays as it is. */
const stateOf = (alarm: MetricAlarm, points: readonly LanePoint[], nowMs: number) => {
  const { Threshold = 0, DatapointsToAlarm = 1, TreatMissingData } = alarm;
  const values = periodsOf(alarm, points, nowMs);
  const isBreach = (value = TreatMissingData === 'breaching' ? Threshold : Number.NEGATIVE_INFINITY) =>
    value >= Threshold;
  if (values.filter((value) => isBreach(value)).length >= DatapointsToAlarm) return 'ALARM' as const;
  return values.some((value) => value !== undefined) ? ('OK' as const) : undefined;
};

/**
 * CloudWatch judges an alarm by its own series, M of N periods; MiniStack by whatever has the metric's name, as one
 * period. Here each lane alarm is judged as it was deployed, and set: MiniStack then does what its actions say. Gives the
 * states, by alarm.
 */
export const judgeLaneAlarms = async (
  { cloudWatch }: Pick<Clients, 'cloudWatch'>,
  points: readonly LanePoint[],
  nowMs: number,
): Promise<Readonly<Record<string, string>>> => {
  const { MetricAlarms = [] } = await cloudWatch.send(new DescribeAlarmsCommand({}));
  const states: [string, string][] = [];
  for (const alarm of MetricAlarms.filter(({ MetricName }) => MetricName === laneMetrics.score)) {
    const { AlarmName = '', StateValue = '' } = alarm;
    const state = stateOf(alarm, points, nowMs);
    states.push([AlarmName, state ?? StateValue]);
    if (state === undefined || state === StateValue) continue;
    const StateReason = 'judged by its own series, as CloudWatch does';
    await cloudWatch.send(new SetAlarmStateCommand({ AlarmName, StateValue: state, StateReason }));
  }
  return Object.fromEntries(states);
};

const alarmEvent = (alarm: MetricAlarm, previous: string) => ({
  version: '0',
  id: crypto.randomUUID(),
  'detail-type': 'CloudWatch Alarm State Change',
  source: 'aws.cloudwatch',
  account,
  time: new Date().toISOString(),
  region,
  resources: [alarm.AlarmArn],
  detail: {
    alarmName: alarm.AlarmName,
    state: { value: alarm.StateValue, reason: alarm.StateReason, timestamp: new Date().toISOString() },
    previousState: { value: previous },
    configuration: { description: alarm.AlarmDescription },
  },
});

/** The functions whose deployed rule takes an event, judged by EventBridge itself. */
const listenersTo = async (
  { events }: Pick<Clients, 'events'>,
  event: object,
): Promise<readonly string[]> => {
  const { Rules = [] } = await events.send(new ListRulesCommand({}));
  const arns: string[] = [];
  for (const { Name: Rule, EventPattern } of Rules) {
    if (EventPattern === undefined) continue;
    const question = new TestEventPatternCommand({ EventPattern, Event: JSON.stringify(event) });
    if ((await events.send(question)).Result !== true) continue;
    const { Targets = [] } = await events.send(new ListTargetsByRuleCommand({ Rule }));
    arns.push(...Targets.flatMap(({ Arn }) => (Arn?.includes(':function:') ? [Arn] : [])));
  }
  return arns;
};

/**
 * CloudWatch tells EventBridge when an alarm changes its state; MiniStack does not, and takes no event in the name of
 * AWS from outside. Gives the alarms that changed, each told to whoever a deployed rule names.
 */
export const alarmTeller = (clients: Pick<Clients, 'cloudWatch' | 'events' | 'lambda'>) => {
  const known = new Map<string, string>();
  return async (): Promise<readonly string[]> => {
    const { MetricAlarms = [] } = await clients.cloudWatch.send(new DescribeAlarmsCommand({}));
    const changed: string[] = [];
    for (const alarm of MetricAlarms) {
      const { AlarmName = '', StateValue = '' } = alarm;
      const before = known.get(AlarmName) ?? 'INSUFFICIENT_DATA';
      known.set(AlarmName, StateValue);
      if (before === StateValue) continue;
      const event = alarmEvent(alarm, before);
      for (const FunctionName of await listenersTo(clients, event)) {
        const Payload = Buffer.from(JSON.stringify(event));
        await clients.lambda.send(new InvokeCommand({ FunctionName, InvocationType: 'Event', Payload }));
      }
      changed.push(`${AlarmName} ${StateValue}`);
    }
    return changed;
  };
};
