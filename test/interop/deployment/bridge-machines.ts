import { DescribeStateMachineCommand, UpdateStateMachineCommand } from '@aws-sdk/client-sfn';
import { machineNames } from '../../../lib/wire/names.ts';
import type { Clients } from './clients.ts';
import type { Outputs } from './deploy-stage.ts';

type State = Readonly<Record<string, unknown>>;
interface Definition {
  readonly States: Readonly<Record<string, State>>;
}

/** Longer than the test, shorter than forever. */
const timeoutSeconds = 600;

const isExpression = (value: unknown): boolean => typeof value === 'string' && value.startsWith('{%');

/** MiniStack 1.5.33 takes a time-out that is an expression for a number, unevaluated, and fails: it gets a number. */
const withNumber = (state: State): State =>
  isExpression(state.TimeoutSeconds) ? { ...state, TimeoutSeconds: timeoutSeconds } : state;

/** It passes over the output of a Succeed state; a Pass state that ends the execution does the same thing. */
const withOutput = (state: State): State => {
  if (state.Type !== 'Succeed' || state.Output === undefined) return state;
  return { ...state, Type: 'Pass', End: true };
};

const bridged = (state: State): State => withOutput(withNumber(state));

/**
 * A bridge over two things MiniStack's Step Functions do not do. Gives the states it changed, by name; everything else of
 * the machines runs as deployed.
 */
export const bridgeMachines = async (
  { sfn }: Pick<Clients, 'sfn'>,
  { machineArnPrefix }: Pick<Outputs, 'machineArnPrefix'>,
): Promise<readonly string[]> => {
  const changed: string[] = [];
  for (const name of machineNames) {
    const stateMachineArn = `${machineArnPrefix}${name}`;
    const { definition = '' } = await sfn.send(new DescribeStateMachineCommand({ stateMachineArn }));
    const deployed: Definition = JSON.parse(definition);
    const states = Object.entries(deployed.States).map(
      ([state, body]) => [state, body, bridged(body)] as const,
    );
    const own = states.filter(([, before, after]) => before !== after).map(([state]) => state);
    if (own.length === 0) continue;
    changed.push(...own);
    const States = Object.fromEntries(states.map(([state, , after]) => [state, after]));
    const update = { stateMachineArn, definition: JSON.stringify({ ...deployed, States }) };
    await sfn.send(new UpdateStateMachineCommand(update));
  }
  return changed;
};
