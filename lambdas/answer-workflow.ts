import type { Approval } from '../lib/domain/approval/index.ts';
import { isMillraceError } from '../lib/wire/errors.ts';
import type { Services } from './services.ts';

/**
 * Tells the waiting task what was decided, once. A task that timed out meanwhile no longer listens: the decision stays
 * on record, and the run has ended as unanswered.
 */
export const answerWorkflow = async (
  approval: Approval,
  { registry, workflow }: Pick<Services, 'registry' | 'workflow'>,
): Promise<void> => {
  const { approvalId, status, decidedBy = 'unknown', reason = '' } = approval;
  const taskToken = await registry.taskTokenOf(approvalId);
  try {
    await workflow.completeTask(taskToken, { decision: status, by: decidedBy, reason });
  } catch (error) {
    if (!isMillraceError(error, 'TASK_TOKEN_UNKNOWN')) throw error;
  }
  await registry.noteTokenAnswered(approvalId);
};
