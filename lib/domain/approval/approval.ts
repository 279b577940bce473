import * as z from 'zod';

export const Approval = z.object({
  approvalId: z.string(),
  model: z.string(),
  version: z.int().min(1),
  runId: z.string(),
  status: z.enum(['pending', 'approved', 'rejected', 'expired']),
  requestedAt: z.string(),
  expiresAt: z.string(),
  /** Why it is asked, in a sentence, and the objects that show it: `report`, `metrics`, … */
  summary: z.string(),
  evidence: z.record(z.string(), z.string()),
  decidedBy: z.string().optional(),
  decidedAt: z.string().optional(),
  reason: z.string().optional(),
  /** When the workflow was told. Decided without it: tell it again. */
  tokenAnsweredAt: z.string().optional(),
});
/** A question to a person. The task token is not part of it: it is kept apart, so that no listing can show it. */
export type Approval = z.infer<typeof Approval>;

export const TaskTokenRecord = z.object({ taskToken: z.string().min(1) });

/** What a person says. */
export const ApprovalDecision = z.object({
  approvalId: z.string().min(1),
  decision: z.enum(['approved', 'rejected']),
  by: z.string().trim().min(1, 'say who decides').max(200),
  reason: z.string().trim().min(1, 'say why').max(2000),
});
export type ApprovalDecision = z.infer<typeof ApprovalDecision>;

/** The list an approval belongs to: `unanswered` ones are decided, but the workflow has not been told. */
export const listOf = (approval: Approval): 'pending' | 'unanswered' | 'settled' => {
  if (approval.status === 'pending') return 'pending';
  return approval.tokenAnsweredAt === undefined && approval.status !== 'expired' ? 'unanswered' : 'settled';
};
