import { CloudFormationClient, DescribeStacksCommand, type Stack } from '@aws-sdk/client-cloudformation';
import { clientDefaults, isNamed } from '../adapters/aws/sdk-errors.ts';
import { MillraceError } from '../wire/errors.ts';
import { outputNames, stackNameOf } from '../wire/names.ts';
import { findCaller } from './caller.ts';
import type { AwsCredentials } from './sign-request.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface StageName {
  readonly stage: string;
  /** @default - AWS_REGION, then the region of the AWS profile */
  readonly region?: string;
}

/** The AWS account and region a command talks to, before any stack is looked for. */
export interface AwsAccess {
  readonly cloudFormation: CloudFormationClient;
  readonly region: string;
  /** Asked afresh each time: they may expire within a long command. */
  readonly credentials: () => Promise<AwsCredentials>;
}

/** Fails at once where there are no credentials or no region: `awsFault` tells that in people's words. */
export const openAws = async (options: {
  readonly region?: string;
  /** @default - one for the process's credentials */
  readonly cloudFormation?: CloudFormationClient;
}): Promise<AwsAccess> => {
  const { region: given } = options;
  const cloudFormation =
    options.cloudFormation ??
    new CloudFormationClient({ ...clientDefaults, ...(given && { region: given }) });
  const region = await cloudFormation.config.region();
  const credentials = () => cloudFormation.config.credentials();
  await credentials();
  return { cloudFormation, region, credentials };
};

/** `undefined` when there is no stack of that name; stacks that were deleted are no longer found by name. */
export const findStack = async (
  { cloudFormation }: Pick<AwsAccess, 'cloudFormation'>,
  stackName: string,
): Promise<Stack | undefined> => {
  try {
    const { Stacks = [] } = await cloudFormation.send(new DescribeStacksCommand({ StackName: stackName }));
    return Stacks[0];
  } catch (error) {
    // CloudFormation has no error of its own for this.
    if (isNamed(error, 'ValidationError') && /does not exist/.test(error.message)) return undefined;
    throw error;
  }
};

/** `arn:<partition>:cloudformation:<region>:<account>:stack/…` */
export const placeOfStack = (stack: Stack): { readonly account: string; readonly region: string } => {
  const [, , , region = '', account = ''] = (stack.StackId ?? '').split(':');
  return { account, region };
};

export type StageOutputs = Readonly<Record<keyof typeof outputNames, string>>;

/** Outputs a front door without a page leaves out. */
const optional: readonly (keyof typeof outputNames)[] = ['consoleUrl'];

/** Throws STAGE_UNKNOWN, naming where was looked. */
export const requireStack = async (access: AwsAccess, stage: string, env: Environment): Promise<Stack> => {
  const stack = await findStack(access, stackNameOf(stage));
  if (stack !== undefined) return stack;
  const { region } = access;
  const caller = await findCaller({ region, credentials: await access.credentials(), env, now: Date.now() });
  throw new MillraceError(
    'STAGE_UNKNOWN',
    `there is no stack "${stackNameOf(stage)}" in account ${caller?.account ?? '(unknown)'}, region ${region}`,
    { stage, region },
  );
};

/** The addresses a stack tells. Throws STAGE_INCOMPLETE when one is missing: its deployment did not get to its end. */
export const outputsOf = (stack: Stack): StageOutputs => {
  const told = new Map(stack.Outputs?.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]));
  const entries = Object.entries(outputNames).map(
    ([name, output]) => [name as keyof typeof outputNames, told.get(output)] as const,
  );
  const missing = entries.filter(([name, value]) => value === undefined && !optional.includes(name));
  if (missing.length > 0)
    throw new MillraceError(
      'STAGE_INCOMPLETE',
      `the stack "${stack.StackName}" is ${stack.StackStatus} and lacks the outputs ${missing.map(([name]) => outputNames[name]).join(', ')}`,
      { status: stack.StackStatus },
    );
  return Object.fromEntries(entries.map(([name, value]) => [name, value ?? ''])) as StageOutputs;
};
