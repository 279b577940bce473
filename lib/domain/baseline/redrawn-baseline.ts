import type { BaselineColumn, Bins } from '../drift/index.ts';
import type { RandomStream } from '../random/index.ts';
import { type BinnedRows, columnCountsOf, countRow, emptyCounts } from './binned-rows.ts';
import type { Described } from './describe-columns.ts';
import { drawRows } from './row-order.ts';

/** Of one number column: the rows of its largest values, from the largest down, and of its smallest. */
interface Extremes {
  readonly column: number;
  readonly highest: readonly (readonly [value: number, row: number])[];
  readonly lowest: readonly (readonly [value: number, row: number])[];
}

/** A draw with replacement misses the 40 most extreme rows once in e⁴⁰. */
const keptExtremes = 40;

/** The rows of the largest values, in one pass. */
const largest = (rows: number, valueAt: (row: number) => number): (readonly [number, number])[] => {
  let kept: (readonly [number, number])[] = [];
  let least = -Infinity;
  const settle = () => {
    kept = kept.toSorted((a, b) => b[0] - a[0]).slice(0, keptExtremes);
    if (kept.length === keptExtremes) least = kept.at(-1)?.[0] ?? least;
  };
  for (let row = 0; row < rows; row += 1) {
    const value = valueAt(row);
    if (!(value > least)) continue;
    kept.push([value, row]);
    if (kept.length >= 4 * keptExtremes) settle();
  }
  settle();
  return kept;
};

export const findExtremes = (described: readonly Described[], rows: number): readonly Extremes[] =>
  described.flatMap(({ bins, cellAt, of }, column) => {
    if (bins.kind !== 'number' || of !== 'feature') return [];
    const valueAt = (row: number) => {
      const cell = cellAt(row);
      return typeof cell === 'number' ? cell : Number.NaN;
    };
    const lowest = largest(rows, (row) => -valueAt(row)).map(([value, row]) => [-value, row] as const);
    return [{ column, highest: largest(rows, valueAt), lowest }];
  });

/** Another baseline as it might have been, and the rows that would lie outside of its ranges. */
export interface RedrawnBaseline {
  readonly rows: number;
  readonly columns: readonly BaselineColumn[];
  readonly drawn: Uint32Array;
  /** By row: the number columns it would lie outside of. */
  readonly outside: ReadonlyMap<number, readonly number[]>;
}

const outsideOf = (extremes: readonly Extremes[], isDrawn: Uint8Array) => {
  const outside = new Map<number, number[]>();
  const note = (column: number, [first, ...rest]: Extremes['highest']) => {
    const all = first ? [first, ...rest] : [];
    const limit = all.find(([, row]) => isDrawn[row] === 1)?.[0];
    for (const [value, row] of all) {
      if (value === limit) return;
      outside.set(row, [...(outside.get(row) ?? []), column]);
    }
  };
  for (const { column, highest, lowest } of extremes) {
    note(column, highest);
    note(column, lowest);
  }
  return outside;
};

/** What this draw saw once: what it says of what it did not see. */
const binsOf = (bins: Bins, counts: readonly number[]): Bins =>
  bins.kind === 'category'
    ? { ...bins, singletons: counts.slice(0, bins.values.length).filter((count) => count === 1).length }
    : bins;

/** Draws so many rows with replacement and freezes them in the bins that are there. */
export const redrawBaseline = (
  columns: readonly BaselineColumn[],
  binned: BinnedRows,
  extremes: readonly Extremes[],
  { size, random }: { readonly size: number; readonly random: RandomStream },
): RedrawnBaseline => {
  const isDrawn = new Uint8Array(binned.rows);
  const counts = emptyCounts(binned);
  const drawn = drawRows(size, binned.rows, random);
  for (const row of drawn) {
    isDrawn[row] = 1;
    countRow(binned, counts, row);
  }
  const redrawn = columnCountsOf(binned, counts, size);
  return {
    rows: size,
    drawn,
    outside: outsideOf(extremes, isDrawn),
    columns: columns.map((column, index) => {
      const own = redrawn[index] as BaselineColumn['counts'];
      return { ...column, bins: binsOf(column.bins, own.counts), counts: own };
    }),
  };
};
