import type { WindowRecord } from '../domain/drift/index.ts';
import { laneTitles } from '../domain/drift-report/index.ts';
import type { RealisedWindow } from '../domain/labels/index.ts';
import type { Decision } from '../domain/retraining/index.ts';
import { formatMoment, formatNumber } from './format.ts';
import { type Html, html } from './html.ts';
import { cell, driftPath, moment, nowrapCell, runPath, sentenceTable, tag } from './parts.ts';
import type { ConsoleServices } from './services.ts';

/** Decisions of the controller on the page of a model; `millrace decisions` shows more. */
const shownDecisions = 5;

const laneTag = (score: number): Html => tag(score >= 1 ? 'fail' : 'pass', score >= 1 ? 'over' : 'within');

const laneRow = (lane: keyof typeof laneTitles, score: number, because: string): readonly Html[] => [
  nowrapCell(laneTag(score)),
  nowrapCell(laneTitles[lane]),
  nowrapCell(score.toFixed(2)),
  cell(because),
];

/** Labels judge a window long after it was: theirs is the latest that could be. */
const labelRows = (realised: readonly RealisedWindow[]): readonly (readonly Html[])[] => {
  const judged = realised.find(({ score }) => score !== undefined);
  return judged?.score === undefined
    ? []
    : [
        laneRow(
          'realised-quality',
          judged.score,
          `window until ${formatMoment(judged.windowEnd)}: ${judged.because}`,
        ),
      ];
};

const laneTable = (window: WindowRecord, realised: readonly RealisedWindow[]): Html => {
  const rows = [
    ...window.lanes
      .filter(({ lane }) => lane !== 'realised-quality')
      .map(({ lane, score, because }) => laneRow(lane, score, because)),
    ...labelRows(realised),
  ];
  return rows.length === 0
    ? html`<p>It has no lanes.</p>`
    : sentenceTable(['', 'Lane', 'Score', 'Because'], rows);
};

const outcomes: Readonly<Record<WindowRecord['outcome'], string>> = {
  judged: 'was judged',
  carried: 'had too few rows, which join the next',
  dropped: 'had too few rows, which were given up',
  empty: 'had no rows',
  'no-baseline': 'could not be compared: the version has no baseline that can be read',
};

const windowCard = (
  window: WindowRecord,
  realised: readonly RealisedWindow[],
  judged: WindowRecord | undefined,
): Html => html`<section class="card"><p>The window until ${formatMoment(window.windowEnd)} ${outcomes[window.outcome]}: ${formatNumber(window.rows)} rows of version ${window.version}.</p>
${laneTable(window, realised)}
${
  judged !== undefined &&
  html`<p><a href="${driftPath(window.model)}" target="_blank" rel="noopener">Drift report until ${formatMoment(judged.windowEnd)}</a></p>`
}</section>`;

const decisionTable = (decisions: readonly Decision[], now: number): Html =>
  sentenceTable(
    ['When', 'What', 'Because', 'Run'],
    decisions.map(({ lastSeenAt, decision, because, count, runId }) => [
      nowrapCell(moment(lastSeenAt, now)),
      nowrapCell(`${decision}${count > 1 ? ` · ${formatNumber(count)} times` : ''}`),
      cell(because.join('; ')),
      nowrapCell(runId !== undefined && html`<a href="${runPath(runId)}">run</a>`),
    ]),
  );

/** What the monitor saw last and what the controller made of it; nothing where neither has looked yet. */
export const monitorSection = async (model: string, { registry, clock }: ConsoleServices): Promise<Html> => {
  const [windows, realised, decisions] = await Promise.all([
    registry.listWindows(model, { limit: 30 }),
    registry.listRealisedWindows(model, { limit: 30 }),
    registry.listDecisions(model, { limit: shownDecisions }),
  ]);
  const [newest] = windows;
  const judged = windows.find(({ outcome }) => outcome === 'judged');
  return html`${newest !== undefined && html`<h2>Monitor</h2>${windowCard(newest, realised, judged)}`}
${decisions.length > 0 && html`<h2>Retraining</h2><section class="card">${decisionTable(decisions, clock.now())}</section>`}`;
};
