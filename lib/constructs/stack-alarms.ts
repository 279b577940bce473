import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Construct } from 'constructs';
import { metricNamespace, stackMetrics } from '../wire/metrics.ts';
import { nameOf, type StackAlarm, stackAlarms } from '../wire/names.ts';
import type { Settings } from '../wire/settings.ts';
import type { DeadLetters } from './dead-letters.ts';
import type { FrontDoor } from './front-door.ts';
import type { PeopleTopic } from './people-topic.ts';

export interface StackAlarmsProps {
  readonly settings: Settings;
  readonly frontDoor: FrontDoor;
  readonly deadLetters: DeadLetters;
  readonly people: PeopleTopic;
}

interface Limit {
  readonly what: string;
  readonly metric: IMetric;
  readonly atLeast: number;
  /** @default 1 */
  readonly periods?: number;
}

/** The alarms a stack has from the start. One metric each, $0.10 a month, and none rings for want of data: asleep is no fault. */
export class StackAlarms extends Construct {
  constructor(scope: Construct, id: string, props: StackAlarmsProps) {
    super(scope, id);
    const { settings, people } = props;
    const limits = this.#limits(props);
    for (const name of stackAlarms) {
      const { what, metric, atLeast, periods = 1 } = limits[name];
      const alarm = new Alarm(this, name, {
        alarmName: nameOf(settings.stage, name),
        alarmDescription: `${what}. What to do: docs/operations.md#${name}`,
        metric,
        threshold: atLeast,
        comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        evaluationPeriods: periods,
        treatMissingData: TreatMissingData.NOT_BREACHING,
      });
      const action = new SnsAction(people.topic);
      alarm.addAlarmAction(action);
      alarm.addOkAction(action);
    }
  }

  #limits({ settings, frontDoor, deadLetters }: StackAlarmsProps): Readonly<Record<StackAlarm, Limit>> {
    const counted = (metricName: string, statistic: string, period: Duration) =>
      new Metric({
        namespace: metricNamespace,
        metricName,
        dimensionsMap: { stage: settings.stage },
        statistic,
        period,
      });
    return {
      'endpoint-errors': {
        // One stray failure is retried by its caller; five in five minutes are a pattern.
        what: 'The endpoint answered 5 or more requests within 5 minutes with a fault of its own',
        metric: frontDoor.errors,
        atLeast: 5,
      },
      'endpoint-latency': {
        // A cold start takes about a second and is rare among 20; three periods in a row are no cold start.
        what: 'One request in 20 took 3 seconds or longer, for 15 minutes',
        metric: frontDoor.latency,
        atLeast: 3000,
        periods: 3,
      },
      'failed-executions': {
        what: 'A run, a batch or a roll-out failed, timed out or was stopped',
        metric: counted(stackMetrics.failedExecutions, 'Sum', Duration.minutes(5)),
        atLeast: 1,
      },
      'dead-letters': {
        what: 'An event could not be delivered or worked on, and is kept in the dead-letter queue',
        metric: deadLetters.queue.metricApproximateNumberOfMessagesVisible({
          statistic: 'Maximum',
          period: Duration.minutes(5),
        }),
        atLeast: 1,
      },
      'stuck-approvals': {
        what: `An approval has waited longer than ${settings.stuckAfterHours} hours`,
        // Counted when the monitor looks, so looked at as often.
        metric: counted(stackMetrics.stuckApprovals, 'Maximum', Duration.hours(settings.monitorEveryHours)),
        atLeast: 1,
      },
    };
  }
}
