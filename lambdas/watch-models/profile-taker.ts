import type { Baseline } from '../../lib/domain/baseline/index.ts';
import {
  cellReader,
  maxRecordedColumns,
  type Profile,
  profileBuilder,
} from '../../lib/domain/drift/index.ts';
import type { RowTaker } from './read-captured.ts';

/** Counts rows in the bins of a baseline's columns. Rows count one each, sampled or not: counts stay whole numbers. */
export const profileTaker = (
  baseline: Pick<Baseline, 'columns'>,
): RowTaker & { readonly profile: () => Profile } => {
  const builder = profileBuilder(baseline.columns.map(({ bins }) => bins));
  const cellsOf = cellReader(baseline);
  return { take: (row) => builder.add(cellsOf(row)), profile: builder.profile };
};

/** Names that come from anywhere are cut before they are kept. */
const maxNameLength = 100;

/** Finds columns that the baseline does not know, the first fifty that come. */
export const appearedTaker = (
  baseline: Pick<Baseline, 'columns'>,
): RowTaker & { readonly appeared: () => readonly string[] } => {
  const known = new Set(baseline.columns.flatMap(({ name, of }) => (of === 'feature' ? [name] : [])));
  const appeared = new Set<string>();
  return {
    take: ({ features }) => {
      for (const name of Object.keys(features))
        if (!known.has(name) && appeared.size < maxRecordedColumns)
          appeared.add(name.slice(0, maxNameLength));
    },
    appeared: () => [...appeared].sort(),
  };
};
