import type { Evaluation } from '../evaluation/index.ts';
import { type Html, html } from './html.ts';
import { number } from './words.ts';

interface Line {
  readonly metric: string;
  readonly title: string;
  /** 1 higher is better, −1 lower is better, 0 neither. */
  readonly direction: -1 | 0 | 1;
}

const line = (metric: string, title: string, direction: -1 | 0 | 1): Line => ({ metric, title, direction });

const lines: readonly Line[] = [
  line('auc', 'ROC AUC', 1),
  line('averagePrecision', 'PR AUC (average precision)', 1),
  line('accuracy', 'Accuracy', 1),
  line('precision', 'Precision', 1),
  line('recall', 'Recall', 1),
  line('f1', 'F1', 1),
  line('logLoss', 'Log loss', -1),
  line('brier', 'Brier score', -1),
  line('calibrationError', 'Calibration error', -1),
  line('rmse', 'Root mean squared error', -1),
  line('mae', 'Mean absolute error', -1),
  line('medianAbsoluteError', 'Median absolute error', -1),
  line('r2', 'R²', 1),
  line('meanError', 'Mean error (predicted − true)', 0),
];

const against = (mine: number | null, theirs: number | null | undefined, direction: number): string => {
  if (mine === null || theirs === null || theirs === undefined || direction === 0) return '';
  const gain = (mine - theirs) * direction;
  if (number(mine) === number(theirs)) return '= same';
  return gain > 0 ? '▲ better' : '▼ worse';
};

const row = (
  { metrics, champion, baseline, unknown }: Evaluation,
  { metric, title, direction }: Line,
): Html => {
  const mine = metrics[metric] ?? null;
  const theirs = champion?.metrics?.[metric];
  const comparison = against(mine, theirs, direction);
  const tone = comparison.startsWith('▲') ? 'pass' : comparison.startsWith('▼') ? 'fail' : '';
  return html`<tr><th scope="row">${title}</th><td class="n">${
    mine === null ? html`<span class="note">unknown: ${unknown[metric] ?? ''}</span>` : number(mine)
  }</td>${
    champion === undefined
      ? ''
      : html`<td class="n">${number(theirs)}</td><td class="${tone}"><span class="status">${comparison}</span></td>`
  }<td class="n">${number(baseline.metrics[metric])}</td></tr>`;
};

/** This version, the champion and the trivial baseline, number by number on the same rows. */
export const comparisonSection = (evaluation: Evaluation): Html => {
  const { metrics, champion, baseline } = evaluation;
  const present = lines.filter(({ metric }) => metric in metrics);
  return html`<h2>Side by side</h2>
<div class="scroll" tabindex="0" role="region" aria-label="Side by side"><table><caption><span>All on the same ${number(evaluation.rows)} test rows; the baseline answers ${baseline.name}${
    evaluation.task === 'multiclass' ? '; precision, recall, F1 and AUC are means over the classes' : ''
  }${champion?.because === undefined ? '' : html`; version ${champion.version} is unknown: ${champion.because}`}</span></caption>
<thead><tr><th scope="col">Metric</th><th scope="col" class="n">This version</th>${
    champion === undefined
      ? ''
      : html`<th scope="col" class="n">Version ${champion.version}</th><th scope="col">This one is</th>`
  }<th scope="col" class="n">Baseline</th></tr></thead>
<tbody>${present.map((entry) => row(evaluation, entry))}</tbody></table></div>`;
};
