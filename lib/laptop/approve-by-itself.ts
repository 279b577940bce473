import { isMillraceError } from '../wire/errors.ts';
import type { Laptop } from './open-laptop.ts';

/** `--yes`: approves whatever waits, under a name that says so, until the signal aborts. For scripts and demonstrations. */
export const approveByItself = async (laptop: Laptop, signal: AbortSignal): Promise<void> => {
  while (!signal.aborted) {
    for (const { approvalId } of await laptop.registry.listPendingApprovals())
      await laptop
        .decideApproval({
          approvalId,
          decision: 'approved',
          by: 'start --yes',
          reason: 'started with --yes: approves whatever passes its gates',
        })
        .catch((error: unknown) => {
          // A person was faster.
          if (!isMillraceError(error, 'APPROVAL_DECIDED')) throw error;
        });
    await laptop.clock.sleep(200, signal).catch(() => undefined);
  }
};
