import { endRunOf } from '../../lambdas/end-run/handler.ts';
import type { Services } from '../../lambdas/services.ts';

type Needs = Pick<Services, 'registry' | 'workflow' | 'notifier'>;

/** How many executions of each kind of end are looked at: older ones were seen by earlier starts. */
const looked = 50;

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
  for (const execution of ended.flat()) if (await endRunOf(execution, services)) count += 1;
  return count;
};
