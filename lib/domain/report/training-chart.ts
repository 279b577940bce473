import type { TopLevelSpec } from 'vega-lite';
import { type Chart, plotWidth } from './draw-chart.ts';
import type { TrainingCurve } from './report-facts.ts';
import { number } from './words.ts';

const series = (points: TrainingCurve['points'], part: 'train' | 'validation') =>
  points.flatMap((point) => {
    const value = point[part];
    return value === null
      ? []
      : [{ x: point.round, y: value, text: part === 'train' ? 'training' : 'validation' }];
  });

const lineOf = (values: readonly { x: number }[], color: string) => [
  { data: { values }, mark: { type: 'line', color, strokeWidth: 2 } },
  {
    data: { values: values.slice(-1) },
    mark: { type: 'text', align: 'left', dx: 5, color, fontSize: 11.5 },
    encoding: { text: { field: 'text' } },
  },
];

/** The loss by round on training and validation rows, and the round that was kept. */
export const trainingChart = (curve: TrainingCurve | undefined): readonly Chart[] => {
  if (curve === undefined || curve.points.length < 2) return [];
  const { points, metric, bestRound } = curve;
  // The course may be thinned: the kept round need not be among its points.
  const kept = points.findLast(({ round }) => bestRound !== undefined && round <= bestRound);
  const best = bestRound === undefined ? [] : [{ x: bestRound, text: `kept: ${bestRound}` }];
  const spec = {
    width: plotWidth - 55,
    height: 250,
    encoding: {
      x: {
        field: 'x',
        type: 'quantitative',
        title: 'round',
        axis: { tickCount: 5, grid: false },
        scale: { nice: false, zero: false },
      },
      y: { field: 'y', type: 'quantitative', title: metric, axis: { tickCount: 5 }, scale: { zero: false } },
    },
    layer: [
      {
        data: { values: best },
        mark: { type: 'rule', color: 'var(--quiet)', strokeDash: [4, 4] },
        encoding: { y: null },
      },
      {
        data: { values: best },
        mark: { type: 'text', align: 'right', dx: -5, baseline: 'top', color: 'var(--muted)', fontSize: 11 },
        encoding: { y: { value: 0 }, text: { field: 'text' } },
      },
      ...lineOf(series(points, 'train'), 'var(--quiet)'),
      ...lineOf(series(points, 'validation'), 'var(--accent)'),
    ],
  };
  return [
    {
      title: 'Training',
      reading: 'Loss by round. Validation rising while training falls would be learning by heart.',
      label: `${metric} by round over ${points.length} points; ${
        kept === undefined
          ? 'the last round was kept'
          : `round ${bestRound} was kept, validation about ${number(kept.validation)}`
      }.`,
      spec: spec as TopLevelSpec,
    },
  ];
};
