import {
  CloudWatchClient,
  DeleteAlarmsCommand,
  DescribeAlarmsCommand,
  type MetricAlarm,
  PutMetricAlarmCommand,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import type { AlarmBook, LaneAlarm, LaneAlarmState } from '../../ports/alarm-book.ts';
import { laneAlarmNameOf, lanes, parseLaneAlarmName, tagsOf } from '../../wire/names.ts';
import { alarmInput, isSameAlarm, isSameSeries } from './lane-alarm-input.ts';
import { clientDefaults, isNamed, lazily } from './sdk-errors.ts';

/** DescribeAlarms takes at most 100 names, https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html */
const namesPerRequest = 100;

const stateNames = { OK: 'ok', ALARM: 'alarm', INSUFFICIENT_DATA: 'unknown' } as const;

/**
 * The alarms of models' lanes in CloudWatch, made at run time because a new model needs no deployment. Each mails the
 * topic when it rings and when it is over; what changes state also reaches EventBridge. $0.10 a month each.
 */
export const cloudwatchAlarmBook = (options: {
  readonly stage: string;
  readonly topicArn: string;
  /** @default - one client for the process's credentials and region, made at the first request */
  readonly client?: CloudWatchClient;
}): AlarmBook => {
  const { stage, topicArn } = options;
  const client = lazily(options.client, () => new CloudWatchClient(clientDefaults));

  const find = async (AlarmNames: string[]): Promise<readonly MetricAlarm[]> => {
    const request = { AlarmNames, AlarmTypes: ['MetricAlarm' as const], MaxRecords: namesPerRequest };
    const { MetricAlarms = [] } = await client().send(new DescribeAlarmsCommand(request));
    return MetricAlarms;
  };

  /** An alarm that is changed keeps its state, and where nothing but gaps follows it would keep it for good. */
  const startAnew = (AlarmName: string) =>
    client().send(
      new SetAlarmStateCommand({
        AlarmName,
        StateValue: 'INSUFFICIENT_DATA',
        StateReason: 'Another version serves: from here on its own windows count.',
      }),
    );

  const ensureSome = async (alarms: readonly LaneAlarm[]) => {
    const wanted = alarms.map((alarm) => alarmInput(stage, topicArn, alarm));
    const found = await find(wanted.map(({ AlarmName }) => AlarmName));
    const byName = new Map(found.map((alarm) => [alarm.AlarmName, alarm]));
    // One after the other: CloudWatch takes three writes a second.
    for (const input of wanted) {
      const existing = byName.get(input.AlarmName);
      if (existing !== undefined && isSameAlarm(existing, input)) continue;
      const isMoved = existing !== undefined && !isSameSeries(existing, input);
      // Before it is moved: a crash in between leaves an alarm that differs, and the next time does both.
      if (isMoved) await startAnew(input.AlarmName);
      // Tags are taken when an alarm is made and passed over when it is changed.
      const Tags = Object.entries(tagsOf(stage)).map(([Key, Value]) => ({ Key, Value }));
      await client().send(new PutMetricAlarmCommand({ ...input, Tags }));
      // And after: CloudWatch may have judged it by the old series meanwhile.
      if (isMoved) await startAnew(input.AlarmName);
    }
  };

  const ensure: AlarmBook['ensure'] = async (alarms) => {
    for (let from = 0; from < alarms.length; from += namesPerRequest)
      await ensureSome(alarms.slice(from, from + namesPerRequest));
  };

  const namesOf = (model: string) => lanes.map((lane) => laneAlarmNameOf(stage, model, lane));

  const states: AlarmBook['states'] = async (model) => {
    const found = await find(namesOf(model));
    return found.flatMap((alarm): readonly LaneAlarmState[] => {
      const named = parseLaneAlarmName(stage, alarm.AlarmName ?? '');
      if (named === undefined || alarm.StateValue === undefined) return [];
      // The transition, not the latest update: an alarm that stays in its state is updated with each new reason.
      const since = alarm.StateTransitionedTimestamp ?? alarm.StateUpdatedTimestamp ?? new Date(0);
      return [{ ...named, state: stateNames[alarm.StateValue], since: since.toISOString() }];
    });
  };

  /** DeleteAlarms refuses all when one does not exist, so only what is there is named. */
  const remove: AlarmBook['remove'] = async (model) => {
    const AlarmNames = (await find(namesOf(model))).flatMap(({ AlarmName }) => AlarmName ?? []);
    if (AlarmNames.length === 0) return;
    try {
      await client().send(new DeleteAlarmsCommand({ AlarmNames }));
    } catch (error) {
      if (!isNamed(error, 'ResourceNotFound', 'ResourceNotFoundException')) throw error;
      await remove(model);
    }
  };

  return { ensure, states, remove };
};
