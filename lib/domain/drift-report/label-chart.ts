import type { RealisedWindow } from '../labels/index.ts';
import { type Html, html } from '../report/html.ts';
import { middleOf, type ShownFacts } from './facts.ts';
import { figure } from './figure.ts';
import { behindCharts } from './moments.ts';
import { drawPlot, limitLine, lines, marks, type Plot, plotOf } from './plot.ts';
import type { TimeAxis } from './time-axis.ts';
import { valueAxis } from './value-axis.ts';
import { shownMoment, shownNumber, shownShare } from './words.ts';

const coverageHeight = 140;
const delayHeight = 110;

/** The share of labels from which a window is judged before they have all had their time. */
const enough = 0.8;
const coverageAxis = {
  from: 0,
  to: 1,
  ticks: [0, enough, 1].map((value) => ({ value, text: shownShare(value) })),
};

const words = { waiting: 'more are due', judged: 'judged', unknown: 'not judged' } as const;

const coverageText = ({ windowEnd, coverage = 0, labelledRows, rows, outcome }: RealisedWindow): string =>
  `until ${shownMoment(windowEnd)}: ${shownShare(coverage)} labelled, ${shownNumber(labelledRows)} of ${shownNumber(rows)}; ${words[outcome]}`;

const coverageBar = (window: RealisedWindow, { time, y }: Plot): Html => {
  if (window.coverage === undefined) return html``;
  const [from, to] = [time.x(Date.parse(window.windowStart)), time.x(Date.parse(window.windowEnd))];
  const [top, foot] = [y(window.coverage), y(0)];
  const inset = (to - from) * 0.15;
  return html`<rect class="bar ${window.outcome}" x="${Number((from + inset).toFixed(2))}%" width="${Number(
    (to - from - 2 * inset).toFixed(2),
  )}%" y="${top}" height="${Number(Math.max(1, foot - top).toFixed(1))}"><title>${coverageText(window)}</title></rect>`;
};

const delayText = (hours: number): string =>
  hours >= 48 ? `${shownNumber(hours / 24)} days` : `${shownNumber(hours)} h`;

const delayPlot = (facts: ShownFacts, time: TimeAxis): Html => {
  const series = facts.windows.map(({ windowEnd }) => {
    const window = facts.realised.find((one) => one.windowEnd === windowEnd);
    return window?.delayHours === undefined
      ? undefined
      : {
          at: middleOf(window),
          value: window.delayHours,
          text: `until ${shownMoment(windowEnd)}: 95 % of the labels came within ${delayText(window.delayHours)}`,
        };
  });
  const delays = series.flatMap((point) => point?.value ?? []);
  if (delays.length === 0) return html``;
  const plot = plotOf(
    time,
    valueAxis(delays, { from: 0, text: (value) => `${shownNumber(value)} h` }),
    delayHeight,
  );
  return drawPlot(plot, {
    id: 'delay',
    title: 'How long labels took, hours',
    description: series.findLast((point) => point !== undefined)?.text ?? '',
    behind: behindCharts(facts, time, delayHeight),
    stretched: lines(series, 's0', plot),
    content: marks(series, 'circle', 'dot s0', plot),
  });
};

/** How much of each window is labelled, and how long labels took. */
export const labelChart = (facts: ShownFacts, time: TimeAxis): Html => {
  const { realised } = facts;
  if (realised.length === 0) return html``;
  const plot = plotOf(time, coverageAxis, coverageHeight);
  const latest = realised.at(-1);
  const drawing = drawPlot(plot, {
    id: 'coverage',
    title: 'Share of predictions whose truth is known, by window',
    description: latest === undefined ? '' : `Latest ${coverageText(latest)}.`,
    behind: behindCharts(facts, time, coverageHeight),
    stretched: html``,
    content: html`${realised.map((window) => coverageBar(window, plot))}${limitLine(enough, '', plot)}`,
  });
  const delay = delayPlot(facts, time);
  return figure(
    'Labels: how many have come',
    'A window is judged when enough labels are there, or when they had as long as labels take. A label that is missing is never taken for a "no".',
    html`${drawing}${delay.markup === '' ? '' : html`<p class="sub">How long 95 % of them took</p>${delay}`}`,
    [
      { name: 'enough to judge', style: 'limit' },
      { name: 'judged', style: 'judged', shape: 'square', hasLine: false },
      { name: 'more are due', style: 'waiting', shape: 'square', hasLine: false },
      { name: 'not judged', style: 'unknown-bar', shape: 'square', hasLine: false },
    ],
  );
};
