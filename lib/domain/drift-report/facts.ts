import type { Lane } from '../../wire/names.ts';
import type { Baseline } from '../baseline/index.ts';
import type { BaselineColumn, ColumnCounts, Profile, WindowRecord } from '../drift/index.ts';
import type { RealisedWindow } from '../labels/index.ts';
import type { Decision } from '../retraining/index.ts';

/** Everything drift.html shows, as the registry and the object store have it. */
export interface DriftReportFacts {
  readonly model: string;
  /** In any order; the newest is what the page is about. */
  readonly windows: readonly WindowRecord[];
  readonly realised: readonly RealisedWindow[];
  readonly decisions: readonly Decision[];
  /** Of the version that answered in the newest judged window. @default - it cannot be read: no distributions */
  readonly baseline?: Baseline | undefined;
  /** The counts of that window in the bins of the baseline. @default - none were kept */
  readonly profile?: Profile | undefined;
  /** @default - states of alarms are not shown */
  readonly alarms?: readonly AlarmState[];
  /** Since when each version has been champion. @default - promotions are not shown */
  readonly reigns?: readonly { readonly version: number; readonly since: string }[];
}

export interface AlarmState {
  readonly lane: Lane;
  readonly state: 'ok' | 'alarm' | 'unknown';
  readonly since: string;
}

/** Decisions a page marks, the newest. */
const maxShownDecisions = 200;

/** Windows a page shows: a month of days. */
export const maxShownWindows = 30;

/** The facts in order of time, no more than a page holds. */
export interface ShownFacts extends DriftReportFacts {
  /** Oldest first. */
  readonly windows: readonly WindowRecord[];
  readonly newest: WindowRecord | undefined;
  /** The newest that could be compared: what distributions and columns are of. */
  readonly judged: WindowRecord | undefined;
}

const byEnd = (a: { readonly windowEnd: string }, b: { readonly windowEnd: string }): number =>
  Date.parse(a.windowEnd) - Date.parse(b.windowEnd);

/** The newest of some windows that was judged. */
export const newestJudged = (windows: readonly WindowRecord[]): WindowRecord | undefined =>
  windows.toSorted(byEnd).findLast(({ outcome }) => outcome === 'judged');

export const shownFacts = (facts: DriftReportFacts): ShownFacts => {
  const windows = facts.windows.toSorted(byEnd).slice(-maxShownWindows);
  const since = windows[0] ? Date.parse(windows[0].from) : Number.POSITIVE_INFINITY;
  const isShown = ({ windowEnd }: { readonly windowEnd: string }) => Date.parse(windowEnd) > since;
  return {
    ...facts,
    windows,
    newest: windows.at(-1),
    judged: newestJudged(windows),
    realised: facts.realised.filter(isShown).toSorted(byEnd),
    decisions: facts.decisions
      .filter(({ lastSeenAt }) => Date.parse(lastSeenAt) >= since)
      .toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at))
      .slice(0, maxShownDecisions),
  };
};

/** The middle of a window: where its numbers are drawn. */
export const middleOf = ({
  windowStart,
  windowEnd,
}: {
  readonly windowStart: string;
  readonly windowEnd: string;
}): number => (Date.parse(windowStart) + Date.parse(windowEnd)) / 2;

/** The baseline's columns with the counts the window was compared with: all rows, or those of its weekday. */
const comparedColumns = (
  baseline: Pick<Baseline, 'columns' | 'weekdays'>,
  { weekday }: Pick<WindowRecord, 'weekday'>,
): readonly BaselineColumn[] => {
  const same = baseline.weekdays?.find((one) => one.weekday === weekday);
  if (same === undefined) return baseline.columns;
  return baseline.columns.map((column, place) => ({
    ...column,
    counts: same.columns[place] ?? column.counts,
  }));
};

/** A column as it was and as it is, in the same bins. */
export interface ThenAndNow {
  readonly column: BaselineColumn;
  readonly counts: ColumnCounts;
}

/**
 * Finds a column of a judged window by what its record calls it; `undefined` where its counts were not kept, or not in the
 * bins of this baseline.
 */
export const thenAndNow = (
  judged: WindowRecord,
  { baseline, profile }: Pick<DriftReportFacts, 'baseline' | 'profile'>,
): ((movement: Pick<WindowRecord['columns'][number], 'name' | 'of'>) => ThenAndNow | undefined) => {
  const columns = baseline === undefined ? [] : comparedColumns(baseline, judged);
  return ({ name, of }) => {
    const place = columns.findIndex((column) => column.name === name && column.of === of);
    const [column, counts] = [columns[place], profile?.columns[place]];
    if (column === undefined || counts === undefined) return undefined;
    return counts.counts.length === column.counts.counts.length ? { column, counts } : undefined;
  };
};
