import type { Baseline } from '../../../lib/domain/baseline/index.ts';
import {
  type BaselineColumn,
  type Bins,
  type Cell,
  categoryBins,
  numberBins,
  profileBuilder,
} from '../../../lib/domain/drift/index.ts';
import {
  readModelMonitorFiles,
  writeModelMonitorFiles,
} from '../../../lib/domain/model-monitor-files/index.ts';

export const columnOf = (name: string, bins: Bins, cells: readonly Cell[]): BaselineColumn => {
  const builder = profileBuilder([bins]);
  for (const cell of cells) builder.add(() => cell);
  const [counts] = builder.profile().columns;
  return { name, of: 'feature', bins, counts: counts as BaselineColumn['counts'] };
};

export const numbersOf = (name: string, cells: readonly (number | undefined)[]) =>
  columnOf(name, numberBins(Float64Array.from(cells, (cell) => cell ?? Number.NaN)), cells);

export const textsOf = (name: string, cells: readonly (string | undefined)[]) => {
  const counts = new Map<string, number>();
  for (const cell of cells) if (cell !== undefined) counts.set(cell, (counts.get(cell) ?? 0) + 1);
  return columnOf(name, categoryBins(counts), cells);
};

export const baselineOf = (rows: number, columns: readonly BaselineColumn[]): Baseline => ({
  schemaVersion: 2,
  promises: [],
  model: 'delays',
  datasetVersion: 'd1',
  rows,
  columns: [...columns],
  label: { ...textsOf('late', []), of: 'label' },
});

export const writtenAndRead = (baseline: Baseline) => {
  const { statistics, constraints } = writeModelMonitorFiles(baseline);
  return readModelMonitorFiles({
    statistics: JSON.stringify(statistics),
    constraints: JSON.stringify(constraints),
  });
};
