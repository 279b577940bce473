import { type BaselineColumn, binFinder, type ColumnCounts } from '../drift/index.ts';
import type { Described } from './describe-columns.ts';

/**
 * The bin of every cell of some rows, so that windows of them are counted without looking at a value again.
 *
 *     places[row·width + column]        the bin, a byte: there are at most 102 a column
 *     offsets[column]                   where the counts of a column begin among those of all; one more for the end
 */
export interface BinnedRows {
  readonly rows: number;
  readonly width: number;
  readonly places: Uint8Array;
  readonly offsets: Int32Array;
}

/** A value of the wrong kind is in no bin. */
export const noPlace = 255;

/** Bins rows column by column: each has its own finder and its own array. */
export const binRows = (described: readonly Described[], rows: number): BinnedRows => {
  const width = described.length;
  const places = new Uint8Array(rows * width);
  const offsets = new Int32Array(width + 1);
  described.forEach(({ bins, cellAt }, column) => {
    const find = binFinder(bins);
    for (let row = 0; row < rows; row += 1) {
      const place = find(cellAt(row));
      places[row * width + column] = place < 0 ? noPlace : place;
    }
    const size = bins.kind === 'number' ? bins.edges.length + 2 : bins.values.length + 2;
    offsets[column + 1] = (offsets[column] as number) + size;
  });
  return { rows, width, places, offsets };
};

export const emptyCounts = ({ offsets }: BinnedRows): Int32Array => new Int32Array(offsets.at(-1) ?? 0);

/** Adds one row to counts of all columns. */
export const countRow = ({ width, places, offsets }: BinnedRows, counts: Int32Array, row: number): void => {
  const start = row * width;
  for (let column = 0; column < width; column += 1) {
    const place = places[start + column] as number;
    if (place === noPlace) continue;
    const at = (offsets[column] as number) + place;
    counts[at] = (counts[at] as number) + 1;
  }
};

/** The counts of each column by itself. A column that was binned by its own rows holds nothing from outside. */
export const columnCountsOf = (
  { offsets, width }: BinnedRows,
  counts: Int32Array,
  rows: number,
): ColumnCounts[] =>
  Array.from({ length: width }, (_, column) => {
    const own = Array.from(counts.subarray(offsets[column], offsets[column + 1]));
    return { counts: own, outside: 0, wrong: rows - own.reduce((sum, count) => sum + count, 0) };
  });

/** All rows as columns of a baseline. */
export const countedColumns = (
  described: readonly Described[],
  binned: BinnedRows,
): readonly BaselineColumn[] => {
  const counts = emptyCounts(binned);
  for (let row = 0; row < binned.rows; row += 1) countRow(binned, counts, row);
  const columns = columnCountsOf(binned, counts, binned.rows);
  return described.map(({ name, of, bins }, index) => ({
    name,
    of,
    bins,
    counts: columns[index] as ColumnCounts,
  }));
};
