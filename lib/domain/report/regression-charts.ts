import type { TopLevelSpec } from 'vega-lite';
import type { Evaluation } from '../evaluation/index.ts';
import { type Chart, plotWidth } from './draw-chart.ts';
import { number } from './words.ts';

const dots = { type: 'point', filled: true, size: 28, color: 'var(--accent)', opacity: 0.5 };
const guide = { type: 'line', color: 'var(--quiet)', strokeDash: [4, 4], strokeWidth: 1.25 };
const axis = { tickCount: 5 };

const scatter = (
  x: string,
  y: string,
  values: readonly object[],
  guideLine: readonly object[],
): TopLevelSpec =>
  ({
    width: plotWidth,
    height: 250,
    encoding: {
      x: { field: 'x', type: 'quantitative', title: x, axis, scale: { zero: false } },
      y: { field: 'y', type: 'quantitative', title: y, axis, scale: { zero: false } },
    },
    layer: [
      { data: { values: guideLine }, mark: guide },
      { data: { values }, mark: dots },
    ],
  }) as TopLevelSpec;

/** Predicted against true, and the error against what was predicted. */
export const regressionCharts = ({ curves, metrics }: Evaluation): readonly Chart[] => {
  const points = curves.residuals;
  if (points.length === 0) return [];
  const all = points.flatMap(({ truth, predicted }) => [truth, predicted]);
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const predicted = points.map((point) => point.predicted);
  const sample = `${points.length} test rows at regular steps.`;
  return [
    {
      title: 'Predicted and true',
      reading: `On the dashed line a prediction is exact. ${sample}`,
      label: `Predicted against true values of ${points.length} rows. Root mean squared error ${number(metrics.rmse)}, R² ${number(metrics.r2)}.`,
      spec: scatter(
        'true',
        'predicted',
        points.map((point) => ({ x: point.truth, y: point.predicted })),
        [
          { x: low, y: low },
          { x: high, y: high },
        ],
      ),
    },
    {
      title: 'Errors',
      reading: 'Predicted minus true. A slope or a fan means it errs more for some sizes than for others.',
      label: `Errors against predicted values of ${points.length} rows. Mean error ${number(metrics.meanError)}.`,
      spec: scatter(
        'predicted',
        'predicted − true',
        points.map((point) => ({ x: point.predicted, y: point.predicted - point.truth })),
        [
          { x: Math.min(...predicted), y: 0 },
          { x: Math.max(...predicted), y: 0 },
        ],
      ),
    },
  ];
};
