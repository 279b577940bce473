import type { Approval } from '../domain/approval/index.ts';
import { signApprovalLink } from '../domain/approval/index.ts';
import { formatAgo, formatMoment, formatNumber } from './format.ts';
import { type Hole, type Html, html } from './html.ts';

type Tone = 'good' | 'bad' | 'wait' | 'plain';

const tones: Readonly<Record<string, Tone>> = {
  champion: 'good',
  succeeded: 'good',
  approved: 'good',
  passed: 'good',
  pass: 'good',
  promote: 'good',
  canary: 'wait',
  shadow: 'wait',
  pending: 'wait',
  running: 'wait',
  unknown: 'wait',
  'too-few-rows': 'wait',
  conflict: 'wait',
  undecided: 'wait',
  registered: 'wait',
  rejected: 'bad',
  refused: 'bad',
  failed: 'bad',
  fail: 'bad',
  'keep-champion': 'bad',
  expired: 'bad',
};

/** A word about a state, in its color. The word itself says it: color is never the only sign. */
export const tag = (state: string, label: string = state.replaceAll('-', ' ')): Html =>
  html`<span class="tag ${tones[state] ?? 'plain'}">${label}</span>`;

/** A moment for people, exact on hover. */
export const moment = (at: string, now: number): Html =>
  html`<time datetime="${at}" title="${formatMoment(at)}">${formatAgo(at, now)}</time>`;

/** Terms and what they are; those without anything to say are left out. */
export const facts = (entries: readonly (readonly [string, Hole])[]): Html =>
  html`<dl>${entries
    .filter(([, value]) => value !== undefined && value !== null && value !== '' && value !== false)
    .map(([term, value]) => html`<dt>${term}</dt><dd>${value}</dd>`)}</dl>`;

const tableOf = (kind: '' | 'stack', head: readonly Hole[], rows: readonly (readonly Html[])[]): Html =>
  html`<div class="scroll"><table class="${kind}"><thead><tr>${head.map((name) => html`<th>${name}</th>`)}</tr></thead><tbody>${rows.map(
    (cells) => html`<tr>${cells}</tr>`,
  )}</tbody></table></div>`;

/** A table of numbers; on a narrow screen it scrolls sideways instead of breaking the page. */
export const table = (head: readonly Hole[], rows: readonly (readonly Html[])[]): Html =>
  tableOf('', head, rows);

/** A table with sentences in it, whose rows become paragraphs on a narrow screen. Its cells explain themselves. */
export const sentenceTable = (head: readonly Hole[], rows: readonly (readonly Html[])[]): Html =>
  tableOf('stack', head, rows);

export const cell = (content: Hole): Html => html`<td>${content}</td>`;
export const nowrapCell = (content: Hole): Html => html`<td class="nowrap">${content}</td>`;
export const numberCell = (value: number | null | undefined): Html =>
  html`<td class="nowrap">${typeof value === 'number' ? formatNumber(value) : '–'}</td>`;

/** The address of an approval's page: opens it, decides nothing. */
export const approvalPath = (
  approval: Pick<Approval, 'approvalId' | 'expiresAt'>,
  secret: string,
): string => {
  const { approvalId, expiresAt } = approval;
  const { expires, signature } = signApprovalLink({ approvalId, expiresAt, secret });
  return `/approvals/${encodeURIComponent(approvalId)}?expires=${expires}&signature=${encodeURIComponent(signature)}`;
};

export const modelPath = (model: string): string => `/models/${encodeURIComponent(model)}`;
export const reportPath = (model: string, version: number): string =>
  `${modelPath(model)}/versions/${version}/report`;
/** drift.html of the newest judged window. */
export const driftPath = (model: string): string => `${modelPath(model)}/drift`;
export const runPath = (runId: string): string => `/runs/${encodeURIComponent(runId)}`;
