import type { TopLevelSpec } from 'vega-lite';
import type { Evaluation } from '../evaluation/index.ts';
import { type Chart, plotWidth } from './draw-chart.ts';
import { number } from './words.ts';

const maxBars = 15;

/** What the model leans on: by how much the primary metric worsens without a column. */
export const importanceChart = ({ importance, primary }: Evaluation): readonly Chart[] => {
  if (importance === null || importance.columns.length === 0) return [];
  const shown = importance.columns.slice(0, maxBars);
  const values = shown.map(({ column, mean, sd }) => ({
    column,
    mean,
    low: mean - sd,
    high: mean + sd,
    edge: Math.max(0, mean + sd),
    text: number(mean),
  }));
  const hidden = importance.columns.length - shown.length;
  const top = Math.max(...values.map(({ edge }) => edge), 1e-9);
  const bottom = Math.min(0, ...values.map(({ low }) => low));
  const spec = {
    width: plotWidth - 70,
    height: { step: 26 },
    data: { values },
    encoding: {
      y: {
        field: 'column',
        type: 'nominal',
        sort: null,
        title: null,
        axis: { grid: false, labelLimit: 120, labelColor: 'var(--ink)' },
      },
    },
    layer: [
      {
        mark: { type: 'bar', color: 'var(--accent)', height: 14 },
        encoding: {
          x: {
            field: 'mean',
            type: 'quantitative',
            title: `${primary.title} ${primary.higherIsBetter ? 'lost' : 'added'} when the column is shuffled`,
            axis: { tickCount: 4, grid: false, labels: false },
            scale: { domain: [bottom, top * 1.22], nice: false },
          },
        },
      },
      {
        mark: { type: 'rule', color: 'var(--ink)', strokeWidth: 1.25, opacity: 0.65 },
        encoding: { x: { field: 'low', type: 'quantitative' }, x2: { field: 'high' } },
      },
      {
        mark: { type: 'text', align: 'left', dx: 5, fontSize: 11, color: 'var(--muted)' },
        encoding: { x: { field: 'edge', type: 'quantitative' }, text: { field: 'text' } },
      },
    ],
  };
  return [
    {
      title: 'What it leans on',
      reading: `How much worse ${primary.title} gets with one column shuffled, ${importance.repeats} times over ${number(importance.rows)} rows; thin lines: one standard deviation.${
        hidden > 0 ? ` ${hidden} weaker columns are not shown.` : ''
      }`,
      label: `Permutation importance: ${shown.map(({ column, mean }) => `${column} ${number(mean)}`).join(', ')}.`,
      spec: spec as TopLevelSpec,
    },
  ];
};
