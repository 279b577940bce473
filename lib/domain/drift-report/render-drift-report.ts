import { type Html, html, trusted } from '../report/html.ts';
import { reportStyle } from '../report/style.ts';
import { distributionSection } from './distribution-chart.ts';
import { eventChart } from './event-chart.ts';
import { type DriftReportFacts, type ShownFacts, shownFacts } from './facts.ts';
import { labelChart } from './label-chart.ts';
import { laneSection } from './lane-table.ts';
import { qualityChart } from './quality-chart.ts';
import { scoreChart } from './score-chart.ts';
import { driftStyle } from './style.ts';
import { columnSection, decisionSection, odditySection, windowSection } from './tables.ts';
import { timeAxis } from './time-axis.ts';
import { verdictSection } from './verdict.ts';
import { shownMoment, shownName } from './words.ts';

// No scripts and no requests, as in report.html: safe to mail, to keep, and to open beside anything else.
const policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

const heading = ({ model, newest }: ShownFacts): Html =>
  html`<p class="eyebrow">${shownName(model)}${
    newest === undefined
      ? ''
      : html`, version ${newest.version} · what it was asked from <time datetime="${newest.from}">${shownMoment(
          newest.from,
        )}</time> until <time datetime="${newest.windowEnd}">${shownMoment(newest.windowEnd)}</time>${
          newest.predictions === undefined || newest.predictions <= newest.rows
            ? ''
            : ', a sample of what was asked'
        }`
  }</p>`;

const gapNote = ({ windows }: ShownFacts): Html =>
  windows.every(({ outcome }) => outcome === 'judged')
    ? html``
    : html`<p class="note">Shaded windows have no numbers, which are not zeros: c carried into the next for want of rows, d given up for want of rows, e nothing was asked, b no baseline to compare with.</p>`;

const overTime = (facts: ShownFacts): Html => {
  const [first, last] = [facts.windows[0], facts.newest];
  if (first === undefined || last === undefined) return html``;
  const moments = facts.decisions.flatMap(({ lastSeenAt }) => Date.parse(lastSeenAt));
  const time = timeAxis(Date.parse(first.windowStart), Math.max(Date.parse(last.windowEnd), ...moments));
  return html`<h2>Over time</h2>${gapNote(facts)}<div class="over-time">${scoreChart(facts, time)}${qualityChart(
    facts,
    time,
  )}${labelChart(facts, time)}${eventChart(facts, time)}</div><p></p>${windowSection(facts)}${decisionSection(facts)}`;
};

/**
 * Writes drift.html, for whoever is told that something moved: one file with no scripts and no requests, readable on a
 * phone and without colour. Every text of the user is escaped and cut. The newest window is what it is about; up to 30
 * are drawn. Takes a few milliseconds and loads no chart library, so that the monitor can afford one a window.
 */
export const renderDriftReport = (given: DriftReportFacts): string => {
  const facts = shownFacts(given);
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${trusted(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="referrer" content="no-referrer">
<title>${shownName(facts.model)}: drift${facts.newest === undefined ? '' : ` until ${shownMoment(facts.newest.windowEnd)}`}</title><style>${trusted(reportStyle)}${trusted(driftStyle)}</style></head>
<body><main>${heading(facts)}
${verdictSection(facts)}
${odditySection(facts)}
${distributionSection(facts)}
${overTime(facts)}
${laneSection(facts)}
${columnSection(facts)}
</main></body></html>
`;
  return page.markup;
};
