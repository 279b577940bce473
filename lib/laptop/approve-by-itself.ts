import { isMillraceError } from '../wire/errors.ts';
import type { Laptop } from './open-laptop.ts';

const approve = async (laptop: Laptop, approvalId: string): Promise<void> => {
  try {
    await laptop.decideApproval({
      approvalId,
      decision: 'approved',
      by: 'start --yes',
      reason: 'started with --yes: approves whatever passes its gates',
    });
  } catch (error) {
    // A person was faster.
    if (!isMillraceError(error, 'APPROVAL_DECIDED')) throw error;
  }
};

/**
 * `--yes`: approves whatever waits, under a name that says so, until the signal aborts. For scripts and demonstrations.
 * After a fault, such as a full disk, it tries again.
 */
export const approveByItself = async (
  laptop: Laptop,
  options: {
    readonly signal: AbortSignal;
    readonly everyMs: number;
    readonly onFault: (fault: unknown) => void;
  },
): Promise<void> => {
  const { signal, everyMs, onFault } = options;
  const look = async () => {
    for (const { approvalId } of await laptop.registry.listPendingApprovals())
      await approve(laptop, approvalId).catch(onFault);
  };
  while (!signal.aborted) {
    await look().catch(onFault);
    await laptop.clock.sleep(everyMs, signal).catch(() => undefined);
  }
};
