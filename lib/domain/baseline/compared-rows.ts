import type { ComparedRows } from '../drift/index.ts';
import type { Baseline, LanePromise } from './baseline.ts';

/** What a lane's scores are divided by; 1 where nothing is promised of it. */
export const widenedBy = ({ promises }: Pick<Baseline, 'promises'>, lane: LanePromise['lane']): number =>
  promises.find((promise) => promise.lane === lane)?.widenedBy ?? 1;

export interface WeekdayRows extends ComparedRows {
  /** Whose rows these are; absent: all. */
  readonly weekday?: number;
}

/**
 * What a window is compared with: the rows of its weekday where the baseline keeps them apart, else all. With the
 * importance of the columns and what the lanes are widened by, both as `judgeWindow` takes them.
 */
export const comparedRows = (baseline: Baseline, weekday?: number): WeekdayRows => {
  const { importance } = baseline;
  const shared = {
    ...(importance && { importance }),
    widening: {
      dataQuality: widenedBy(baseline, 'data-quality'),
      drift: widenedBy(baseline, 'drift'),
    },
  };
  const own = baseline.weekdays?.find((one) => one.weekday === weekday);
  if (own === undefined) return { rows: baseline.rows, columns: baseline.columns, ...shared };
  const columns = baseline.columns.map((column, index) => ({
    ...column,
    counts: own.columns[index] ?? column.counts,
  }));
  return { rows: own.rows, columns, weekday: own.weekday, ...shared };
};
