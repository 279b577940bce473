import type { Approval } from '../domain/approval/index.ts';
import type { ApprovalEvidence } from './approval-evidence.ts';
import { challengerSection, dataSection, gatesSection, metricsSection } from './approval-sections.ts';
import { formatAgo, formatMoment } from './format.ts';
import { type Html, html } from './html.ts';
import type { Page } from './page.ts';
import { driftPath, facts, modelPath, moment, reportPath, runPath, tag } from './parts.ts';
import { rowFacts } from './run-page.ts';

export interface ApprovalLinkValues {
  readonly expires: string;
  readonly signature: string;
}

export interface ApprovalView {
  readonly approval: Approval;
  readonly evidence: ApprovalEvidence;
  readonly link: ApprovalLinkValues;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** What was typed before, when it has to be corrected. */
  readonly typed?: { readonly by: string; readonly reason: string };
  /** What is wrong with it, or that somebody else was first. */
  readonly problem?: string;
  /** There are no pages of models and runs to lead to. @default false */
  readonly isAlone?: boolean;
}

/** The question as it stands: a pending one past its time is over, whether or not it has been closed yet. */
const stateOf = ({ approval, now }: ApprovalView): Approval['status'] =>
  approval.status === 'pending' && now >= Date.parse(approval.expiresAt) ? 'expired' : approval.status;

const outcome = (view: ApprovalView): Html => {
  const { approval } = view;
  const state = stateOf(view);
  if (state === 'expired')
    return html`<div class="notice bad"><p><strong>Nobody decided in time.</strong> The question was open until ${formatMoment(approval.expiresAt)}; an unanswered request is a rejection.</p></div>`;
  return html`<div class="notice ${state === 'approved' ? 'good' : 'bad'}"><p><strong>${state === 'approved' ? 'Approved' : 'Rejected'} by ${approval.decidedBy}</strong> ${approval.decidedAt !== undefined && html`· ${formatMoment(approval.decidedAt)}`}</p><p>${approval.reason}</p></div>`;
};

const form = ({ approval, link, typed }: ApprovalView): Html => html`<h2>Your decision</h2>
<section class="card"><form method="post" action="/approvals/${encodeURIComponent(approval.approvalId)}">
<input type="hidden" name="expires" value="${link.expires}">
<input type="hidden" name="signature" value="${link.signature}">
<div class="field"><label for="by">Your name</label>
<input id="by" name="by" required maxlength="200" autocomplete="name" value="${typed?.by}"></div>
<div class="field"><label for="reason">Why</label>
<textarea id="reason" name="reason" required maxlength="2000" placeholder="What convinced you, or what did not">${typed?.reason}</textarea></div>
<div class="buttons"><button class="approve" name="decision" value="approved">Approve</button>
<button class="reject" name="decision" value="rejected">Reject</button></div>
</form></section>`;

const report = ({ approval, link, isAlone }: ApprovalView): Html | false => {
  if (approval.evidence.report === undefined) return false;
  const path = isAlone ? reportAddress(approval, link) : reportPath(approval.model, approval.version);
  return html`<h2>Report</h2><section class="card"><p><a href="${path}" target="_blank" rel="noopener">Open the whole report</a></p>
<details><summary>Read it here</summary><iframe src="${path}" title="Report of version ${approval.version}" loading="lazy"></iframe></details></section>`;
};

const measured = ({ approval, evidence }: ApprovalView): Html => {
  const { evaluation, dataset } = evidence;
  if (evaluation === undefined)
    return html`<div class="notice bad"><p><strong>The evaluation cannot be read.</strong> Without it there is nothing to decide on: reject, or ask whoever runs Millrace.</p></div>`;
  const hasRows = evaluation.data.rowsIn !== undefined;
  return html`${gatesSection(evaluation)}${challengerSection(evaluation)}${metricsSection(evaluation, approval.version)}${
    hasRows || dataset === undefined
      ? dataSection(evaluation.data)
      : html`<h2>Data</h2><section class="card">${rowFacts(dataset.rows)}</section>`
  }`;
};

/** The champion may have changed while the question was open: then the table below is about another one. */
const changedChampion = ({ approval, evidence }: ApprovalView): Html | false => {
  const { champion, evaluation } = evidence;
  const other = evaluation?.champion?.version;
  if (evaluation === undefined || champion === other || champion === approval.version) return false;
  return html`<div class="notice bad"><p><strong>${champion === undefined ? 'No version' : `Version ${champion}`} serves by now.</strong> This one was compared with ${other === undefined ? 'none' : `version ${other}`}: nothing here says that it is better than what serves.</p></div>`;
};

/** How what the model is asked has moved: why somebody wants another one. */
const traffic = ({ approval, evidence, link, isAlone }: ApprovalView): Html | false => {
  const { driftUntil } = evidence;
  if (driftUntil === undefined) return false;
  const path = isAlone ? driftAddress(approval, link) : driftPath(approval.model);
  return html`<a href="${path}" target="_blank" rel="noopener">drift report until ${formatMoment(driftUntil)}</a>`;
};

const question = (view: ApprovalView): Html => {
  const { approval, evidence, now, isAlone } = view;
  const { model, runId } = approval;
  const isOpen = stateOf(view) === 'pending';
  return facts([
    [
      'Asked by',
      evidence.run === undefined ? 'Millrace' : `${evidence.run.trigger.by}: ${evidence.run.trigger.why}`,
    ],
    ['Asked', moment(approval.requestedAt, now)],
    [
      'Open until',
      isOpen && html`${formatMoment(approval.expiresAt)} (${formatAgo(approval.expiresAt, now)})`,
    ],
    ['Model', isAlone ? model : html`<a href="${modelPath(model)}">${model}</a>`],
    ['Run', isAlone ? runId : html`<a href="${runPath(runId)}">${runId}</a>`],
    ['Traffic', traffic(view)],
  ]);
};

/** The evidence and, while the question is open, the form. Showing it decides nothing. */
export const approvalPage = (view: ApprovalView, status = 200): Page => {
  const { approval, problem, isAlone = false } = view;
  const state = stateOf(view);
  const body = html`${problem !== undefined && html`<div class="notice bad" role="alert"><p>${problem}</p></div>`}
${state !== 'pending' && outcome(view)}
<h1>${state === 'pending' ? 'Should' : 'Asked:'} version ${approval.version} of ${approval.model} ${state === 'pending' ? 'serve?' : 'to serve'} ${tag(state)}</h1>
<p class="lead">${approval.summary}</p>
<section class="card">${question(view)}</section>
${state === 'pending' && changedChampion(view)}
${measured(view)}
${report(view)}
${state === 'pending' && form(view)}`;
  return { title: `Approve ${approval.model} version ${approval.version}`, body, status, isAlone };
};

const signedBy = ({ expires, signature }: ApprovalLinkValues): string =>
  `?expires=${encodeURIComponent(expires)}&signature=${encodeURIComponent(signature)}`;

/** Where the page of this approval is. */
export const approvalAddress = ({ approvalId }: Approval, link: ApprovalLinkValues): string =>
  `/approvals/${encodeURIComponent(approvalId)}${signedBy(link)}`;

/** And the page of what the monitor saw last. */
const driftAddress = ({ approvalId }: Approval, link: ApprovalLinkValues): string =>
  `/approvals/${encodeURIComponent(approvalId)}/drift${signedBy(link)}`;

/** Where the link that opens the page also opens the report. */
const reportAddress = ({ approvalId }: Approval, link: ApprovalLinkValues): string =>
  `/approvals/${encodeURIComponent(approvalId)}/report${signedBy(link)}`;
