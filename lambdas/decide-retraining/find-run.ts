import type { Run } from '../../lib/domain/registry/index.ts';
import type { Lease } from '../../lib/domain/retraining/index.ts';
import { isMillraceError } from '../../lib/wire/errors.ts';
import type { Services } from '../services.ts';

type Registry = Pick<Services['registry'], 'getRun'>;

/** `undefined` for a run nobody recorded. */
export const findRun = async (runId: string, registry: Registry): Promise<Run | undefined> => {
  try {
    return await registry.getRun(runId);
  } catch (error) {
    if (isMillraceError(error, 'RUN_UNKNOWN')) return undefined;
    throw error;
  }
};

/**
 * The run that was decided on last, as it is now. Lists of runs lag, and whoever took the lease may not have recorded
 * the run yet: it is under way from the moment it was decided on.
 */
export const leasedRun = async ({ at, ...lease }: Lease, registry: Registry): Promise<Run> =>
  (await findRun(lease.runId, registry)) ?? { ...lease, status: 'running', durationsMs: {}, startedAt: at };
