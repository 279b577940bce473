import {
  type BaselineColumn,
  type ColumnCounts,
  maxCarriedWindows,
  requiredRows,
  weekdayOf,
  windowAt,
} from '../drift/index.ts';
import { referenceFor } from '../quality/index.ts';
import { columnCountsOf, countRow, emptyCounts } from './binned-rows.ts';
import { comparedRows } from './compared-rows.ts';
import { judgeLanes, type LaneScores, noScores, type RowSums, sumRows, without } from './lane-scores.ts';
import type { SimulationInput } from './simulate-promises.ts';

/** Fewer windows than these tell nothing of how often something happens. */
const minWindows = 10;
/** The latest so many are judged. */
const maxWindows = 300;

interface TimedWindow {
  readonly from: number;
  readonly to: number;
  readonly rows: Uint32Array;
}

/** Cuts rows in time order into the windows the monitor would have judged: short ones join the next, or are dropped. */
const cutWindows = (
  order: Uint32Array,
  times: Float64Array,
  windowHours: number,
  needed: number,
): TimedWindow[] => {
  const windows: TimedWindow[] = [];
  const timeAt = (place: number) => times[order[place] as number] as number;
  let begin = 0;
  for (let place = 0; place < order.length; ) {
    const { to } = windowAt(timeAt(place), windowHours);
    while (place < order.length && timeAt(place) < to) place += 1;
    const { from } = windowAt(timeAt(begin), windowHours);
    const isLong = (to - from) / (windowHours * 3_600_000) > maxCarriedWindows + 1;
    const isEnough = place - begin >= needed && !isLong;
    if (isEnough) windows.push({ from, to, rows: order.subarray(begin, place) });
    if (isEnough || isLong) begin = place;
  }
  return windows;
};

const minus = (all: ColumnCounts, some: ColumnCounts): ColumnCounts => ({
  counts: all.counts.map((count, place) => count - (some.counts[place] as number)),
  outside: all.outside,
  wrong: all.wrong - some.wrong,
});

/** A baseline without the rows of a window: those would be compared with themselves. */
const leftOut = (columns: readonly BaselineColumn[], window: readonly ColumnCounts[]): BaselineColumn[] =>
  columns.map((column, index) => ({
    ...column,
    counts: minus(column.counts, window[index] as ColumnCounts),
  }));

const judgeTimed = (
  { from, to, rows }: TimedWindow,
  { baseline, binned, built, minRows }: SimulationInput,
  all: RowSums,
  scores: LaneScores,
): void => {
  const counts = emptyCounts(binned);
  for (const row of rows) countRow(binned, counts, row);
  const columns = columnCountsOf(binned, counts, rows.length);
  const own = comparedRows(baseline, weekdayOf({ from, to }));
  const rest = own.rows - rows.length;
  const compared =
    rest >= requiredRows(own.rows, own.columns.length, minRows)
      ? { rows: rest, columns: leftOut(own.columns, columns) }
      : { rows: baseline.rows - rows.length, columns: leftOut(baseline.columns, columns) };
  const sums = sumRows(built, rows);
  judgeLanes(
    {
      compared,
      rows: rows.length,
      columns,
      sums,
      referenceSums: without(all, sums),
      reference: referenceFor(built.quality, rows.length),
      kind: built.quality.kind,
    },
    scores,
  );
};

export interface TimedScores {
  readonly scores: LaneScores;
  readonly windows: number;
  /** From one window to the next, the carried ones included. */
  readonly hours: number;
}

/**
 * Scores of the windows the validation rows really make, in the order of time, each against the other rows: what
 * fluctuates by itself is in them. Ranges are those of all rows, so that a column that only ever grows is no bad data
 * here. `undefined` where they make fewer than ten.
 */
export const timedScores = (input: SimulationInput, needed: number): TimedScores | undefined => {
  const { times, order, windowHours, built } = input;
  if (times === undefined) return undefined;
  // A window of more than half the rows would leave too few to compare with.
  const windows = cutWindows(order, times, windowHours, needed)
    .filter(({ rows }) => 2 * rows.length <= order.length)
    .slice(-maxWindows);
  const [first, last] = [windows[0], windows.at(-1)];
  if (windows.length < minWindows || first === undefined || last === undefined) return undefined;
  const all = sumRows(built, order);
  const scores = noScores();
  for (const window of windows) judgeTimed(window, input, all, scores);
  return { scores, windows: windows.length, hours: (last.to - first.from) / 3_600_000 / windows.length };
};
