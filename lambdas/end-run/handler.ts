import type { Execution } from '../../lib/ports/workflow.ts';
import { isMillraceError } from '../../lib/wire/errors.ts';
import { ExecutionStatusChange } from '../../lib/wire/events.ts';
import type { Step } from '../../lib/wire/house.ts';
import { stackMetrics } from '../../lib/wire/metrics.ts';
import { endRecord } from '../finish-run/handler.ts';
import { readableFailure } from '../readable-failure.ts';
import type { Services } from '../services.ts';

/** What is known of an execution that is over. */
export type EndedExecution = Pick<Execution, 'name' | 'status' | 'error' | 'cause'>;

/** What failed, with its code where that is known, and that the execution is over. */
const becauseOf = ({ status, error = 'RUN_FAILED', cause }: EndedExecution): string => {
  const ended = `its execution ended ${status.toLowerCase()}`;
  if (cause === undefined) return `${error}: ${ended}`;
  const failure = readableFailure(`${error}: ${cause}`);
  const [, code = error, words = failure] = /^([A-Za-z][\w.]*): ([\s\S]*)$/.exec(failure) ?? [];
  return `${code}: ${ended}, ${words}`;
};

/**
 * Ends the record of the run an execution was for, unless it has ended by itself. Gives whether it did. An execution that
 * somebody started by hand may have no run.
 */
export const endRunOf = async (
  execution: EndedExecution,
  services: Pick<Services, 'registry' | 'notifier'>,
): Promise<boolean> => {
  const { name: runId } = execution;
  try {
    const run = await services.registry.getRun(runId);
    if (run.status !== 'running') return false;
    await endRecord({ model: run.model, runId, status: 'failed', because: [becauseOf(execution)] }, services);
    return true;
  } catch (error) {
    if (!isMillraceError(error, 'RUN_UNKNOWN')) throw error;
    return false;
  }
};

type Needs = Pick<Services, 'registry' | 'notifier' | 'clock'> & {
  readonly metrics: Pick<Services['metrics'], 'put'>;
};
export type EndedRun = { readonly outcome: 'run-ended' | 'counted' | 'ignored' };

/** `…:stateMachine:millrace-dev-train-and-promote` of whichever stage. */
const isRun = (stateMachineArn: string): boolean => stateMachineArn.endsWith('-train-and-promote');

/**
 * An execution has stopped short: counts it, and ends the record of its run when it could not do so itself. An event
 * delivered twice counts twice, which the alarm at one failure does not mind; the record ends once.
 */
export const run = async ({ detail }: ExecutionStatusChange, services: Needs): Promise<EndedRun> => {
  const { name, status, error, cause, stateMachineArn } = detail;
  if (status === 'RUNNING' || status === 'SUCCEEDED' || status === 'PENDING_REDRIVE')
    return { outcome: 'ignored' };
  const execution: EndedExecution = {
    name,
    status,
    ...(error && { error }),
    ...(cause && { cause }),
  };
  const isEnded = isRun(stateMachineArn) && (await endRunOf(execution, services));
  await services.metrics.put([
    {
      name: stackMetrics.failedExecutions,
      value: 1,
      unit: 'Count',
      dimensions: {},
      at: services.clock.now(),
    },
  ]);
  return { outcome: isEnded ? 'run-ended' : 'counted' };
};

export const step: Step<typeof ExecutionStatusChange, Needs, EndedRun> = {
  input: ExecutionStatusChange,
  run,
};
