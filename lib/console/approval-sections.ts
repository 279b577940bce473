import type { Evaluation } from '../domain/evaluation/index.ts';
import { isBetter, keyMetrics, metricTitle } from '../domain/evaluation/index.ts';
import {
  type GateResult,
  type GateRow,
  gateWords,
  limitInWords,
  numbersInWords,
  pathWords,
  rowsByConcern,
  rowVerdictWords,
} from '../domain/gates/index.ts';
import { formatNumber } from './format.ts';
import { type Html, html } from './html.ts';
import { cell, facts, nowrapCell, numberCell, sentenceTable, table, tag } from './parts.ts';

const verdictWords: Record<Evaluation['verdict'], string> = {
  passed: 'Every gate passed',
  failed: 'A gate failed',
  unknown: 'A gate could not be judged',
};

const gateLabels: Record<GateResult['status'], string> = {
  pass: 'passed',
  fail: 'failed',
  unknown: 'unknown',
};

/** Where more is judged beside a champion, these are the gates of the version by itself. */
const gatesTitle = ({ verdict, challenger }: Evaluation): string =>
  challenger === undefined ? verdictWords[verdict] : `By itself: ${verdictWords[verdict].toLowerCase()}`;

/** The gates, each with what was measured and what was asked. */
export const gatesSection = (evaluation: Evaluation): Html => html`<h2>${gatesTitle(evaluation)}</h2>
<section class="card">${
  evaluation.gates.length === 0
    ? html`<p>No gate applies to this model.</p>`
    : sentenceTable(
        ['', 'Gate', 'Because'],
        evaluation.gates.map((gate) => [
          nowrapCell(tag(gate.status, gateLabels[gate.status])),
          cell(gate.title),
          cell(gate.because),
        ]),
      )
}</section>`;

const challengerRow = (row: GateRow): readonly Html[] => {
  const { gate, subject, verdict, because } = row;
  const numbers = numbersInWords(row);
  return [
    nowrapCell(tag(verdict, rowVerdictWords[verdict])),
    cell(html`<strong>${gate}</strong> ${gateWords[gate]}: ${subject}`),
    cell(numbers !== '' && html`<span class="soft small">${numbers}; limit ${limitInWords(row)}</span>`),
    cell(because),
  ];
};

const challengerTable = (rows: readonly GateRow[]): Html =>
  sentenceTable(['', 'Gate', 'Numbers', 'Because'], rows.map(challengerRow));

const challengerRows = (rows: readonly GateRow[]): Html => {
  const { open, passed } = rowsByConcern(rows);
  if (open.length === 0 || passed.length === 0) return challengerTable(rows);
  return html`${challengerTable(open)}<details><summary>${passed.length} of ${rows.length} passed</summary>${challengerTable(passed)}</details>`;
};

/** G0 to G3 against the version that serves, and where they lead. */
export const challengerSection = ({ challenger, champion }: Evaluation): Html | false => {
  if (challenger === undefined) return false;
  const { title, advice } = pathWords[challenger.path];
  return html`<h2>Against version ${champion?.version}: ${title} ${tag(challenger.path)}</h2>
<section class="card"><p>${advice}</p>${challengerRows(challenger.rows)}</section>`;
};

const comparison = (
  name: string,
  value: number | null | undefined,
  other: number | null | undefined,
): Html => {
  if (typeof value !== 'number' || typeof other !== 'number') return cell('–');
  const better = isBetter(name, value, other);
  if (better === undefined) return nowrapCell('same');
  return nowrapCell(tag(better ? 'pass' : 'fail', better ? 'better' : 'worse'));
};

/** The new version beside the champion on the same test rows, or beside the trivial baseline where there is none. */
export const metricsSection = (evaluation: Evaluation, version: number): Html => {
  const { champion, baseline, metrics } = evaluation;
  const others = champion?.metrics ?? baseline.metrics;
  const otherName = champion?.metrics == null ? 'Baseline' : `Champion (${champion.version})`;
  const rows = keyMetrics(metrics).map((name) => [
    cell(metricTitle(name)),
    numberCell(metrics[name]),
    numberCell(others[name]),
    comparison(name, metrics[name], others[name]),
  ]);
  return html`<h2>On ${formatNumber(evaluation.rows)} test rows no decision of training has seen</h2>
<section class="card">${champion?.metrics === null && html`<p class="soft">The champion, version ${champion.version}, could not be measured on these rows: ${champion.because ?? 'no reason is known'}.</p>`}
${table(['Metric', `Version ${version}`, otherName, ''], rows)}
${champion?.metrics == null && html`<p class="soft small">The baseline: ${baseline.name}. It looks at no column.</p>`}</section>`;
};

/** Where the rows came from and where they went. */
export const dataSection = (data: Evaluation['data']): Html => {
  const count = (value: number | undefined) => (value === undefined ? undefined : formatNumber(value));
  return html`<h2>Data</h2><section class="card">${facts([
    ['Rows read', count(data.rowsIn)],
    ['Kept', count(data.rowsKept)],
    ['Quarantined', count(data.rowsQuarantined)],
    ['Training', count(data.trainRows)],
    ['Validation', count(data.validationRows)],
    ['Test', count(data.testRows)],
    ['From', data.from],
    ['To', data.to],
    [
      'Dataset',
      data.datasetVersion &&
        html`<code title="${data.datasetVersion}">${data.datasetVersion.slice(0, 12)}</code>`,
    ],
  ])}</section>`;
};
