import type { Evaluation } from '../evaluation/index.ts';
import { comparisonSection } from './comparison-section.ts';
import { confusionChart } from './confusion-chart.ts';
import { dataSection } from './data-section.ts';
import { classSection, sliceSection } from './detail-sections.ts';
import { type Chart, loadCharts } from './draw-chart.ts';
import { type Html, html, trusted } from './html.ts';
import { importanceChart } from './importance-chart.ts';
import { calibrationChart, rankingCharts } from './ranking-charts.ts';
import { regressionCharts } from './regression-charts.ts';
import type { ReportFacts } from './report-facts.ts';
import { reportStyle } from './style.ts';
import { trainingChart } from './training-chart.ts';
import { verdictSection } from './verdict-section.ts';

// No scripts and no requests: the page is safe to mail, to keep, and to open beside anything else.
const policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

const chartsOf = (evaluation: Evaluation, facts: ReportFacts): readonly Chart[] => [
  ...rankingCharts(evaluation),
  ...regressionCharts(evaluation),
  ...confusionChart(evaluation),
  ...importanceChart(evaluation),
  ...calibrationChart(evaluation),
  ...trainingChart(facts.training),
];

const drawn = async (charts: readonly Chart[]): Promise<Html> => {
  if (charts.length === 0) return html``;
  const draw = await loadCharts();
  const figures: Html[] = [];
  for (const chart of charts) figures.push(await draw(chart));
  return html`<h2>The pictures</h2><div class="charts">${figures}</div>`;
};

const heading = ({ model, version, target, createdAt, description }: ReportFacts): Html =>
  html`<p class="eyebrow">${model}${version === undefined ? '' : `, version ${version}`} · predicts ${target}${
    createdAt === undefined
      ? ''
      : html` · <time datetime="${createdAt}">${createdAt.slice(0, 16).replace('T', ' ')} UTC</time>`
  }</p>${description === undefined ? '' : html`<p class="note">${description}</p>`}`;

/**
 * Writes report.html: one file for the person who decides, with no scripts and no requests, readable on a phone.
 * Every text of the user is escaped. Takes well under a second; loads Vega when called, not before.
 */
export const renderReport = async (evaluation: Evaluation, facts: ReportFacts): Promise<string> => {
  const title = `${facts.model}${facts.version === undefined ? '' : ` version ${facts.version}`}: evaluation`;
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${trusted(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="referrer" content="no-referrer">
<title>${title}</title><style>${trusted(reportStyle)}</style></head>
<body><main>${heading(facts)}
${verdictSection(evaluation)}
${comparisonSection(evaluation)}
${await drawn(chartsOf(evaluation, facts))}
${evaluation.task === 'regression' ? '' : classSection(evaluation)}
${sliceSection(evaluation)}
${dataSection(evaluation, facts)}
</main></body></html>
`;
  return page.markup;
};
