import type { Services } from '../../lambdas/services.ts';
import { cloudwatchAlarmBook } from '../adapters/aws/cloudwatch-alarm-book.ts';
import { snsNotifier } from '../adapters/aws/sns-notifier.ts';
import type { Stage } from './open-stage.ts';

/** What the retraining controller works with, on a stage with the caller's own permissions. */
export const controllerOf = ({
  stage,
  outputs: { topicArn },
  registry,
  records,
  workflow,
  clock,
  ids,
}: Stage): Pick<Services, 'registry' | 'workflow' | 'alarms' | 'notifier' | 'clock' | 'ids'> => ({
  registry,
  workflow,
  clock,
  ids,
  alarms: cloudwatchAlarmBook({ stage, topicArn }),
  notifier: snsNotifier({ topicArn, records, clock }),
});
