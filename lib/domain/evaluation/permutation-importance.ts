import type { ColumnTable } from '../dataset/index.ts';
import { pickRows, pickTable } from './pick-rows.ts';

export interface ColumnImportance {
  readonly column: string;
  /** By how much the primary metric gets worse, on average, when this column's values are shuffled among the rows. */
  readonly mean: number;
  /** Standard deviation over the repeats. */
  readonly sd: number;
}

export interface Importance {
  readonly metric: string;
  readonly rows: number;
  readonly repeats: number;
  /** Most important first. */
  readonly columns: readonly ColumnImportance[];
}

export interface ImportanceInput {
  readonly table: ColumnTable;
  /** The columns to try, default all; source columns of features count, so name the raw ones. */
  readonly columns?: readonly string[];
  readonly metric: string;
  readonly higherIsBetter: boolean;
  /**
   * Scores the model on a table with one column shuffled. Row i of that table is row `rows[i]` of `table`.
   * Null when the metric is not defined on these rows.
   */
  readonly score: (table: ColumnTable, rows: Uint32Array) => Promise<number | null>;
  /** Default 5. */
  readonly repeats?: number;
  /** Default 2,000: the cost is maxRows × columns × repeats predictions. */
  readonly maxRows?: number;
  /** A seeded generator of numbers in [0, 1). */
  readonly random: () => number;
}

/** The first `count` of a Fisher–Yates shuffle of 0 … size − 1: a sample without replacement. */
const shuffled = (size: number, count: number, random: () => number): Uint32Array => {
  const order = Uint32Array.from({ length: size }, (_, index) => index);
  for (let at = 0; at < count; at++) {
    const other = at + Math.floor(random() * (size - at));
    const held = order[at] as number;
    order[at] = order[other] as number;
    order[other] = held;
  }
  return order.subarray(0, count);
};

const spread = (column: string, losses: readonly number[]): ColumnImportance => {
  const mean = losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
  const squares = losses.reduce((sum, loss) => sum + (loss - mean) ** 2, 0);
  return { column, mean, sd: losses.length < 2 ? 0 : Math.sqrt(squares / (losses.length - 1)) };
};

/** Permutation importance over raw columns (Breiman 2001), on a sample of rows; null when the metric is not defined. */
export const permutationImportance = async (input: ImportanceInput): Promise<Importance | null> => {
  const { table, metric, score, random, repeats = 5, maxRows = 2000 } = input;
  const rows = shuffled(table.rows, Math.min(table.rows, maxRows), random).toSorted();
  const sample = pickTable(table, rows).columns;
  const base = await score({ rows: rows.length, columns: sample }, rows);
  if (base === null) return null;
  const columns: ColumnImportance[] = [];
  for (const name of input.columns ?? table.columns.keys()) {
    const original = sample.get(name);
    if (original === undefined) continue;
    const losses: number[] = [];
    for (let repeat = 0; repeat < repeats; repeat++) {
      const permuted = pickRows(original, shuffled(rows.length, rows.length, random));
      const value = await score({ rows: rows.length, columns: new Map(sample).set(name, permuted) }, rows);
      if (value === null) return null;
      losses.push(input.higherIsBetter ? base - value : value - base);
    }
    columns.push(spread(name, losses));
  }
  columns.sort((a, b) => b.mean - a.mean || (a.column < b.column ? -1 : 1));
  return { metric, rows: rows.length, repeats, columns };
};
