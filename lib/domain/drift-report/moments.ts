import type { WindowRecord } from '../drift/index.ts';
import { type Html, html } from '../report/html.ts';
import type { ShownFacts } from './facts.ts';
import { plotTop } from './plot.ts';
import type { TimeAxis } from './time-axis.ts';
import { shownMoment, shownNumber } from './words.ts';

/** Why a window has no numbers. */
export const gapReason = ({ outcome, rows, requiredRows, version }: WindowRecord): string | undefined => {
  const few = `${shownNumber(rows)} of the ${shownNumber(requiredRows)} rows it needs`;
  if (outcome === 'judged') return undefined;
  if (outcome === 'carried') return `${few}: carried into the next window`;
  if (outcome === 'dropped') return `${few}, for as long as anybody waits: given up`;
  return outcome === 'empty' ? 'nothing was asked' : `version ${version} has no baseline that can be read`;
};

/** One letter a kind of gap, which a narrow band has room for. */
export const gapLetters = { carried: 'c', dropped: 'd', empty: 'e', 'no-baseline': 'b' } as const;

const gapBand = (window: WindowRecord, time: TimeAxis, height: number): Html => {
  const reason = gapReason(window);
  if (reason === undefined || window.outcome === 'judged') return html``;
  const [from, to] = [time.x(Date.parse(window.windowStart)), time.x(Date.parse(window.windowEnd))];
  const width = Number((to - from).toFixed(2));
  return html`<g><title>${shownMoment(window.windowEnd)}: ${reason}</title><rect class="gap" x="${from}%" width="${width}%" y="${plotTop}" height="${
    height - plotTop - 22
  }"/><text class="gap-letter" x="${Number((from + width / 2).toFixed(2))}%" y="${height - 27}" text-anchor="middle">${
    gapLetters[window.outcome]
  }</text></g>`;
};

/** Champions that took over in the time shown. */
export const promotionsIn = (
  { reigns = [] }: ShownFacts,
  time: TimeAxis,
): readonly { readonly version: number; readonly at: number }[] =>
  reigns
    .map(({ version, since }) => ({ version, at: Date.parse(since) }))
    .filter(({ at }) => at >= time.from && at <= time.to);

const promotionLine = (promotion: { version: number; at: number }, time: TimeAxis, height: number): Html => {
  const x = time.x(promotion.at);
  const [anchor, dx] = x > 90 ? ['end', -4] : ['start', 4];
  return html`<g><title>${shownMoment(new Date(promotion.at).toISOString())}: version ${promotion.version} took over</title><line class="promotion" x1="${x}%" x2="${x}%" y1="4" y2="${
    height - 22
  }"/><text class="promotion-name" x="${x}%" dx="${dx}" y="11" text-anchor="${anchor}">v${promotion.version}</text></g>`;
};

/** What every chart over time has behind it: the windows without numbers, and when another version took over. */
export const behindCharts = (facts: ShownFacts, time: TimeAxis, height: number): Html =>
  html`${facts.windows.map((window) => gapBand(window, time, height))}${promotionsIn(facts, time).map((one) =>
    promotionLine(one, time, height),
  )}`;
