import type { Context, Hono } from 'hono';
import { type Approval, type ApprovalLink, verifyApprovalLink } from '../domain/approval/index.ts';
import { parseJson, readText } from '../serving/read-body.ts';
import { isMillraceError, MillraceError } from '../wire/errors.ts';
import type { JsonValue } from '../wire/json.ts';
import { readEvidence } from './approval-evidence.ts';
import { type ApprovalLinkValues, approvalAddress, approvalPage } from './approval-page.ts';
import { driftResponse } from './drift-pages.ts';
import { pageResponse, reportResponse } from './page.ts';
import type { ApprovalServices } from './services.ts';

/** Names and reasons are short: nothing larger is a decision. */
const maxBytes = 64_000;

const linkOf = (approvalId: string, { expires, signature }: ApprovalLinkValues): ApprovalLink => {
  if (!/^\d{1,12}$/.test(expires) || signature === '')
    throw new MillraceError(
      'APPROVAL_LINK_INVALID',
      'the link is incomplete, expected expires and signature',
    );
  return { approvalId, expires: Number(expires), signature };
};

/** Opens the approval a genuine link names. A genuine link that has expired still shows what was decided. */
const open = async (
  approvalId: string,
  values: ApprovalLinkValues,
  services: ApprovalServices,
): Promise<Approval> => {
  try {
    const link = linkOf(approvalId, values);
    verifyApprovalLink({ link, secret: services.approvalSecret, now: services.clock.now() });
  } catch (error) {
    if (!isMillraceError(error, 'APPROVAL_EXPIRED')) throw error;
  }
  return services.registry.getApproval(approvalId);
};

const show = async (
  approval: Approval,
  extra: {
    readonly link: ApprovalLinkValues;
    readonly typed?: { by: string; reason: string };
    readonly problem?: string;
    readonly status?: number;
  },
  services: ApprovalServices,
): Promise<Response> => {
  const { status, ...view } = extra;
  const { isAlone = false, clock } = services;
  const evidence = await readEvidence(approval, services);
  return pageResponse(approvalPage({ approval, evidence, now: clock.now(), isAlone, ...view }, status));
};

const showReport = async (approval: Approval, services: ApprovalServices): Promise<Response> => {
  const { report } = approval.evidence;
  if (report === undefined)
    throw new MillraceError('ADDRESS_UNKNOWN', `approval ${approval.approvalId} has no report`);
  return reportResponse(new Uint8Array(await services.objects.get(report)));
};

interface Answer extends ApprovalLinkValues {
  readonly decision: string;
  readonly by: string;
  readonly reason: string;
  readonly isJson: boolean;
}

const textOf = (value: JsonValue | undefined): string =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';

/** A decision as a browser's form or as JSON sends it; the signed values may stand in the address as well. */
const readAnswer = async (request: Request): Promise<Answer> => {
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() ?? '';
  const isJson = type === 'application/json';
  if (!isJson && type !== 'application/x-www-form-urlencoded')
    throw new MillraceError(
      'REQUEST_MALFORMED',
      `the content type is "${type}", expected application/x-www-form-urlencoded or application/json`,
    );
  const text = await readText(request, maxBytes);
  const body = isJson ? parseJson(text) : Object.fromEntries(new URLSearchParams(text));
  const fields =
    typeof body === 'object' && body !== null && !Array.isArray(body) ? Object.entries(body) : [];
  const values = new Map([...new URL(request.url).searchParams, ...fields]);
  const field = (name: string) => textOf(values.get(name));
  return {
    isJson,
    expires: field('expires'),
    signature: field('signature'),
    decision: field('decision'),
    by: field('by'),
    reason: field('reason'),
  };
};

const decide = async (approval: Approval, answer: Answer, services: ApprovalServices): Promise<Approval> => {
  const { decision, by, reason } = answer;
  if (decision !== 'approved' && decision !== 'rejected')
    throw new MillraceError(
      'INPUT_INVALID',
      `the decision is "${decision.slice(0, 40)}", expected approved or rejected`,
    );
  if (by.trim() === '' || reason.trim() === '')
    throw new MillraceError(
      'INPUT_INVALID',
      `${by.trim() === '' ? 'the name' : 'the reason'} is empty, expected one`,
    );
  return services.decideApproval({
    approvalId: approval.approvalId,
    decision,
    by: by.trim(),
    reason: reason.trim(),
  });
};

/** Shown to a browser in the page itself: what has to be corrected, or who was first. */
const explain = async (
  approvalId: string,
  answer: Answer,
  error: unknown,
  services: ApprovalServices,
): Promise<Response> => {
  const status = isMillraceError(error, 'INPUT_INVALID')
    ? 400
    : isMillraceError(error, 'APPROVAL_DECIDED')
      ? 409
      : isMillraceError(error, 'APPROVAL_EXPIRED')
        ? 410
        : undefined;
  if (status === undefined || answer.isJson || !(error instanceof Error)) throw error;
  const approval = await services.registry.getApproval(approvalId);
  const problem =
    status === 400 ? error.message : 'Your decision was not taken: the question was closed before it.';
  return show(approval, { link: answer, typed: answer, problem, status }, services);
};

const linkValues = (context: Context): ApprovalLinkValues => ({
  expires: context.req.query('expires') ?? '',
  signature: context.req.query('signature') ?? '',
});

/**
 * GET shows, POST decides. Mail scanners and link previews open links; none of them sends a form. Whoever may open the
 * page may open the report by the same link.
 */
export const addApprovalRoutes = (app: Hono, services: ApprovalServices): void => {
  app.get('/approvals/:id', async (context) => {
    const link = linkValues(context);
    return show(await open(context.req.param('id'), link, services), { link }, services);
  });

  app.get('/approvals/:id/report', async (context) =>
    showReport(await open(context.req.param('id'), linkValues(context), services), services),
  );

  app.get('/approvals/:id/drift', async (context) => {
    const { model } = await open(context.req.param('id'), linkValues(context), services);
    return driftResponse(model, undefined, services);
  });

  app.post('/approvals/:id', async (context) => {
    const answer = await readAnswer(context.req.raw);
    const approval = await open(context.req.param('id'), answer, services);
    try {
      const decided = await decide(approval, answer, services);
      // A redirect, so that reloading the outcome does not send the decision again.
      return answer.isJson
        ? context.json({ approval: decided })
        : context.redirect(approvalAddress(decided, answer), 303);
    } catch (error) {
      return explain(approval.approvalId, answer, error, services);
    }
  });
};
