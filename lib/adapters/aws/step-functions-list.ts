import {
  DescribeExecutionCommand,
  type DescribeExecutionOutput,
  ListExecutionsCommand,
  type ListExecutionsInput,
  type SFNClient,
} from '@aws-sdk/client-sfn';
import type { Execution, Workflow } from '../../ports/workflow.ts';
import { isMillraceError } from '../../wire/errors.ts';
import { isNamed } from './sdk-errors.ts';
import { executionNotFound, machineUnknown, statusFilter, toExecution } from './step-functions-rules.ts';

/** Each execution listed is also described, for its input: a person reads no more than this at once. */
const defaultListed = 50;
/** DescribeExecution refills at 10 to 15 a second. */
const describedAtOnce = 5;

export const isMachineGone = (error: unknown): boolean =>
  isNamed(error, 'StateMachineDoesNotExist', 'StateMachineDeleting');

export const isNotFound = (error: unknown): boolean => isMillraceError(error, 'EXECUTION_NOT_FOUND');

/** Throws EXECUTION_NOT_FOUND, also for what is no ARN. */
export const describeExecution = async (
  client: SFNClient,
  executionArn: string,
): Promise<DescribeExecutionOutput> => {
  try {
    return await client.send(new DescribeExecutionCommand({ executionArn }));
  } catch (error) {
    if (isNamed(error, 'ExecutionDoesNotExist', 'InvalidArn')) throw executionNotFound(executionArn, error);
    throw error;
  }
};

/** The executions of a machine, the newest first, whole. Throws STATE_MACHINE_UNKNOWN. */
export const executionList = (options: {
  readonly machineArnPrefix: string;
  readonly client: () => SFNClient;
  readonly describe: (executionArn: string) => Promise<DescribeExecutionOutput>;
}): Pick<Workflow, 'list'> => {
  const { machineArnPrefix, client, describe } = options;

  const listPage = async (machine: string, page: Omit<ListExecutionsInput, 'stateMachineArn'>) => {
    const stateMachineArn = `${machineArnPrefix}${machine}`;
    try {
      return await client().send(new ListExecutionsCommand({ stateMachineArn, ...page }));
    } catch (error) {
      if (isMachineGone(error)) throw machineUnknown(machine, stateMachineArn, error);
      throw error;
    }
  };

  /** ARNs of a machine's executions, in the order Step Functions keeps: newest first. */
  const listArns = async (filter: Parameters<Workflow['list']>[0], limit: number) => {
    const arns: string[] = [];
    let nextToken: string | undefined;
    do {
      const maxResults = Math.min(limit - arns.length, 1000);
      const page = { maxResults, ...statusFilter(filter.status), ...(nextToken && { nextToken }) };
      const listed = await listPage(filter.machine, page);
      arns.push(...(listed.executions ?? []).flatMap(({ executionArn }) => executionArn ?? []));
      nextToken = listed.nextToken;
    } while (nextToken !== undefined && arns.length < limit);
    return arns;
  };

  /** None for an execution that Step Functions forgot (it keeps them for 90 days) since it was listed. */
  const describeListed = async (executionArn: string): Promise<readonly Execution[]> => {
    try {
      return [toExecution(machineArnPrefix, await describe(executionArn))];
    } catch (error) {
      if (isNotFound(error)) return [];
      throw error;
    }
  };

  const list: Workflow['list'] = async (filter) => {
    const arns = await listArns(filter, filter.limit ?? defaultListed);
    const listed: Execution[] = [];
    for (let from = 0; from < arns.length; from += describedAtOnce) {
      const described = await Promise.all(arns.slice(from, from + describedAtOnce).map(describeListed));
      listed.push(...described.flat());
    }
    return listed;
  };

  return { list };
};
