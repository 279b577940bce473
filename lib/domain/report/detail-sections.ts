import type { Evaluation } from '../evaluation/index.ts';
import { type Html, html } from './html.ts';
import { number, percent } from './words.ts';

const titles: Readonly<Record<string, string>> = {
  auc: 'AUC',
  accuracy: 'Accuracy',
  precision: 'Precision',
  recall: 'Recall',
  f1: 'F1',
  logLoss: 'Log loss',
  positiveShare: 'Truly positive',
  meanProbability: 'Said on average',
  rmse: 'RMSE',
  mae: 'Mean abs. error',
  meanError: 'Mean error',
};
const shares = new Set(['positiveShare', 'meanProbability']);

type Slice = Evaluation['slices'][number];

const sliceRow = (value: Slice['values'][number], names: readonly string[]): Html => {
  const { metrics } = value;
  const name = value.kind === 'value' ? value.value : html`<i>${value.value}</i>`;
  return html`<tr><th scope="row">${name}</th><td class="n">${number(value.rows)}</td>${
    metrics === null
      ? html`<td colspan="${names.length}" class="note">${value.because ?? ''}</td>`
      : names.map((metric) => {
          const shown = shares.has(metric) ? percent(metrics[metric]) : number(metrics[metric]);
          return html`<td class="n">${shown}</td>`;
        })
  }</tr>`;
};

const slice = ({ column, values, because }: Slice): Html => {
  if (because !== undefined) return html`<p class="note">${column}: ${because}</p>`;
  const measured = values.find(({ metrics }) => metrics !== null)?.metrics ?? {};
  const names = Object.keys(measured);
  return html`<div class="scroll" tabindex="0" role="region" aria-label="By ${column}"><table><caption><span>By ${column}</span></caption>
<thead><tr><th scope="col">${column}</th><th scope="col" class="n">Rows</th>${names.map(
    (name) => html`<th scope="col" class="n">${titles[name] ?? name}</th>`,
  )}</tr></thead><tbody>${values.map((value) => sliceRow(value, names))}</tbody></table></div>`;
};

/** Who is served well and who is not: the same numbers per value of the columns asked for. */
export const sliceSection = ({ slices }: Evaluation): Html =>
  slices.length === 0 ? html`` : html`<h2>Where it is strong and weak</h2>${slices.map(slice)}`;

/** One class a line; binary models show both, which tells the cost of each kind of mistake. */
export const classSection = ({ perClass }: Evaluation): Html => {
  if (perClass.length === 0) return html``;
  const shown = perClass.slice(0, 100);
  return html`<h2>Class by class</h2><div class="scroll" tabindex="0" role="region" aria-label="Class by class"><table>
<caption><span>Precision: right among its answers. Recall: found among the true ones.${
    perClass.length > shown.length
      ? ` ${perClass.length - shown.length} more classes are in metrics.json.`
      : ''
  }</span></caption><thead><tr><th scope="col">Class</th><th scope="col" class="n">Test rows</th><th scope="col" class="n">Answered</th><th scope="col" class="n">Precision</th><th scope="col" class="n">Recall</th><th scope="col" class="n">F1</th><th scope="col" class="n">AUC</th></tr></thead>
<tbody>${shown.map(
    (entry) =>
      html`<tr><th scope="row">${entry.class}</th><td class="n">${number(entry.rows)}</td><td class="n">${number(entry.answered)}</td><td class="n">${number(entry.precision)}</td><td class="n">${number(entry.recall)}</td><td class="n">${number(entry.f1)}</td><td class="n">${number(entry.auc)}</td></tr>`,
  )}</tbody></table></div>`;
};
