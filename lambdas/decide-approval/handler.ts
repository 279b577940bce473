import type * as z from 'zod';
import { type Approval, ApprovalDecision } from '../../lib/domain/approval/index.ts';
import type { Step } from '../../lib/wire/house.ts';
import { answerWorkflow } from '../answer-workflow.ts';
import type { Services } from '../services.ts';

type Needs = Pick<Services, 'registry' | 'workflow'>;

/** Records a person's decision and tells the waiting run. Of two decisions at once the first stands: APPROVAL_DECIDED. */
export const run = async (decision: z.infer<typeof ApprovalDecision>, services: Needs): Promise<Approval> => {
  const approval = await services.registry.decideApproval(decision);
  if (approval.tokenAnsweredAt === undefined) await answerWorkflow(approval, services);
  return approval;
};

/** Tells the runs whose decision was recorded just before a crash. */
export const answerForgotten = async (services: Needs): Promise<number> => {
  const forgotten = await services.registry.listUnansweredApprovals();
  for (const approval of forgotten) await answerWorkflow(approval, services);
  return forgotten.length;
};

export const step: Step<typeof ApprovalDecision, Needs, Approval> = { input: ApprovalDecision, run };
