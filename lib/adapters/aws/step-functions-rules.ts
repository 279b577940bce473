import type { DescribeExecutionOutput } from '@aws-sdk/client-sfn';
import type { Execution, ExecutionStatus } from '../../ports/workflow.ts';
import { MillraceError } from '../../wire/errors.ts';
import type { JsonValue } from '../../wire/json.ts';

/** https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
const maxPayloadBytes = 256 * 1024;
export const maxErrorCharacters = 256;
export const maxCauseCharacters = 32_768;

const namePattern = /^[A-Za-z0-9_-]{1,80}$/;

/** Throws INPUT_INVALID for JSON text that is larger than a state may be. */
export const checkPayload = (what: string, text: string): void => {
  const bytes = Buffer.byteLength(text);
  if (bytes <= maxPayloadBytes) return;
  const expected = `at most ${maxPayloadBytes} fit: pass keys of objects, not their content`;
  throw new MillraceError('INPUT_INVALID', `${what} has ${bytes} bytes, ${expected}`, { bytes });
};

/** Throws INPUT_INVALID for a name or an input that Step Functions would refuse, before anything is sent. */
export const checkStart = (name: string, input: string): void => {
  if (!namePattern.test(name))
    throw new MillraceError('INPUT_INVALID', `execution name "${name}" must match ${namePattern.source}`, {
      name,
    });
  checkPayload(`the input of execution "${name}"`, input);
};

export const executionNotFound = (executionId: string, cause: unknown): MillraceError =>
  new MillraceError('EXECUTION_NOT_FOUND', `no execution "${executionId}"`, { executionId }, { cause });

export const machineUnknown = (machine: string, stateMachineArn: string, cause: unknown): MillraceError =>
  new MillraceError(
    'STATE_MACHINE_UNKNOWN',
    `no state machine "${machine}" at ${stateMachineArn}`,
    { machine },
    { cause },
  );

export const nameTaken = (executionId: string): MillraceError =>
  new MillraceError('EXECUTION_NAME_TAKEN', `execution "${executionId}" exists with another input`, {
    executionId,
  });

/** An execution that waits to be taken up again has not ended. */
const statusOf = (status: DescribeExecutionOutput['status']): ExecutionStatus =>
  status === undefined || status === 'PENDING_REDRIVE' ? 'RUNNING' : status;

export const statusFilter = (status: ExecutionStatus | undefined) =>
  status === undefined ? {} : { statusFilter: status };

/** The machine's name as callers gave it; of another stage's, its whole name. */
const machineOf = (machineArnPrefix: string, stateMachineArn: string): string =>
  stateMachineArn.startsWith(machineArnPrefix)
    ? stateMachineArn.slice(machineArnPrefix.length)
    : (stateMachineArn.split(':')[6] ?? stateMachineArn);

/** What Step Functions tells of an execution, as the port does. Step Functions checked that its texts are JSON. */
export const toExecution = (machineArnPrefix: string, described: DescribeExecutionOutput): Execution => {
  const { executionArn = '', stateMachineArn = '', name, status, input, output, error, cause } = described;
  const { startDate = new Date(0), stopDate } = described;
  return {
    executionId: executionArn,
    machine: machineOf(machineArnPrefix, stateMachineArn),
    name: name ?? executionArn.split(':').at(-1) ?? '',
    status: statusOf(status),
    input: JSON.parse(input ?? '{}') as JsonValue,
    ...(output !== undefined && { output: JSON.parse(output) as JsonValue }),
    ...(error !== undefined && { error }),
    ...(cause !== undefined && { cause }),
    startedAt: startDate.toISOString(),
    ...(stopDate && { stoppedAt: stopDate.toISOString() }),
  };
};
