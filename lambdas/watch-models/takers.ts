import type { Baseline } from '../../lib/domain/baseline/index.ts';
import {
  cellReader,
  maxRecordedColumns,
  type Profile,
  profileBuilder,
} from '../../lib/domain/drift/index.ts';
import { type QualityCounts, qualityCounter } from '../../lib/domain/quality/index.ts';
import type { RowTaker } from './read-captured.ts';

type Taker<Found> = RowTaker & { readonly found: () => Found };

/** Counts rows in the bins of a baseline's columns. Rows count one each, sampled or not: counts stay whole numbers. */
export const profileTaker = (baseline: Pick<Baseline, 'columns'>): Taker<Profile> => {
  const builder = profileBuilder(baseline.columns.map(({ bins }) => bins));
  const cellsOf = cellReader(baseline);
  return { take: (row) => builder.add(cellsOf(row)), found: builder.profile };
};

/** Counts what the answers say of their own quality. */
export const qualityTaker = (baseline: Pick<Baseline, 'columns' | 'quality'>): Taker<QualityCounts> => {
  const counter = qualityCounter(baseline);
  const cellsOf = cellReader(baseline);
  return { take: (row) => counter.add({ output: row.output, cellOf: cellsOf(row) }), found: counter.counts };
};

/** Names that come from anywhere are cut before they are kept. */
const maxNameLength = 100;

/** Finds columns that the baseline does not know, the first fifty that come. */
export const appearedTaker = (baseline: Pick<Baseline, 'columns'>): Taker<readonly string[]> => {
  const known = new Set(baseline.columns.flatMap(({ name, of }) => (of === 'feature' ? [name] : [])));
  const appeared = new Set<string>();
  return {
    take: ({ features }) => {
      for (const name of Object.keys(features))
        if (!known.has(name) && appeared.size < maxRecordedColumns)
          appeared.add(name.slice(0, maxNameLength));
    },
    found: () => [...appeared].sort(),
  };
};
