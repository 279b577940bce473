import type { WindowRecord } from '../drift/index.ts';
import { type Html, type HtmlValue, html } from '../report/html.ts';
import type { ShownFacts } from './facts.ts';
import { gapReason } from './moments.ts';
import { estimateOf, inMeasure, measureOf, qualityText } from './quality.ts';
import { shownMoment, shownName, shownNumber, shownScore, shownSentence, shownShare } from './words.ts';

interface Head {
  readonly text: string;
  readonly isNumber?: boolean;
}

const heading = ({ text, isNumber }: Head): Html =>
  isNumber ? html`<th scope="col" class="n">${text}</th>` : html`<th scope="col">${text}</th>`;

const cell = (value: HtmlValue, { isNumber }: Head): Html =>
  isNumber ? html`<td class="n">${value}</td>` : html`<td>${value}</td>`;

/** A table whose first column names the row. */
const table = (caption: string, heads: readonly Head[], rows: readonly (readonly HtmlValue[])[]): Html =>
  html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table><caption><span>${caption}</span></caption><thead><tr>${heads.map(
    heading,
  )}</tr></thead><tbody>${rows.map(
    ([name, ...cells]) =>
      html`<tr><th scope="row">${name}</th>${cells.map((value, at) => cell(value, heads[at + 1] ?? { text: '' }))}</tr>`,
  )}</tbody></table></div>`;

const n = (text: string): Head => ({ text, isNumber: true });
const t = (text: string): Head => ({ text });

type Column = WindowRecord['columns'][number];
const kinds = { feature: 'feature', prediction: 'answer', label: 'label' } as const;

const score = (value: number): HtmlValue =>
  value >= 1 ? html`<span class="over">${shownScore(value)} ✗</span>` : shownScore(value);

const columnRow = (column: Column, js: number | undefined): readonly HtmlValue[] => [
  shownName(column.name),
  kinds[column.of],
  score(column.score),
  shownShare(column.movedShare),
  shownNumber(column.psi),
  column.ks === undefined ? '–' : shownNumber(column.ks),
  js === undefined ? '–' : shownNumber(js),
  shownShare(column.missingShareBefore),
  shownShare(column.missingShare),
  shownShare(column.outsideShare),
];

/** All columns of the newest judged window, those that moved most first. */
export const columnSection = ({ judged }: ShownFacts): Html =>
  judged === undefined || judged.columns.length === 0
    ? html``
    : html`<h2>Columns</h2>${table(
        `Of the window until ${shownMoment(judged.windowEnd)}, largest score first. Moved: the share of the rows that lies elsewhere than before. PSI, KS and JS (Jensen–Shannon distance) decide nothing`,
        [
          t('Column'),
          t('Is'),
          n('Score'),
          n('Moved'),
          n('PSI'),
          n('KS'),
          n('JS'),
          n('Missing then'),
          n('Missing now'),
          n('Outside'),
        ],
        judged.columns.map((column) => columnRow(column, column.js)),
      )}`;

const laneScore = (window: WindowRecord, lane: string): HtmlValue => {
  const found = window.lanes.find((one) => one.lane === lane)?.score;
  return found === undefined ? '–' : score(found);
};

const outcomes: Readonly<Record<WindowRecord['outcome'], string>> = {
  judged: 'judged',
  carried: 'carried',
  dropped: 'given up',
  empty: 'empty',
  'no-baseline': 'no baseline',
};

/** A moment that names a row: in one line, on a phone too. */
const when = (at: string): Html => html`<span class="when">${shownMoment(at)}</span>`;

const windowRows = (facts: ShownFacts): readonly (readonly HtmlValue[])[] => {
  const measure = measureOf(facts.windows, facts.realised) ?? '';
  const text = (value: number | undefined) => (value === undefined ? '–' : qualityText(measure)(value));
  return facts.windows.toReversed().map((window) => {
    const labels = facts.realised.find(({ windowEnd }) => windowEnd === window.windowEnd);
    const reason = gapReason(window);
    return [
      when(window.windowEnd),
      String(window.version),
      shownNumber(window.rows),
      reason === undefined ? outcomes.judged : `${outcomes[window.outcome]}: ${reason}`,
      laneScore(window, 'drift'),
      laneScore(window, 'data-quality'),
      text(estimateOf(window)?.value),
      text(labels && inMeasure(labels.value, labels.measure, measure)),
      labels?.coverage === undefined ? '–' : shownShare(labels.coverage),
      labels?.reliability === 'unreliable' ? 'unreliable' : (labels?.reliability ?? '–'),
    ];
  });
};

/** The numbers behind the charts, window by window. */
export const windowSection = (facts: ShownFacts): Html =>
  facts.windows.length === 0
    ? html``
    : html`<details><summary>Window by window: the numbers of the charts</summary>${table(
        `Newest first${measureOf(facts.windows, facts.realised) === undefined ? '' : `; quality is ${measureOf(facts.windows, facts.realised)}`}`,
        [
          t('Until'),
          n('Version'),
          n('Rows'),
          t('Outcome'),
          n('Drift'),
          n('Data quality'),
          n('Estimated'),
          n('By labels'),
          n('Labelled'),
          t('Estimate was'),
        ],
        windowRows(facts),
      )}</details>`;

const maxDecisions = 20;

export const decisionSection = ({ decisions }: ShownFacts): Html =>
  decisions.length === 0
    ? html``
    : html`<details><summary>Decisions and their reasons</summary>${table(
        'Newest first',
        [t('When'), t('Decision'), t('Because'), t('Run'), n('Times')],
        decisions
          .slice(0, maxDecisions)
          .map((one) => [
            when(one.at),
            one.decision,
            html`<span class="wide">${shownSentence(one.because.join('; '))}</span>`,
            one.runId === undefined ? '–' : html`<code>${shownName(one.runId)}</code>`,
            shownNumber(one.count),
          ]),
      )}</details>`;

const names = (of: readonly string[]): string => {
  const shown = of.slice(0, 20).map((name) => `"${shownName(name)}"`);
  return `${shown.join(', ')}${of.length > shown.length ? ` and ${of.length - shown.length} more` : ''}`;
};

/** What came that should not have, what did not come, and what could not be read: never silently. */
export const oddities = ({ newest }: ShownFacts): readonly string[] => {
  if (newest === undefined) return [];
  const { appeared, vanished, skewedRows, skippedFileCount, skippedFiles, skippedLines, repeatedRows } =
    newest;
  return [
    ...(appeared.length > 0 ? [`Columns the model does not know: ${names(appeared)}.`] : []),
    ...(vanished.length > 0 ? [`Columns that came in no row: ${names(vanished)}.`] : []),
    ...(skippedFileCount > 0
      ? [`${shownNumber(skippedFileCount)} captured file(s) could not be read: ${names(skippedFiles)}.`]
      : []),
    ...(skippedLines > 0 ? [`${shownNumber(skippedLines)} captured line(s) could not be read.`] : []),
    ...(skewedRows > 0
      ? [`${shownNumber(skewedRows)} row(s) carry a time that cannot be right: a clock is wrong somewhere.`]
      : []),
    ...(repeatedRows > 0
      ? [`${shownNumber(repeatedRows)} prediction(s) were delivered more than once, and counted once.`]
      : []),
  ];
};

export const odditySection = (facts: ShownFacts): Html => {
  const found = oddities(facts);
  return found.length === 0
    ? html``
    : html`<h2>What was odd about this window</h2><ul class="plain">${found.map((one) => html`<li>${one}</li>`)}</ul>`;
};
