import { columnDrift, requiredRows } from '../drift/index.ts';
import type { Baseline } from './baseline.ts';
import { type BinnedRows, columnCountsOf, countRow, emptyCounts } from './binned-rows.ts';

type Weekday = NonNullable<Baseline['weekdays']>[number];

const countWeekdays = (binned: BinnedRows, times: Float64Array): readonly Weekday[] => {
  const days = Array.from({ length: 7 }, () => ({ rows: 0, counts: emptyCounts(binned) }));
  times.forEach((time, row) => {
    if (Number.isNaN(time)) return;
    const day = days[new Date(time).getUTCDay()] as (typeof days)[number];
    day.rows += 1;
    countRow(binned, day.counts, row);
  });
  return days.map(({ rows, counts }, weekday) => ({
    weekday,
    rows,
    columns: columnCountsOf(binned, counts, rows),
  }));
};

/**
 * The rows of each weekday of UTC that has enough to compare a window with; `undefined` where none of them differs from
 * the whole (score below 1), as then the whole is the better reference: it has more rows.
 */
export const buildWeekdays = (
  baseline: Pick<Baseline, 'rows' | 'columns'>,
  binned: BinnedRows,
  times: Float64Array,
  minRows: number,
): Weekday[] | undefined => {
  const width = baseline.columns.length;
  const needed = requiredRows(baseline.rows, width, minRows);
  const enough = countWeekdays(binned, times).filter(({ rows }) => rows >= needed);
  const differs = enough.some(({ columns }) =>
    baseline.columns.some(({ counts }, index) => {
      const drift = columnDrift(counts.counts, columns[index]?.counts ?? [], width);
      return drift !== undefined && drift.score >= 1;
    }),
  );
  return differs ? enough : undefined;
};
