import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { Execution, StartRequest } from '../../../ports/workflow.ts';
import { isMillraceError } from '../../../wire/errors.ts';
import type { JsonObject } from '../../../wire/json.ts';
import type { InvokeRequest, TaskHandle } from './visit.ts';

const prefix = 'arn:aws:states:::states:startExecution';

export const isNestedExecution = (resource: string): boolean =>
  resource === prefix || resource.startsWith(`${prefix}.`);

const Arguments = z.object({
  StateMachineArn: z.string().min(1),
  Name: z.string().optional(),
  Input: z.json().optional(),
});

/** What nesting needs of the workflow it happens in. */
export interface NestingWorkflow {
  start(request: StartRequest, parentId: string): Promise<{ readonly executionId: string }>;
  describe(executionId: string): Promise<Execution>;
  finished(executionId: string, signal: AbortSignal): Promise<Execution>;
  stop(executionId: string, reason: string): Promise<void>;
  isShuttingDown(): boolean;
}

/** An error under a name that Retry and Catch know. */
const namedError = (name: string, message: string): Error => Object.assign(new Error(message), { name });

/** The answer of DescribeExecution; `sync:2` gives the output as a value, `sync` as text. */
const envelope = (execution: Execution, isValue: boolean): JsonObject => {
  const { executionId, name, machine, status, input, output } = execution;
  return {
    ExecutionArn: executionId,
    StateMachineArn: machine,
    Name: name,
    Status: status,
    StartDate: execution.startedAt,
    ...(execution.stoppedAt === undefined ? {} : { StopDate: execution.stoppedAt }),
    Input: isValue ? input : JSON.stringify(input),
    ...(output === undefined ? {} : { Output: isValue ? output : JSON.stringify(output) }),
    ...(execution.error === undefined ? {} : { Error: execution.error }),
    ...(execution.cause === undefined ? {} : { Cause: execution.cause }),
  };
};

/** A name that stays the same when the attempt is delivered again, so that the child starts once. */
const nameOf = (attemptId: string): string =>
  createHash('sha256').update(attemptId).digest('hex').slice(0, 32);

/** A machine by name, also as the last part of an ARN. */
const machineOf = (arn: string): string => arn.split(':').at(-1) ?? arn;

const startChild = async (workflow: NestingWorkflow, request: InvokeRequest, task: TaskHandle) => {
  const parsed = Arguments.safeParse(request.arguments);
  if (!parsed.success) throw namedError('StepFunctions.ValidationException', z.prettifyError(parsed.error));
  const { StateMachineArn: arn, Name: name = nameOf(task.attemptId), Input: input = {} } = parsed.data;
  const parentId = z.object({ Execution: z.object({ Id: z.string() }) }).parse(request.context).Execution.Id;
  try {
    return await workflow.start({ machine: machineOf(arn), name, input }, parentId);
  } catch (error) {
    if (isMillraceError(error, 'EXECUTION_NAME_TAKEN')) {
      throw namedError('StepFunctions.ExecutionAlreadyExistsException', error.message);
    }
    if (isMillraceError(error, 'STATE_MACHINE_UNKNOWN')) {
      throw namedError('StepFunctions.StateMachineDoesNotExistException', error.message);
    }
    throw error;
  }
};

/** Performs `states:startExecution`: fire and forget, `.sync` and `.sync:2` (wait for the end), `.waitForTaskToken`. */
export const runNestedExecution = async (
  workflow: NestingWorkflow,
  request: InvokeRequest,
  task: TaskHandle,
): Promise<JsonObject> => {
  const mode = request.resource.slice(prefix.length);
  if (!['', '.sync', '.sync:2', '.waitForTaskToken'].includes(mode)) {
    throw namedError('States.Runtime', `unknown integration pattern "${mode}" of ${prefix}`);
  }
  const { executionId } = await startChild(workflow, request, task);
  if (!mode.startsWith('.sync')) {
    const { startedAt } = await workflow.describe(executionId);
    return { ExecutionArn: executionId, StartDate: startedAt };
  }
  const child = await workflow.finished(executionId, task.signal).catch(async (error: unknown) => {
    // A parent that gives up takes its child along; one whose process stops goes on with it later.
    if (!workflow.isShuttingDown())
      await workflow.stop(executionId, 'the execution that started this one has stopped');
    throw error;
  });
  const answer = envelope(child, mode === '.sync:2');
  if (child.status !== 'SUCCEEDED') throw namedError('States.TaskFailed', JSON.stringify(answer));
  return answer;
};
