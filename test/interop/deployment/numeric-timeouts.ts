import { DescribeStateMachineCommand, UpdateStateMachineCommand } from '@aws-sdk/client-sfn';
import { machineNames } from '../../../lib/wire/names.ts';
import type { Clients } from './clients.ts';
import type { Outputs } from './deploy-stage.ts';

/** Longer than the test, shorter than forever. */
const timeoutSeconds = 600;

const timeoutExpression = /"TimeoutSeconds":\s*"\{%[^"]*%\}"/gu;

/**
 * A bridge: a time-out may be an expression, and MiniStack 1.5.33 takes it for a number of seconds, unevaluated, and
 * fails. It gets a number. Gives how many it replaced; everything else of the machines runs as deployed.
 */
export const giveNumericTimeouts = async (
  { sfn }: Pick<Clients, 'sfn'>,
  { machineArnPrefix }: Pick<Outputs, 'machineArnPrefix'>,
): Promise<number> => {
  let replaced = 0;
  for (const name of machineNames) {
    const stateMachineArn = `${machineArnPrefix}${name}`;
    const { definition = '' } = await sfn.send(new DescribeStateMachineCommand({ stateMachineArn }));
    const bridged = definition.replace(timeoutExpression, () => {
      replaced += 1;
      return `"TimeoutSeconds": ${timeoutSeconds}`;
    });
    if (bridged !== definition)
      await sfn.send(new UpdateStateMachineCommand({ stateMachineArn, definition: bridged }));
  }
  return replaced;
};
