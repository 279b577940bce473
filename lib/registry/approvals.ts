import { Approval, ApprovalDecision, TaskTokenRecord } from '../domain/approval/index.ts';
import { keys, lists } from '../domain/registry/index.ts';
import { MillraceError } from '../wire/errors.ts';
import {
  type AutomaticApproval,
  approvalWrite,
  approveAutomatically,
  decideApproval,
  expireApproval,
  getFound,
  type RequestApproval,
  requestApproval,
} from './approval-writes.ts';
import { nowOf, type RegistryContext } from './context.ts';
import { find, listAll, unchangedSince, untilWon } from './records.ts';

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
   * Asks. Asked again under the same id: the approval as it stands, waiting under the new token. When it is no longer
   * `pending` by then, nobody else will answer that token: the caller does, at once.
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

  /** Approves a version because its spec says that no person need be asked. A verdict already spoken stands. */
  approveAutomatically: (request: AutomaticApproval): Promise<void> =>
    untilWon(() => approveAutomatically(context, request)),

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
