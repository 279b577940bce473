import * as z from 'zod';
import { type Bins, binCount, binFinder, type Cell, isOutside } from './bins.ts';

const Count = z.int().min(0);

export const ColumnCounts = z.object({
  /** Rows in each bin; what was of the wrong kind is in none. */
  counts: z.array(Count),
  /** Of these, values outside of what the baseline knows. */
  outside: Count,
  /** Values no bin can hold: text where numbers belong. */
  wrong: Count,
});
export type ColumnCounts = z.infer<typeof ColumnCounts>;

/** Integer counts of some rows in fixed bins, one entry for each column of the baseline: adding is exact, in any order. */
export interface Profile {
  readonly rows: number;
  readonly columns: readonly ColumnCounts[];
}

export const emptyProfile = (bins: readonly Bins[]): Profile => ({
  rows: 0,
  columns: bins.map((one) => ({ counts: new Array<number>(binCount(one)).fill(0), outside: 0, wrong: 0 })),
});

/** The profile of two sets of rows together. Both must be in the same bins. */
export const mergeProfiles = (a: Profile, b: Profile): Profile => ({
  rows: a.rows + b.rows,
  columns: a.columns.map((column, index) => {
    const other = b.columns[index];
    if (other === undefined || other.counts.length !== column.counts.length)
      throw new RangeError(`profiles in different bins cannot be added: column ${index}`);
    return {
      counts: column.counts.map((count, place) => count + (other.counts[place] as number)),
      outside: column.outside + other.outside,
      wrong: column.wrong + other.wrong,
    };
  }),
});

/** Counts rows one by one. Its memory does not grow with them. */
export const profileBuilder = (bins: readonly Bins[]) => {
  const places = bins.map(binFinder);
  const columns = bins.map((one) => ({
    counts: new Array<number>(binCount(one)).fill(0),
    outside: 0,
    wrong: 0,
  }));
  let rows = 0;
  return {
    /** Takes one row: its cell in the column of the given index. */
    add: (cellOf: (index: number) => Cell): void => {
      rows += 1;
      columns.forEach((column, index) => {
        const cell = cellOf(index);
        const place = (places[index] as (cell: Cell) => number)(cell);
        if (place < 0) {
          column.wrong += 1;
          return;
        }
        column.counts[place] = (column.counts[place] as number) + 1;
        if (isOutside(bins[index] as Bins, cell, place)) column.outside += 1;
      });
    },
    profile: (): Profile => ({ rows, columns }),
  };
};

/** Rows with no value in a column. */
export const missingOf = ({ counts }: ColumnCounts): number => counts.at(-1) ?? 0;
