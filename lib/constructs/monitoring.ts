import { ArnFormat, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { nameOf } from '../wire/names.ts';
import type { Settings } from '../wire/settings.ts';
import type { HouseFunction } from './house-function.ts';

const becauseUnscoped = (action: string): string =>
  `CloudWatch knows no resources for ${action}: it reads by name`;

/** CloudWatch as functions use it at run time: numbers they read, and the alarms of each model's lanes. */
export class Monitoring extends Construct {
  readonly #stage: string;

  constructor(scope: Construct, id: string, { settings }: { readonly settings: Settings }) {
    super(scope, id);
    this.#stage = settings.stage;
  }

  grantReadMetrics(fn: HouseFunction): void {
    fn.allow({
      actions: ['cloudwatch:GetMetricData'],
      resources: ['*'],
      because: becauseUnscoped('GetMetricData'),
    });
  }

  grantReadAlarms(fn: HouseFunction): void {
    fn.allow({
      actions: ['cloudwatch:DescribeAlarms'],
      resources: ['*'],
      because: becauseUnscoped('DescribeAlarms'),
    });
  }

  /** Lets make, correct, start anew and remove alarms of this stage, and look at all. */
  grantKeepLaneAlarms(fn: HouseFunction): void {
    this.grantReadAlarms(fn);
    fn.allow({
      actions: [
        'cloudwatch:PutMetricAlarm',
        'cloudwatch:SetAlarmState',
        'cloudwatch:DeleteAlarms',
        'cloudwatch:TagResource',
      ],
      resources: [
        Stack.of(this).formatArn({
          service: 'cloudwatch',
          resource: 'alarm',
          resourceName: nameOf(this.#stage, '*'),
          arnFormat: ArnFormat.COLON_RESOURCE_NAME,
        }),
      ],
      because: 'alarms of this stage; models come without a deployment, and their lanes with them',
    });
  }
}
