import {
  Approval,
  type ApprovalDecision,
  decide,
  listOf,
  TaskTokenRecord,
} from '../domain/approval/index.ts';
import { byTime, keys, lists, Verdict } from '../domain/registry/index.ts';
import type { RecordWrite } from '../ports/record-store.ts';
import { MillraceError } from '../wire/errors.ts';
import { auditWrite } from './audit.ts';
import { nowOf, type RegistryContext } from './context.ts';
import { find, toBody, unchangedSince } from './records.ts';

export interface RequestApproval {
  /** Chosen by the caller so that asking again is asking once: the run's id will do. */
  readonly approvalId: string;
  readonly model: string;
  readonly version: number;
  readonly runId: string;
  readonly taskToken: string;
  readonly timeoutHours: number;
  readonly summary: string;
  /** Object keys by what they are: `report`, `metrics`. */
  readonly evidence: Readonly<Record<string, string>>;
}

export const approvalWrite = (approval: Approval) => ({
  ...keys.approval(approval.approvalId),
  body: toBody(approval),
  index: {
    partition: lists.approvals(listOf(approval)),
    sort: byTime(approval.requestedAt, approval.approvalId),
  },
});

const tokenWrite = (approvalId: string, taskToken: string): RecordWrite => ({
  ...keys.taskToken(approvalId),
  body: { taskToken },
});

const verdictWrite = (verdict: Verdict): RecordWrite => ({
  ...keys.verdict(verdict.model, verdict.version),
  body: toBody(verdict),
});

export const getFound = async (context: RegistryContext, approvalId: string) => {
  const found = await find(context.records, keys.approval(approvalId), Approval);
  if (found === undefined)
    throw new MillraceError('APPROVAL_UNKNOWN', `approval "${approvalId}" does not exist`, { approvalId });
  return found;
};

export const requestApproval = async (
  context: RegistryContext,
  request: RequestApproval,
): Promise<Approval> => {
  const { approvalId, taskToken, timeoutHours, ...question } = request;
  const existing = await find(context.records, keys.approval(approvalId), Approval);
  if (existing) {
    const known = await find(context.records, keys.taskToken(approvalId), TaskTokenRecord);
    if (known?.body.taskToken === taskToken) return existing.body;
    // A retried task waits under a new token; whoever answers must use that one, and answer it even if the old one was.
    const { tokenAnsweredAt: _, ...approval } = existing.body;
    await context.records.transact([
      { ...approvalWrite(approval), condition: unchangedSince(existing) },
      tokenWrite(approvalId, taskToken),
    ]);
    return approval;
  }
  const requestedAt = nowOf(context);
  const expiresAt = new Date(context.clock.now() + timeoutHours * 3_600_000).toISOString();
  const approval: Approval = { approvalId, ...question, status: 'pending', requestedAt, expiresAt };
  const { model, version, runId, summary } = request;
  await context.records.transact([
    { ...approvalWrite(approval), condition: 'absent' },
    tokenWrite(approvalId, taskToken),
    auditWrite(context, {
      model,
      action: 'approval-requested',
      by: 'millrace',
      why: summary,
      version,
      runId,
    }),
  ]);
  return approval;
};

/** One transaction for the approval, the verdict on its version, and the audit. */
const settle = async (context: RegistryContext, revision: number, approval: Approval): Promise<Approval> => {
  const { approvalId, model, version, runId, status } = approval;
  if (status === 'pending') return approval;
  const by = approval.decidedBy ?? 'millrace';
  const why = approval.reason ?? '';
  const at = approval.decidedAt ?? nowOf(context);
  await context.records.transact([
    { ...approvalWrite(approval), condition: { revision } },
    verdictWrite({ model, version, status, policy: 'manual', approvalId, by, reason: why, at }),
    auditWrite(context, {
      model,
      action: `approval-${status}`,
      by,
      why,
      version,
      runId,
      details: { approvalId },
    }),
  ]);
  return approval;
};

export const decideApproval = async (
  context: RegistryContext,
  decision: ApprovalDecision,
): Promise<Approval> => {
  const found = await getFound(context, decision.approvalId);
  const decided = decide(found.body, decision, nowOf(context));
  return decided === undefined ? found.body : settle(context, found.revision, decided);
};

export const expireApproval = async (context: RegistryContext, approvalId: string): Promise<Approval> => {
  const found = await getFound(context, approvalId);
  if (found.body.status !== 'pending') return found.body;
  const decidedAt = nowOf(context);
  const { expiresAt } = found.body;
  const reason =
    decidedAt < expiresAt ? 'its run ended before anybody decided' : `nobody decided before ${expiresAt}`;
  return settle(context, found.revision, {
    ...found.body,
    status: 'expired',
    decidedBy: 'millrace',
    decidedAt,
    reason,
  });
};

export interface AutomaticApproval {
  readonly model: string;
  readonly version: number;
  readonly runId: string;
  readonly why: string;
}

export const approveAutomatically = async (
  context: RegistryContext,
  request: AutomaticApproval,
): Promise<void> => {
  const { model, version, runId, why } = request;
  if (await find(context.records, keys.verdict(model, version), Verdict)) return;
  const by = 'approval policy';
  const verdict = { model, version, by, reason: why, at: nowOf(context) };
  await context.records.transact([
    { ...verdictWrite({ ...verdict, status: 'approved', policy: 'automatic' }), condition: 'absent' },
    auditWrite(context, { model, action: 'approved-automatically', by, why, version, runId }),
  ]);
};
