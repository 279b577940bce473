import { isKnown, referenceFor } from '../quality/index.ts';
import { type BinnedRows, columnCountsOf, countRow, emptyCounts } from './binned-rows.ts';
import { referenceOver } from './build-quality.ts';
import { judgeLanes, type LaneScores, noScores, sumRows } from './lane-scores.ts';
import { findExtremes, type RedrawnBaseline, redrawBaseline } from './redrawn-baseline.ts';
import { drawRows } from './row-order.ts';
import type { SimulationInput } from './simulation-input.ts';

/** Baselines drawn: what the one there is may have been by chance. */
const baselines = 20;

/** Cells counted at most, so that a simulation takes about a second whatever the model's size: for either part. */
const maxCells = 30_000_000;

/** More rows than these make a baseline no noisier than its windows. */
const maxBaselineRows = 100_000;

const between = (least: number, value: number, most: number): number =>
  Math.round(Math.max(least, Math.min(value, most)));

/** Values of closed categories that this baseline has not seen, and rows outside of its ranges. */
const outsideIn = (
  { columns, outside }: RedrawnBaseline,
  counts: readonly { counts: number[]; outside: number }[],
  rows: Uint32Array,
): void => {
  columns.forEach(({ bins, counts: seen }, index) => {
    const own = counts[index] as { counts: number[]; outside: number };
    if (bins.kind !== 'category' || !bins.isClosed) return;
    bins.values.forEach((_, place) => {
      if (seen.counts[place] === 0) own.outside += own.counts[place] as number;
    });
  });
  if (outside.size === 0) return;
  for (const row of rows)
    for (const column of outside.get(row) ?? []) {
      const own = counts[column];
      if (own) own.outside += 1;
    }
};

const countRows = (binned: BinnedRows, rows: Uint32Array) => {
  const counts = emptyCounts(binned);
  for (const row of rows) countRow(binned, counts, row);
  return columnCountsOf(binned, counts, rows.length);
};

/**
 * Scores of windows drawn from the validation rows with replacement, each against a baseline drawn from them too: the
 * noise of both is in it, and nothing else (Efron's bootstrap, 1979).
 */
export const drawnScores = (input: SimulationInput, windowRows: number): LaneScores => {
  const { baseline, described, binned, built, random } = input;
  const { rows, width } = binned;
  const windowsEach = between(10, maxCells / (baselines * windowRows * width), 50);
  const size = between(
    Math.min(rows, windowRows),
    maxCells / (baselines * width),
    Math.min(rows, maxBaselineRows),
  );
  const extremes = findExtremes(described, rows);
  const scores = noScores();
  const { quality, estimates } = built;
  for (let trial = 0; trial < baselines; trial += 1) {
    const redrawn = redrawBaseline(baseline.columns, binned, extremes, { size, random });
    const estimated = isKnown(estimates)
      ? referenceOver(estimates, redrawn.drawn, quality.windowRows)
      : estimates;
    const reference = referenceFor({ estimated, windowRows: quality.windowRows }, windowRows);
    const referenceSums = sumRows(built, redrawn.drawn);
    for (let window = 0; window < windowsEach; window += 1) {
      const drawn = drawRows(windowRows, rows, random);
      const columns = countRows(binned, drawn);
      outsideIn(redrawn, columns, drawn);
      judgeLanes(
        {
          compared: { rows: size, columns: redrawn.columns },
          rows: windowRows,
          columns,
          sums: sumRows(built, drawn),
          referenceSums,
          reference,
          kind: quality.kind,
        },
        scores,
      );
    }
  }
  return scores;
};
