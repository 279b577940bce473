import {
  type DescribeExecutionOutput,
  GetExecutionHistoryCommand,
  SendTaskFailureCommand,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import type { Clock } from '../../ports/clock.ts';
import type { Execution, StartRequest, Workflow } from '../../ports/workflow.ts';
import { MillraceError } from '../../wire/errors.ts';
import { canonicalJson } from '../../wire/json.ts';
import { systemClock } from '../local/system-clock.ts';
import { clientDefaults, isNamed, lazily, retrying } from './sdk-errors.ts';
import { describeExecution, executionList, isMachineGone, isNotFound } from './step-functions-list.ts';
import {
  checkPayload,
  checkStart,
  machineUnknown,
  maxCauseCharacters,
  maxErrorCharacters,
  nameTaken,
  toExecution,
} from './step-functions-rules.ts';

/**
 * Standard workflows in Step Functions. An execution's id is its ARN. Names stay taken for 90 days after an execution
 * ends; an event older than that starts a new one.
 */
export const stepFunctionsWorkflow = (options: {
  /** `arn:…:stateMachine:millrace-<stage>-`: the name of a machine follows. */
  readonly machineArnPrefix: string;
  /** @default - one client for the process's credentials and region, made at the first request */
  readonly client?: SFNClient;
  /** What waits between tries. @default - the machine's clock */
  readonly clock?: Clock;
}): Workflow => {
  const { machineArnPrefix, clock = systemClock } = options;
  const client = lazily(options.client, () => new SFNClient(clientDefaults));

  const describeRaw = (executionArn: string) => describeExecution(client(), executionArn);

  const currentState = async (executionArn: string): Promise<string | undefined> => {
    const { events = [] } = await client().send(
      new GetExecutionHistoryCommand({
        executionArn,
        reverseOrder: true,
        maxResults: 50,
        includeExecutionData: false,
      }),
    );
    return events.find((event) => event.stateEnteredEventDetails)?.stateEnteredEventDetails?.name;
  };

  const describe = async (executionId: string): Promise<Execution> => {
    const execution = toExecution(machineArnPrefix, await describeRaw(executionId));
    if (execution.status !== 'RUNNING') return execution;
    const state = await currentState(executionId);
    return state === undefined ? execution : { ...execution, currentState: state };
  };

  /** `started: false` when the execution of that name had the same input. */
  const compared = (described: DescribeExecutionOutput, executionId: string, input: string) => {
    const { input: had } = toExecution(machineArnPrefix, described);
    if (canonicalJson(had) === input) return { executionId, started: false };
    throw nameTaken(executionId);
  };

  /**
   * StartExecution answers a name that is running with the same input as if it had started it, and refuses one that has
   * ended. So we look first: two that ask for one name within the same moment may then both be told that they started
   * it, while Step Functions still starts one.
   */
  const start = async ({ machine, name, input }: StartRequest) => {
    const text = canonicalJson(input);
    checkStart(name, text);
    const stateMachineArn = `${machineArnPrefix}${machine}`;
    const executionId = `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;
    try {
      return compared(await describeRaw(executionId), executionId, text);
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
    try {
      const request = new StartExecutionCommand({ stateMachineArn, name, input: text });
      const { executionArn = executionId } = await client().send(request);
      return { executionId: executionArn, started: true };
    } catch (error) {
      if (isMachineGone(error)) throw machineUnknown(machine, stateMachineArn, error);
      if (!isNamed(error, 'ExecutionAlreadyExists')) throw error;
      // What another has just started may take a moment to be seen.
      const described = await retrying(clock, isNotFound, () => describeRaw(executionId));
      return compared(described, executionId, text);
    }
  };

  const { list } = executionList({ machineArnPrefix, client, describe: describeRaw });

  const stop: Workflow['stop'] = async (executionId, reason) => {
    if ((await describeRaw(executionId)).status !== 'RUNNING') return;
    const cause = reason.slice(0, maxCauseCharacters);
    await client().send(new StopExecutionCommand({ executionArn: executionId, cause }));
  };

  /**
   * A token counts once. When Step Functions' answer is lost and the SDK asks again, the second answer is "unknown"
   * although the first counted: what was decided is for the caller's own record to say.
   */
  const answering = async (answer: () => Promise<unknown>): Promise<void> => {
    try {
      await answer();
    } catch (error) {
      if (!isNamed(error, 'TaskTimedOut', 'TaskDoesNotExist', 'InvalidToken')) throw error;
      throw new MillraceError('TASK_TOKEN_UNKNOWN', 'no task waits for this token', {}, { cause: error });
    }
  };

  const completeTask: Workflow['completeTask'] = async (taskToken, output) => {
    const text = JSON.stringify(output);
    checkPayload('the output of the task', text);
    await answering(() => client().send(new SendTaskSuccessCommand({ taskToken, output: text })));
  };

  const failTask: Workflow['failTask'] = async (taskToken, failure) => {
    const error = failure.error.slice(0, maxErrorCharacters);
    const cause = failure.cause.slice(0, maxCauseCharacters);
    await answering(() => client().send(new SendTaskFailureCommand({ taskToken, error, cause })));
  };

  return { start, describe, list, stop, completeTask, failTask };
};
