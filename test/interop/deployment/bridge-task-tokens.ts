import {
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import { GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import type { FunctionName } from '../../../lib/wire/functions.ts';
import { nameOf } from '../../../lib/wire/names.ts';
import type { Clients } from './clients.ts';
import { until } from './timeline.ts';

type Hands = Pick<Clients, 'cloudFormation' | 'lambda'>;

/** Whoever may answer a run that waits for a decision; `grantAnswer` in lib/stacks/grants.ts names them. */
const answering: readonly FunctionName[] = ['request-approval', 'serve-console', 'decide-retraining'];

const stackName = 'bridge-task-tokens';

const roleOf = async ({ lambda }: Hands, functionName: string): Promise<string> => {
  const { Role = '' } = await lambda.send(
    new GetFunctionConfigurationCommand({ FunctionName: functionName }),
  );
  return Role.slice(Role.lastIndexOf('/') + 1);
};

/**
 * AWS asks for `states:SendTask…` on the machine that waits, as the deployed roles have it. MiniStack 1.5.33 asks for it on
 * `*`, which they rightly have not: here, and only here, they get it, by a stack of the test's own.
 */
export const bridgeTaskTokens = async (hands: Hands, stage: string): Promise<void> => {
  const statement = { Effect: 'Allow', Action: 'states:SendTask*', Resource: '*' };
  const Properties = {
    PolicyName: stackName,
    Roles: await Promise.all(answering.map((name) => roleOf(hands, nameOf(stage, name)))),
    PolicyDocument: { Version: '2012-10-17', Statement: [statement] },
  };
  const template = { Resources: { Bridge: { Type: 'AWS::IAM::Policy', Properties } } };
  await hands.cloudFormation.send(
    new CreateStackCommand({
      StackName: stackName,
      TemplateBody: JSON.stringify(template),
      Capabilities: ['CAPABILITY_IAM'],
    }),
  );
  await until('bridge over task tokens', 20, async () => {
    const { Stacks: [stack] = [] } = await hands.cloudFormation.send(
      new DescribeStacksCommand({ StackName: stackName }),
    );
    return stack?.StackStatus === 'CREATE_COMPLETE' ? true : undefined;
  });
};

/** Takes it away again: a role that holds a policy of another stack cannot be deleted. */
export const removeTaskTokenBridge = async ({ cloudFormation }: Hands): Promise<void> => {
  await cloudFormation.send(new DeleteStackCommand({ StackName: stackName }));
};
