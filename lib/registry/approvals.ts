import { Approval, ApprovalDecision, decide, listOf, TaskTokenRecord } from '../domain/approval/index.ts';
import { byTime, keys, lists, Verdict } from '../domain/registry/index.ts';
import type { RecordWrite } from '../ports/record-store.ts';
import { MillraceError } from '../wire/errors.ts';
import { auditWrite } from './audit.ts';
import { nowOf, type RegistryContext } from './context.ts';
import { find, listAll, toBody, unchangedSince, untilWon } from './records.ts';

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

const approvalWrite = (approval: Approval) => ({
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

const getFound = async (context: RegistryContext, approvalId: string) => {
  const found = await find(context.records, keys.approval(approvalId), Approval);
  if (found === undefined)
    throw new MillraceError('APPROVAL_UNKNOWN', `approval "${approvalId}" does not exist`, { approvalId });
  return found;
};

const requestApproval = async (context: RegistryContext, request: RequestApproval): Promise<Approval> => {
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

const decideApproval = async (context: RegistryContext, decision: ApprovalDecision): Promise<Approval> => {
  const found = await getFound(context, decision.approvalId);
  const decided = decide(found.body, decision, nowOf(context));
  return decided === undefined ? found.body : settle(context, found.revision, decided);
};

const expireApproval = async (context: RegistryContext, approvalId: string): Promise<Approval> => {
  const found = await getFound(context, approvalId);
  if (found.body.status !== 'pending') return found.body;
  const reason = `nobody decided before ${found.body.expiresAt}`;
  const decidedAt = nowOf(context);
  return settle(context, found.revision, {
    ...found.body,
    status: 'expired',
    decidedBy: 'millrace',
    decidedAt,
    reason,
  });
};

const parseDecision = (decision: ApprovalDecision): ApprovalDecision => {
  const parsed = ApprovalDecision.safeParse(decision);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new MillraceError(
    'INPUT_INVALID',
    `the decision is incomplete at ${issue?.path.join('.')}: ${issue?.message}`,
    {
      issues: parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message })),
    },
  );
};

const listApprovals = (context: RegistryContext, state: 'pending' | 'unanswered') =>
  listAll(context.records, { partition: lists.approvals(state), useIndex: true }, Approval);

/** Questions to people and their answers. The task token is kept apart and leaves only by `taskTokenOf`. */
export const approvalRegistry = (context: RegistryContext) => ({
  /**
   * Asks. Asked again under the same id: the approval as it stands, waiting under the new token; when it is decided by
   * then, it counts as unanswered and the caller answers the token.
   */
  requestApproval: (request: RequestApproval): Promise<Approval> =>
    untilWon(() => requestApproval(context, request)),

  /**
   * Records what a person says, once: of two at once exactly one wins and the other gets APPROVAL_DECIDED with who it
   * was; the same person saying the same again changes nothing. Throws INPUT_INVALID without a name or a reason,
   * APPROVAL_UNKNOWN, APPROVAL_EXPIRED. Telling the workflow is the caller's: `taskTokenOf`, then `noteTokenAnswered`.
   */
  decideApproval: async (decision: ApprovalDecision): Promise<Approval> => {
    const parsed = parseDecision(decision);
    return untilWon(() => decideApproval(context, parsed));
  },

  /** Closes a question nobody answered, when its task has timed out; one that was decided stays as it is. */
  expireApproval: (approvalId: string): Promise<Approval> =>
    untilWon(() => expireApproval(context, approvalId)),

  /** Approves a version because its spec says that no person need be asked. */
  approveAutomatically: async (request: {
    readonly model: string;
    readonly version: number;
    readonly runId: string;
    readonly why: string;
  }): Promise<void> => {
    const { model, version, runId, why } = request;
    const known = await find(context.records, keys.verdict(model, version), Verdict);
    if (known) return;
    const by = 'approval policy';
    const verdict = {
      model,
      version,
      status: 'approved',
      policy: 'automatic',
      by,
      reason: why,
      at: nowOf(context),
    } as const;
    await context.records.transact([
      verdictWrite(verdict),
      auditWrite(context, { model, action: 'approved-automatically', by, why, version, runId }),
    ]);
  },

  /** Throws APPROVAL_UNKNOWN. */
  getApproval: async (approvalId: string): Promise<Approval> => (await getFound(context, approvalId)).body,

  /** Undecided, oldest first. */
  listPendingApprovals: async (filter: { readonly model?: string } = {}): Promise<readonly Approval[]> => {
    const pending = await listApprovals(context, 'pending');
    return pending.filter(({ model }) => filter.model === undefined || filter.model === model);
  },

  /** Decided, but the workflow has not been told: after a crash in between, tell it again. */
  listUnansweredApprovals: (): Promise<readonly Approval[]> => listApprovals(context, 'unanswered'),

  /** The secret that answers the waiting task. Not for logs, pages or URLs. Throws APPROVAL_UNKNOWN. */
  taskTokenOf: async (approvalId: string): Promise<string> => {
    const found = await find(context.records, keys.taskToken(approvalId), TaskTokenRecord);
    if (found) return found.body.taskToken;
    throw new MillraceError('APPROVAL_UNKNOWN', `approval "${approvalId}" does not exist`, { approvalId });
  },

  /** The workflow has been told, or does not wait any more. */
  noteTokenAnswered: (approvalId: string): Promise<Approval> =>
    untilWon(async () => {
      const found = await getFound(context, approvalId);
      if (found.body.tokenAnsweredAt !== undefined) return found.body;
      const answered: Approval = { ...found.body, tokenAnsweredAt: nowOf(context) };
      await context.records.put({ ...approvalWrite(answered), condition: unchangedSince(found) });
      return answered;
    }),
});
