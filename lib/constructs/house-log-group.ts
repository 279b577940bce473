import { RemovalPolicy } from 'aws-cdk-lib';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { nameOf } from '../wire/names.ts';
import type { Settings } from '../wire/settings.ts';
import type { HouseKey } from './house-key.ts';

/**
 * A log group `millrace-<stage>-<what>` that forgets after the days settled. It goes with the stack in every stage: its
 * name is fixed, so that one left behind would stand in the way of the next deployment, and what must last (who decided
 * what and why) is in the registry.
 */
export const houseLogGroup = (
  scope: Construct,
  what: string,
  { settings, key }: { readonly settings: Settings; readonly key?: HouseKey | undefined },
): LogGroup =>
  new LogGroup(scope, 'Logs', {
    logGroupName: nameOf(settings.stage, what),
    // The schema admits the days CloudWatch does; the enum's values are those days.
    retention: settings.logRetentionDays as number as RetentionDays,
    removalPolicy: RemovalPolicy.DESTROY,
    ...(key === undefined ? {} : { encryptionKey: key.key }),
  });
