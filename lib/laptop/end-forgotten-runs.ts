import { run as finishRun } from '../../lambdas/finish-run/handler.ts';
import type { Services } from '../../lambdas/services.ts';
import type { Execution } from '../ports/workflow.ts';

type Needs = Pick<Services, 'registry' | 'workflow' | 'notifier'>;

/** How many executions of each kind of end are looked at: older ones were seen by earlier starts. */
const looked = 50;

const endOne = async (
  { name: runId, status, error, cause }: Execution,
  services: Needs,
): Promise<boolean> => {
  const run = await services.registry.getRun(runId);
  if (run.status !== 'running') return false;
  const because = `${error ?? 'RUN_FAILED'}: its execution ended ${status.toLowerCase()}${cause === undefined ? '' : `, ${cause}`}`;
  await finishRun({ model: run.model, runId, status: 'failed', because: [because] }, services);
  return true;
};

/**
 * Ends the records of runs whose execution is over without having said so: it was stopped, ran out of time, or could
 * not write down that it had failed. Gives how many there were.
 */
export const endForgottenRuns = async (services: Needs): Promise<number> => {
  const ended = await Promise.all(
    (['FAILED', 'TIMED_OUT', 'ABORTED'] as const).map((status) =>
      services.workflow.list({ machine: 'train-and-promote', status, limit: looked }),
    ),
  );
  let count = 0;
  for (const execution of ended.flat()) if (await endOne(execution, services)) count += 1;
  return count;
};
