import type { BaselineColumn, ColumnCounts } from '../drift/index.ts';
import { type Html, html } from '../report/html.ts';
import { textWidth } from '../report/text-width.ts';
import { binNames } from './bin-names.ts';
import { describeMovement } from './describe-movement.ts';
import { type ShownFacts, type ThenAndNow, thenAndNow } from './facts.ts';
import { shownMoment, shownName, shownScore, shownShare } from './words.ts';

/** Columns drawn, and bins of a category drawn one by one. */
export const maxDrawnColumns = 6;
const maxDrawnValues = 10;

const width = 340;
const rowHeight = 27;
const barHeight = 8;
const nameWidth = 104;
const barFrom = nameWidth + 8;
const barRoom = width - barFrom - 46;

interface Bar {
  readonly name: string;
  readonly before: number;
  readonly now: number;
}

const barsOf = (column: BaselineColumn, window: ColumnCounts): readonly Bar[] => {
  const sum = ({ counts }: ColumnCounts) => counts.reduce((total, count) => total + count, 0) || 1;
  const [n, m] = [sum(column.counts), sum(window)];
  return binNames(column.bins).map((name, place) => ({
    name,
    before: (column.counts.counts[place] ?? 0) / n,
    now: (window.counts[place] ?? 0) / m,
  }));
};

/** The values that moved most stand by themselves, in the order of the baseline; the rest is one bar. */
const gathered = (bars: readonly Bar[]): readonly Bar[] => {
  const values = bars.slice(0, -2);
  const [others, missing] = bars.slice(-2);
  if (others === undefined || missing === undefined || values.length <= maxDrawnValues) return bars;
  const weight = ({ before, now }: Bar) => Math.abs(now - before) + Math.max(before, now) / 10;
  const kept = new Set(values.toSorted((a, b) => weight(b) - weight(a)).slice(0, maxDrawnValues));
  const rest = [...values.filter((bar) => !kept.has(bar)), others];
  const total = (of: (bar: Bar) => number) => rest.reduce((sum, bar) => sum + of(bar), 0);
  return [
    ...values.filter((bar) => kept.has(bar)),
    {
      name: `all others (${rest.length - 1} known)`,
      before: total((bar) => bar.before),
      now: total((bar) => bar.now),
    },
    missing,
  ];
};

const fitted = (name: string): string => {
  const fits = (text: string) => textWidth({ fontSize: 11 }, text) <= nameWidth;
  if (fits(name)) return name;
  const characters = [...name];
  while (characters.length > 1 && !fits(`${characters.join('')}…`)) characters.pop();
  return `${characters.join('')}…`;
};

const drawnBar = ({ name, before, now }: Bar, at: number, most: number): Html => {
  const y = at * rowHeight + 4;
  const length = (share: number) => Number(((barRoom * share) / most).toFixed(1));
  const middle = y + barHeight + 5;
  return html`<g><title>${name}: ${shownShare(before)} then, ${shownShare(now)} now</title><text class="ink" x="${nameWidth}" y="${middle}" text-anchor="end">${fitted(
    name,
  )}</text><rect class="then" x="${barFrom}" y="${y}" width="${length(before)}" height="${barHeight}"/><rect class="now" x="${barFrom}" y="${
    y + barHeight + 2
  }" width="${length(now)}" height="${barHeight}"/><text class="small" x="${barFrom + length(before) + 4}" y="${y + 8}">${shownShare(
    before,
  )}</text><text class="small ink" x="${barFrom + length(now) + 4}" y="${y + 18}">${shownShare(now)}</text></g>`;
};

/** The bins of one column, before and now, with what moved in words. */
export const distributionChart = ({ column, counts }: ThenAndNow, score: number, id: string): Html => {
  const bars = gathered(barsOf(column, counts)).filter(
    ({ name, before, now }) => before + now > 0 || (name !== 'missing' && name !== 'other values'),
  );
  const most = Math.max(0.01, ...bars.flatMap(({ before, now }) => [before, now]));
  const words = describeMovement(column, counts);
  const name = shownName(column.name);
  const height = bars.length * rowHeight + 4;
  return html`<figure><figcaption><b>${name}</b><span>Score ${shownScore(score)}: ${words.slice(words.indexOf('": ') + 3)}.</span></figcaption><svg viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="${id}-title ${id}-text"><title id="${id}-title">${name}, then and now</title><desc id="${id}-text">${words}. ${bars
    .map((bar) => `${bar.name}: ${shownShare(bar.before)} then, ${shownShare(bar.now)} now`)
    .join('; ')}.</desc>${bars.map((bar, at) => drawnBar(bar, at, most))}</svg></figure>`;
};

/** Then and now for the columns that moved most, or why they cannot be drawn. */
export const distributionSection = (facts: ShownFacts): Html => {
  const { newest, judged, baseline, profile } = facts;
  const head = html`<h2>Then and now</h2>`;
  if (judged === undefined) return html``;
  if (baseline === undefined || profile === undefined)
    return html`${head}<p class="note">${
      baseline === undefined ? 'The baseline cannot be read' : 'The counts of this window were not kept'
    }, so that distributions cannot be drawn.</p>`;
  const find = thenAndNow(judged, facts);
  const drawn = judged.columns
    .slice(0, maxDrawnColumns)
    .filter(({ score }, at) => score >= 1 || at < 3)
    .flatMap((movement, at) => {
      const found = find(movement);
      return found === undefined ? [] : [distributionChart(found, movement.score, `then-${at}`)];
    });
  if (drawn.length === 0) return html``;
  const now = judged === newest ? 'in this window' : `in the window until ${shownMoment(judged.windowEnd)}`;
  return html`${head}<p class="note">Of the columns that moved most: the share of the rows in each range or value. <span class="key then-key"></span>hollow: then, on the validation rows${
    judged.weekday === undefined ? '' : ' of the same weekday'
  }. <span class="key now-key"></span>full: now, ${now}.</p><div class="charts">${drawn}</div>`;
};
