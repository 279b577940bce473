import { MillraceError } from '../../wire/errors.ts';
import type { Approval, ApprovalDecision } from './approval.ts';

/**
 * The approval after a decision, or `undefined` when the same person has said the same before.
 * Throws APPROVAL_DECIDED when somebody else, or something else, was first, and APPROVAL_EXPIRED at or after `expiresAt`.
 */
export const decide = (approval: Approval, decision: ApprovalDecision, now: string): Approval | undefined => {
  const { approvalId, status, decidedBy, expiresAt } = approval;
  if (status === decision.decision && decidedBy === decision.by) return undefined;
  if (status === 'approved' || status === 'rejected')
    throw new MillraceError(
      'APPROVAL_DECIDED',
      `approval ${approvalId} was ${status} by ${decidedBy ?? 'somebody'}, expected a pending one`,
      { approvalId, status, decidedBy, decidedAt: approval.decidedAt, reason: approval.reason },
    );
  if (status === 'expired' || now >= expiresAt)
    throw new MillraceError(
      'APPROVAL_EXPIRED',
      `approval ${approvalId} expired at ${expiresAt}, expected a decision before that`,
      { approvalId, expiresAt },
    );
  return {
    ...approval,
    status: decision.decision,
    decidedBy: decision.by,
    decidedAt: now,
    reason: decision.reason,
  };
};
