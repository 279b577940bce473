import type { TopLevelSpec } from 'vega-lite';
import type { Evaluation } from '../evaluation/index.ts';
import { type Chart, plotWidth } from './draw-chart.ts';
import { count, percent } from './words.ts';

interface Cell {
  readonly truth: string;
  readonly answer: string;
  readonly share: number;
  readonly rows: string;
  readonly percent: string;
}

const cells = ({ classes, counts }: NonNullable<Evaluation['confusion']>): readonly Cell[] =>
  counts.flatMap((line, row) => {
    const total = line.reduce((sum, value) => sum + value, 0);
    return line.map((value, column) => ({
      truth: classes[row] ?? '',
      answer: classes[column] ?? '',
      share: total === 0 ? 0 : value / total,
      rows: count(value),
      percent: total === 0 ? '' : percent(value / total),
    }));
  });

// Beyond this many classes numbers no longer fit into the cells; shades and the table per class remain.
const maxNumberedClasses = 8;

const text = (field: string, dy: number, fontSize: number) => ({
  mark: { type: 'text', dy, fontSize },
  encoding: {
    text: { field },
    color: { condition: { test: 'datum.share > 0.55', value: 'var(--card)' }, value: 'var(--ink)' },
  },
});

/** True class against answered class, shaded by the share of the true class. */
export const confusionChart = ({ confusion }: Evaluation): readonly Chart[] => {
  if (confusion === null) return [];
  const size = confusion.classes.length;
  const numbers =
    size <= maxNumberedClasses
      ? [text('rows', size > 5 ? 0 : -6, 13), ...(size > 5 ? [] : [text('percent', 10, 11)])]
      : [];
  const labels = { grid: false, labelLimit: 90, labelFontSize: size > 12 ? 8 : 11 };
  const spec = {
    width: plotWidth - 30,
    height: Math.min(plotWidth - 30, Math.max(150, size * 62)),
    data: { values: cells(confusion) },
    encoding: {
      x: {
        field: 'answer',
        type: 'nominal',
        sort: null,
        title: 'answered',
        axis: { ...labels, labelAngle: size > 4 ? -40 : 0, orient: 'top' },
        scale: { padding: 0.04 },
      },
      y: {
        field: 'truth',
        type: 'nominal',
        sort: null,
        title: 'true',
        axis: labels,
        scale: { padding: 0.04 },
      },
    },
    layer: [
      {
        mark: { type: 'rect', color: 'var(--accent)', cornerRadius: 3 },
        encoding: {
          opacity: { field: 'share', type: 'quantitative', scale: { domain: [0, 1], range: [0.06, 1] } },
        },
      },
      ...numbers,
    ],
  };
  return [
    {
      title: 'Confusion matrix',
      reading: 'Each line is a true class and adds up to 100 %; the diagonal is right.',
      label: `Confusion matrix of ${size} classes: ${confusion.classes
        .map((name, index) => `${name}: ${confusion.counts[index]?.[index] ?? 0} right`)
        .slice(0, 10)
        .join(', ')}.`,
      spec: spec as TopLevelSpec,
    },
  ];
};
