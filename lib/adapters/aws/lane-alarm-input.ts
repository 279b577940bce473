import type { MetricAlarm, PutMetricAlarmInput } from '@aws-sdk/client-cloudwatch';
import type { LaneAlarm } from '../../ports/alarm-book.ts';
import { MillraceError } from '../../wire/errors.ts';
import { laneDimensions, laneMetrics, metricNamespace } from '../../wire/metrics.ts';
import { laneAlarmNameOf } from '../../wire/names.ts';

/**
 * CloudWatch looks back seven days at most, one day with periods under an hour:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
 */
const maxLookBackSeconds = 7 * 86_400;
const maxShortLookBackSeconds = 86_400;

const missingData = { ignore: 'ignore', breaching: 'breaching', 'not-breaching': 'notBreaching' } as const;

const invalid = (alarm: LaneAlarm, what: string) =>
  new MillraceError('INPUT_INVALID', `the ${alarm.lane} alarm of ${alarm.model} ${what}`, { ...alarm });

/**
 * Period and counts as CloudWatch takes them: whole minutes. Should the windows reach further back than it looks,
 * it looks at as many as fit, and needs no more breaches than that.
 */
const windowsOf = (alarm: LaneAlarm) => {
  const { windowHours, breaches, outOf } = alarm;
  const areCounts = [breaches, outOf].every((count) => Number.isInteger(count) && count >= 1);
  if (!areCounts || breaches > outOf)
    throw invalid(alarm, `asks for ${breaches} of ${outOf}, expected whole numbers, no more than there are`);
  if (!(windowHours > 0)) throw invalid(alarm, `has windows of ${windowHours} hours, expected more than 0`);
  const minutes = Math.max(1, Math.round(windowHours * 60));
  const Period = Math.min(minutes * 60, maxLookBackSeconds);
  const lookBack = Period < 3600 ? maxShortLookBackSeconds : maxLookBackSeconds;
  const EvaluationPeriods = Math.min(outOf, Math.floor(lookBack / Period));
  return { Period, EvaluationPeriods, DatapointsToAlarm: Math.min(breaches, EvaluationPeriods) };
};

const byName = (one: { readonly Name: string | undefined }, other: { readonly Name: string | undefined }) =>
  (one.Name ?? '') < (other.Name ?? '') ? -1 : 1;

/** The alarm of a lane, whole, so that two of them can be compared. */
export const alarmInput = (stage: string, topicArn: string, alarm: LaneAlarm) => {
  const { model, lane, version } = alarm;
  const windows = windowsOf(alarm);
  const often = `${windows.DatapointsToAlarm} of the last ${windows.EvaluationPeriods} windows`;
  return {
    AlarmName: laneAlarmNameOf(stage, model, lane),
    AlarmDescription: `${model}: ${lane} reached its limit in ${often}. What to do: docs/operations.md#lane-${lane}`,
    ActionsEnabled: true,
    AlarmActions: [topicArn],
    OKActions: [topicArn],
    InsufficientDataActions: [] as string[],
    Namespace: metricNamespace,
    MetricName: laneMetrics.score,
    Dimensions: Object.entries({ ...laneDimensions(model, lane, version), stage })
      .map(([Name, Value]) => ({ Name, Value }))
      .sort(byName),
    Statistic: 'Maximum',
    ...windows,
    Threshold: 1,
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    TreatMissingData: missingData[alarm.whenMissing],
  } satisfies PutMetricAlarmInput;
};

/** Whether the alarm that is there looks at the series wanted; the order of dimensions does not matter. */
export const isSameSeries = (existing: MetricAlarm, wanted: ReturnType<typeof alarmInput>): boolean =>
  JSON.stringify(existing.Dimensions?.toSorted(byName)) === JSON.stringify(wanted.Dimensions);

/** Whether the alarm that is there is the one wanted; absent lists are empty. */
export const isSameAlarm = (existing: MetricAlarm, wanted: ReturnType<typeof alarmInput>): boolean =>
  Object.entries(wanted).every(([name, value]) => {
    if (name === 'Dimensions') return isSameSeries(existing, wanted);
    const found: unknown = Reflect.get(existing, name);
    return JSON.stringify(found ?? (Array.isArray(value) ? [] : undefined)) === JSON.stringify(value);
  });
