import type { Evaluation } from '../evaluation/index.ts';
import { type Html, html } from './html.ts';
import type { ReportFacts } from './report-facts.ts';
import { count, percent } from './words.ts';

const term = (name: string, value: string | Html | undefined): Html =>
  value === undefined ? html`` : html`<dt>${name}</dt><dd>${value}</dd>`;

const rows = (value: number | undefined): string | undefined =>
  value === undefined ? undefined : count(value);

const rowFacts = ({ data }: Evaluation): Html => {
  const { rowsIn, rowsQuarantined, from, to } = data;
  const bad =
    rowsQuarantined === undefined
      ? undefined
      : `${count(rowsQuarantined)}${rowsIn ? ` (${percent(rowsQuarantined / rowsIn)})` : ''}`;
  return html`<dl>${term('Rows in', rows(rowsIn))}${term('Rows kept', rows(data.rowsKept))}${term(
    'Rows quarantined',
    bad,
  )}${term('Trained on', rows(data.trainRows))}${term('Validated on', rows(data.validationRows))}${term(
    'Tested on',
    rows(data.testRows),
  )}${term('Dates', from === undefined || to === undefined ? undefined : `${from} to ${to}`)}</dl>`;
};

const quarantine = (reasons: NonNullable<ReportFacts['quarantine']>): Html =>
  reasons.length === 0
    ? html``
    : html`<details><summary>Why rows were quarantined</summary><div class="scroll"><table><caption><span>Rows by reason</span></caption><thead><tr><th scope="col">Reason</th><th scope="col" class="n">Rows</th></tr></thead><tbody>${reasons.map(
        (entry) => html`<tr><th scope="row">${entry.reason}</th><td class="n">${count(entry.rows)}</td></tr>`,
      )}</tbody></table></div></details>`;

const roles = {
  feature: 'feature',
  source: 'source of features',
  target: 'target',
  labelSource: 'label only',
  key: 'key',
  ignored: 'ignored',
} as const;

const columns = (entries: NonNullable<ReportFacts['columns']>): Html => {
  const used = entries.filter(({ role }) => role === 'feature' || role === 'source').length;
  return html`<details><summary>Columns: ${used} used, ${entries.length - used} not</summary><div class="scroll" tabindex="0" role="region" aria-label="Columns"><table><caption><span>Every column of the data, and what became of it</span></caption><thead><tr><th scope="col">Column</th><th scope="col">Kind</th><th scope="col">Role</th><th scope="col">Because</th></tr></thead><tbody>${entries.map(
    ({ name, kind, role, because }) =>
      html`<tr><th scope="row">${name}</th><td>${kind}</td><td>${roles[role]}</td><td class="wide">${because}</td></tr>`,
  )}</tbody></table></div></details>`;
};

const lineage = (ids: NonNullable<ReportFacts['lineage']>): Html =>
  html`<h2>Lineage</h2><dl class="ids">${Object.entries(ids).map(([name, id]) => term(name, html`<code>${id}</code>`))}</dl>`;

/** What the model was made from, so that the numbers can be traced and repeated. */
export const dataSection = (evaluation: Evaluation, facts: ReportFacts): Html =>
  html`<h2>The data</h2>${rowFacts(
    evaluation,
  )}<p></p>${facts.quarantine === undefined ? '' : quarantine(facts.quarantine)}${
    facts.columns === undefined ? '' : columns(facts.columns)
  }${facts.lineage === undefined ? '' : lineage(facts.lineage)}`;
