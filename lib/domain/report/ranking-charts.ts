import type { TopLevelSpec } from 'vega-lite';
import type { Evaluation } from '../evaluation/index.ts';
import { type Chart, plotWidth } from './draw-chart.ts';
import { number, percent } from './words.ts';

const unit = { domain: [0, 1], nice: false };
const axis = { tickCount: 5, format: '.0%' };

const square = (
  x: string,
  y: string,
  values: readonly object[],
  layers: readonly object[],
  domain: object = unit,
): TopLevelSpec =>
  ({
    width: plotWidth,
    height: 250,
    data: { values },
    encoding: {
      x: { field: 'x', type: 'quantitative', title: x, scale: domain, axis },
      y: { field: 'y', type: 'quantitative', title: y, scale: domain, axis },
    },
    layer: layers,
  }) as TopLevelSpec;

const line = { mark: { type: 'line', color: 'var(--accent)', strokeWidth: 2.25, order: false } };
const inOrder = { ...line, encoding: { order: { field: 'at', type: 'quantitative' } } };
const numbered = (points: readonly object[]) => points.map((point, at) => ({ ...point, at }));

const dashed = (points: readonly object[]) => ({
  data: { values: points },
  mark: { type: 'line', color: 'var(--quiet)', strokeDash: [4, 4], strokeWidth: 1.25 },
});

const label = (x: number, y: number, text: string, color: string, extra: object = {}) => ({
  data: { values: [{ x, y, text }] },
  mark: { type: 'text', color, align: 'right', ...extra },
  encoding: { text: { field: 'text' } },
});

const diagonal = [
  { x: 0, y: 0 },
  { x: 1, y: 1 },
];

/** ROC and precision–recall of a binary model. */
export const rankingCharts = ({ curves, metrics }: Evaluation): readonly Chart[] => {
  const share = metrics.positiveShare ?? 0;
  const interval = `${number(metrics.aucLow)} to ${number(metrics.aucHigh)}`;
  const roc: Chart = {
    title: 'Ranking (ROC)',
    reading: 'How many true rows are found for each share of false alarms; the dashed line is guessing.',
    label: `ROC curve. Area under the curve ${number(metrics.auc)}, 95 % interval ${interval}.`,
    spec: square('false alarms among negatives', 'found among positives', numbered(curves.roc), [
      dashed(diagonal),
      inOrder,
      label(0.98, 0.12, `AUC ${number(metrics.auc)}`, 'var(--accent)', { fontSize: 15, fontWeight: 600 }),
      label(0.98, 0.04, `95 %: ${interval}`, 'var(--muted)', { fontSize: 11 }),
    ]),
  };
  const precisionRecall: Chart = {
    title: 'Precision and recall',
    reading: 'How many of its alarms are right, for each share of true rows found; dashed is guessing.',
    label: `Precision–recall curve. Average precision ${number(metrics.averagePrecision)}; guessing gives ${percent(share)}.`,
    spec: square(
      'recall: found among positives',
      'precision: right among alarms',
      numbered(curves.precisionRecall),
      [
        dashed([
          { x: 0, y: share },
          { x: 1, y: share },
        ]),
        inOrder,
        label(0.98, 0.95, `average precision ${number(metrics.averagePrecision)}`, 'var(--accent)', {
          fontWeight: 600,
        }),
        label(0.98, share, `guessing ${percent(share)}`, 'var(--muted)', {
          fontSize: 11,
          dy: share > 0.1 ? 10 : -8,
        }),
      ],
    ),
  };
  return [
    ...(curves.roc.length > 0 ? [roc] : []),
    ...(curves.precisionRecall.length > 0 ? [precisionRecall] : []),
  ];
};

/** Said against observed, with the 95 % interval of what was observed. */
export const calibrationChart = ({ curves, metrics, task }: Evaluation): readonly Chart[] => {
  const bins = curves.calibration;
  if (bins.length === 0) return [];
  const top = Math.min(
    1,
    Math.ceil(Math.max(...bins.flatMap((bin) => [bin.high, bin.meanProbability])) * 10) / 10,
  );
  const values = bins.map((bin) => ({ ...bin, x: bin.meanProbability, y: bin.observedShare }));
  const said = task === 'binary' ? 'probability said' : 'probability of the answer';
  const came = task === 'binary' ? 'share that came true' : 'share answered rightly';
  const layers = [
    dashed([
      { x: 0, y: 0 },
      { x: top, y: top },
    ]),
    {
      mark: { type: 'rule', color: 'var(--accent)', opacity: 0.45, strokeWidth: 1.5 },
      encoding: { y: { field: 'low', type: 'quantitative', title: came }, y2: { field: 'high' } },
    },
    { ...line, mark: { ...line.mark, strokeWidth: 1.25, opacity: 0.6 } },
    { mark: { type: 'point', filled: true, size: 55, color: 'var(--accent)', opacity: 1 } },
    label(top * 0.98, top * 0.04, `off by ${percent(metrics.calibrationError)} on average`, 'var(--muted)', {
      fontSize: 11,
    }),
  ];
  return [
    {
      title: 'Calibration',
      reading:
        'On the dashed line a probability means what it says. Bars: 95 % interval; one dot: an equal part of the rows.',
      label: `Calibration of ${bins.length} groups of rows. Expected calibration error ${percent(metrics.calibrationError)}.`,
      spec: square(said, came, values, layers, { domain: [0, top], nice: false }),
    },
  ];
};
