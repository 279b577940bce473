import { type BaselineColumn, type ColumnCounts, requiredRows, weekdayOf } from '../drift/index.ts';
import { referenceFor } from '../quality/index.ts';
import { columnCountsOf, countRow, emptyCounts } from './binned-rows.ts';
import { comparedRows } from './compared-rows.ts';
import type { TimedWindow } from './cut-windows.ts';
import { judgeLanes, type LaneScores, noScores, type RowSums, sumRows, without } from './lane-scores.ts';
import type { SimulationInput } from './simulation-input.ts';

const hourMs = 3_600_000;

/** The latest so many are judged. */
const maxWindows = 300;

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
 * here. `undefined` without such windows.
 */
export const timedScores = (input: SimulationInput): TimedScores | undefined => {
  const { built, binned } = input;
  // A window of more than half the rows would leave too few to compare with.
  const windows = (input.windows ?? [])
    .filter(({ rows }) => 2 * rows.length <= binned.rows)
    .slice(-maxWindows);
  const [first, last] = [windows[0], windows.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const all = sumRows(
    built,
    Uint32Array.from({ length: binned.rows }, (_, row) => row),
  );
  const scores = noScores();
  for (const window of windows) judgeTimed(window, input, all, scores);
  return { scores, windows: windows.length, hours: (last.to - first.from) / hourMs / windows.length };
};
