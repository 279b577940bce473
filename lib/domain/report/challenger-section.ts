import type { Evaluation } from '../evaluation/index.ts';
import {
  type GateRow,
  gateWords,
  limitInWords,
  numbersInWords,
  pathWords,
  rowsByConcern,
  rowVerdictWords,
} from '../gates/index.ts';
import { type Html, html } from './html.ts';

const marks = { pass: '✓', fail: '✗', 'too-few-rows': '…', unknown: '?' } as const;
const tones = { pass: 'pass', fail: 'fail', 'too-few-rows': 'unknown', unknown: 'unknown' } as const;

const rowOf = (row: GateRow): Html => {
  const { gate, subject, verdict, because } = row;
  const numbers = numbersInWords(row);
  return html`<tr><td class="${tones[verdict]}"><span class="status">${marks[verdict]} ${rowVerdictWords[verdict]}</span></td><th scope="row">${gate} ${gateWords[gate]}: ${subject}</th><td>${numbers === '' ? '' : html`<span class="note">${numbers}; limit ${limitInWords(row)}</span>`}</td><td class="wide">${because}</td></tr>`;
};

const key =
  'G0 the data it learned from, G1 no worse on trusted rows, G2 better on the newest rows, G3 fit to serve';

const tableOf = (
  rows: readonly GateRow[],
  caption = key,
): Html => html`<div class="scroll gates"><table><caption><span>${caption}</span></caption>
<thead><tr><th scope="col">Result</th><th scope="col">Gate</th><th scope="col">Numbers</th><th scope="col">Because</th></tr></thead>
<tbody>${rows.map(rowOf)}</tbody></table></div>`;

const rowsOf = (rows: readonly GateRow[]): Html => {
  const { open, passed } = rowsByConcern(rows);
  if (open.length === 0 || passed.length === 0) return tableOf(rows);
  return html`${tableOf(open)}<details><summary>${passed.length} of ${rows.length} passed</summary>${tableOf(passed, 'What passed')}</details>`;
};

/** The table a person reads before this version replaces the one that serves; nothing where none serves yet. */
export const challengerSection = ({ challenger, champion }: Evaluation): Html => {
  if (challenger === undefined) return html``;
  const { title, advice } = pathWords[challenger.path];
  return html`<h2>Against version ${champion?.version ?? ''}, serving now: ${title}</h2><p>${advice}</p>
${rowsOf(challenger.rows)}`;
};
