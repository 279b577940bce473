import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { type MachineName, nameOf } from '../wire/names.ts';

// Machines by name, not by reference: a machine refers to the functions it calls, and functions start machines.

export const machineArnPrefix = (scope: Construct, stage: string): string =>
  Stack.of(scope).formatArn({
    service: 'states',
    resource: 'stateMachine',
    resourceName: nameOf(stage, ''),
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });

/** Every execution of a machine. */
export const executionArns = (scope: Construct, stage: string, name: MachineName): string =>
  Stack.of(scope).formatArn({
    service: 'states',
    resource: 'execution',
    resourceName: `${nameOf(stage, name)}:*`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });

/** Why that is a wildcard. */
export const becauseExecutions = 'executions of this one machine, named when they start';
