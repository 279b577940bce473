import { type Html, html } from '../report/html.ts';
import { middleOf, type ShownFacts } from './facts.ts';
import { figure } from './figure.ts';
import { behindCharts } from './moments.ts';
import { band, drawPlot, lines, marks, plotOf, type Series } from './plot.ts';
import { estimateOf, inMeasure, measureOf, qualityText } from './quality.ts';
import type { TimeAxis } from './time-axis.ts';
import { valueAxis } from './value-axis.ts';
import { shownMoment, shownNumber } from './words.ts';

const height = 200;

/** Said wherever estimates are shown. */
export const estimateCaution =
  'Estimates hold while only the inputs change. When the meaning of the inputs changes, so that the same row has another answer, they stay calm: only labels tell.';

/** Three standard deviations around what is usual: beyond them the lane counts a loss, if it is large enough to matter. */
const referenceOf = (facts: ShownFacts) =>
  facts.windows.flatMap((window) => {
    const estimate = estimateOf(window);
    if (estimate === undefined) return [];
    const { reference, referenceSd } = estimate;
    return [{ at: middleOf(window), low: reference - 3 * referenceSd, high: reference + 3 * referenceSd }];
  });

const estimatedSeries = ({ windows }: ShownFacts, text: (value: number) => string): Series =>
  windows.map((window) => {
    const estimate = estimateOf(window);
    return (
      estimate && {
        at: middleOf(window),
        value: estimate.value,
        text: `estimated until ${shownMoment(window.windowEnd)}: ${text(estimate.value)}, usually ${text(estimate.reference)}`,
      }
    );
  });

const realisedSeries = (
  { windows, realised }: ShownFacts,
  measure: string,
  text: (value: number) => string,
): Series =>
  windows.map(({ windowEnd }) => {
    const found = realised.find((one) => one.windowEnd === windowEnd && one.outcome === 'judged');
    const value = found && inMeasure(found.value, found.measure, measure);
    if (found === undefined || value === undefined) return undefined;
    return {
      at: middleOf(found),
      value,
      text: `by labels until ${shownMoment(windowEnd)}: ${text(value)}, of ${shownNumber(found.labelledRows)} rows${
        found.reliability === 'unreliable' ? '; the estimate of this window was wrong' : ''
      }`,
    };
  });

const unreliableOnly = (series: Series, { windows, realised }: ShownFacts): Series =>
  series.map((point, at) =>
    realised.some(
      (one) =>
        one.windowEnd === windows[at]?.windowEnd &&
        one.outcome === 'judged' &&
        one.reliability === 'unreliable',
    )
      ? point
      : undefined,
  );

const summary = (measure: string, estimated: Series, realised: Series, unreliable: number): string => {
  const latest = (series: Series) => series.findLast((point) => point !== undefined)?.text;
  return [
    `Measure: ${measure}.`,
    latest(estimated) === undefined ? 'Nothing could be estimated.' : `Latest ${latest(estimated)}.`,
    latest(realised) === undefined
      ? 'No window has been judged by labels yet.'
      : `Latest ${latest(realised)}.`,
    `${unreliable} estimates turned out wrong.`,
  ].join(' ');
};

/** Estimated against realised quality, or why there is none. */
export const qualityChart = (facts: ShownFacts, time: TimeAxis): Html => {
  const measure = measureOf(facts.windows, facts.realised);
  if (measure === undefined) return html``;
  const text = qualityText(measure);
  const [estimated, realised] = [estimatedSeries(facts, text), realisedSeries(facts, measure, text)];
  const points = [...estimated, ...realised].flatMap((point) => point?.value ?? []);
  if (points.length === 0) return html``;
  const unreliable = unreliableOnly(realised, facts);
  const reference = referenceOf(facts);
  const bounds = reference.flatMap(({ low, high }) => [low, high]);
  const plot = plotOf(time, valueAxis([...points, ...bounds], { text }), height);
  const drawing = drawPlot(plot, {
    id: 'quality',
    title: `Estimated and realised quality over time: ${measure}`,
    description: summary(
      measure,
      estimated,
      realised,
      unreliable.filter((point) => point !== undefined).length,
    ),
    behind: behindCharts(facts, time, height),
    stretched: html`${band(reference, plot)}${lines(estimated, 's0', plot)}${lines(realised, 's1', plot)}`,
    content: html`${marks(estimated, 'circle', 'dot s0', plot)}${marks(realised, 'square', 'dot s1', plot)}${marks(unreliable, 'cross', 'unreliable', plot)}`,
  });
  return figure(`Quality: ${measure}`, `${estimateCaution} The axis does not start at zero.`, drawing, [
    { name: 'estimated', style: 's0', shape: 'circle' },
    { name: 'by labels', style: 's1', shape: 'square' },
    ...(reference.length > 1 ? [{ name: 'usual, ± 3 sd', style: 'band' }] : []),
    ...(unreliable.some((point) => point !== undefined)
      ? [
          {
            name: 'unreliable: the estimate was wrong',
            style: 'unreliable',
            shape: 'cross' as const,
            hasLine: false,
          },
        ]
      : []),
  ]);
};
