import type { Approval } from '../domain/approval/index.ts';
import { parseEvaluation } from '../domain/evaluation/index.ts';
import { isMillraceError } from '../wire/errors.ts';
import type { Laptop } from './open-laptop.ts';

/** Whether every gate passed: whatever else waits is for a person, who can read the evidence. */
const hasPassed = async ({ objects }: Laptop, { evidence }: Approval): Promise<boolean> => {
  if (evidence.metrics === undefined) return false;
  const document: unknown = JSON.parse(new TextDecoder().decode(await objects.get(evidence.metrics)));
  const { verdict, challenger } = parseEvaluation(document);
  return verdict === 'passed' && (challenger === undefined || challenger.path === 'promote');
};

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
 * `--yes`: approves whatever waits and passed all its gates, under a name that says so, until the signal aborts; a conflict, or what
 * could not be judged, goes on waiting for a person. For scripts and demonstrations.
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
  /** Left to people. */
  const left = new Set<string>();
  const look = async () => {
    for (const approval of await laptop.registry.listPendingApprovals()) {
      const { approvalId } = approval;
      if (left.has(approvalId)) continue;
      if (await hasPassed(laptop, approval)) await approve(laptop, approvalId).catch(onFault);
      else left.add(approvalId);
    }
  };
  while (!signal.aborted) {
    await look().catch(onFault);
    await laptop.clock.sleep(everyMs, signal).catch(() => undefined);
  }
};
