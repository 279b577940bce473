import type { WindowRecord } from '../drift/index.ts';
import { type Html, html } from '../report/html.ts';
import { middleOf, type ShownFacts } from './facts.ts';
import { figure } from './figure.ts';
import { behindCharts } from './moments.ts';
import { drawPlot, limitLine, lines, marks, plotOf, type Series, type Shape } from './plot.ts';
import type { TimeAxis } from './time-axis.ts';
import { valueAxis } from './value-axis.ts';
import { shownMoment, shownName, shownScore } from './words.ts';

const height = 230;
const shapesInOrder: readonly Shape[] = ['circle', 'square', 'triangle', 'diamond'];

type Column = WindowRecord['columns'][number];

/** The columns with the highest scores of all windows, as many as there are lines to tell apart. */
const leadingColumns = (windows: readonly WindowRecord[]): readonly string[] => {
  const peaks = new Map<string, number>();
  for (const { name, score } of windows.flatMap(({ columns }) => columns))
    peaks.set(name, Math.max(score, peaks.get(name) ?? Number.NEGATIVE_INFINITY));
  return [...peaks]
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, shapesInOrder.length)
    .map(([name]) => name);
};

const pointOf = (window: WindowRecord, column: Column | undefined) =>
  column === undefined
    ? undefined
    : {
        at: middleOf(window),
        // A score below zero says "less than chance would show": as good as none.
        value: Math.max(0, column.score),
        text: `${shownName(column.name)}, until ${shownMoment(window.windowEnd)}: ${shownScore(column.score)}`,
      };

const seriesOf = (
  windows: readonly WindowRecord[],
  pick: (columns: readonly Column[]) => Column | undefined,
): Series =>
  windows.map((window) => (window.outcome === 'judged' ? pointOf(window, pick(window.columns)) : undefined));

const highest = (columns: readonly Column[]): Column | undefined =>
  columns.reduce<Column | undefined>(
    (most, next) => (most && most.score >= next.score ? most : next),
    undefined,
  );

const summary = (windows: readonly WindowRecord[], names: readonly string[]): string => {
  const last = windows.findLast(({ outcome }) => outcome === 'judged');
  if (last === undefined) return 'No window has been judged yet.';
  const scores = names.flatMap((name) => {
    const column = last.columns.find((one) => one.name === name);
    return column === undefined ? [] : [`${shownName(name)} ${shownScore(column.score)}`];
  });
  return `${windows.length} windows; in the latest judged one, until ${shownMoment(last.windowEnd)}: ${scores.join(', ')}. The limit is 1.`;
};

/** Score by column over time: the columns that moved most, and the highest of the rest. */
export const scoreChart = (facts: ShownFacts, time: TimeAxis): Html => {
  const { windows } = facts;
  const names = leadingColumns(windows);
  const series = names.map((name) =>
    seriesOf(windows, (columns) => columns.find((one) => one.name === name)),
  );
  const rest = seriesOf(windows, (columns) => highest(columns.filter(({ name }) => !names.includes(name))));
  const values = [...series.flat(), ...rest].flatMap((point) => point?.value ?? []);
  const plot = plotOf(time, valueAxis([...values, 2.2], { from: 0 }), height);
  const drawing = drawPlot(plot, {
    id: 'scores',
    title: 'Score by column over time',
    description: summary(windows, names),
    behind: behindCharts(facts, time, height),
    stretched: html`${lines(rest, 'rest', plot)}${series.map((one, at) => lines(one, `s${at}`, plot))}`,
    content: html`${limitLine(1, 'limit', plot)}${limitLine(2, 'major', plot)}${series.map((one, at) =>
      marks(one, shapesInOrder[at] ?? 'circle', `dot s${at}`, plot),
    )}`,
  });
  const hasRest = rest.some((point) => point !== undefined);
  return figure(
    'How far each column has moved',
    'At 1 about a tenth of the traffic lies elsewhere than before, and chance does not explain it. Shaded: windows without numbers.',
    drawing,
    [
      ...names.map((name, at) => ({
        name: shownName(name),
        style: `s${at}`,
        shape: shapesInOrder[at] ?? 'circle',
      })),
      ...(hasRest ? [{ name: 'highest of the others', style: 'rest' }] : []),
    ],
  );
};
