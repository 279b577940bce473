import { type Html, html } from '../report/html.ts';
import type { Decision } from '../retraining/index.ts';
import type { ShownFacts } from './facts.ts';
import { figure } from './figure.ts';
import { behindCharts, promotionsIn } from './moments.ts';
import { drawPlot, mark, type Plot, plotOf, type Shape } from './plot.ts';
import type { TimeAxis } from './time-axis.ts';
import { shownMoment, shownNumber, shownSentence } from './words.ts';

const rowHeight = 26;

const rows = ['promoted', 'retrain', 'page', 'refuse', 'wait'] as const;
type Row = (typeof rows)[number];

const shapeOf: Readonly<Record<Row, Shape>> = {
  promoted: 'diamond',
  retrain: 'triangle',
  page: 'square',
  refuse: 'cross',
  wait: 'circle',
};

const textOf = ({ at, decision, because, count }: Decision): string =>
  `${shownMoment(at)}: ${decision}${count > 1 ? ` (${shownNumber(count)} times)` : ''}: ${shownSentence(because.join('; '))}`;

/** A decision, with a line as long as the same one was repeated. */
const decisionMark = (decision: Decision, { time, y }: Plot): Html => {
  const [from, to] = [time.x(Date.parse(decision.at)), time.x(Date.parse(decision.lastSeenAt))];
  const at = y(rows.indexOf(decision.decision));
  const line =
    to - from > 0.1 ? html`<line class="repeated" x1="${from}%" x2="${to}%" y1="${at}" y2="${at}"/>` : html``;
  return html`${line}${mark({ x: from, y: at }, shapeOf[decision.decision], `event ${decision.decision}`, textOf(decision))}`;
};

/** What the controller decided and which version took over, on the axis of the other charts. */
export const eventChart = (facts: ShownFacts, time: TimeAxis): Html => {
  const { decisions } = facts;
  const promotions = promotionsIn(facts, time);
  if (decisions.length + promotions.length === 0) return html``;
  const height = rows.length * rowHeight + 36;
  // Rows from the top down.
  const values = { from: rows.length - 0.5, to: -0.5, ticks: rows.map((text, value) => ({ value, text })) };
  const plot: Plot = {
    ...plotOf(time, values, height),
    y: (value) => 14 + rowHeight * (value + 0.5),
  };
  const count = (kind: Decision['decision']) => decisions.filter(({ decision }) => decision === kind).length;
  const drawing = drawPlot(plot, {
    id: 'events',
    title: 'Decisions of the retraining controller, and promotions',
    description: `${count('retrain')} retrainings, ${count('refuse')} refusals, ${count('wait')} waits, ${count('page')} calls for a person, ${promotions.length} promotions.`,
    behind: behindCharts(facts, time, height),
    stretched: html``,
    content: html`${promotions.map(({ version, at }) =>
      mark(
        { x: time.x(at), y: plot.y(0) },
        shapeOf.promoted,
        'event promoted',
        `${shownMoment(new Date(at).toISOString())}: version ${version} took over`,
      ),
    )}${decisions.map((decision) => decisionMark(decision, plot))}`,
  });
  return figure(
    'What was decided',
    'Each mark is a decision of the retraining controller; a line behind it says how long it was repeated. The reasons are in the table below.',
    drawing,
  );
};
