import * as z from 'zod';

/** A frozen, trusted set of rows with their truth, by which no challenger may be worse than the champion. */
export const GoldenSet = z.object({
  model: z.string(),
  /** 1, 2, 3 …: refreshing makes another, and the earlier ones stay. */
  revision: z.int().min(1),
  /** Of `rows.parquet`: raw columns and the target's columns, as a dropped file would have them. */
  key: z.string(),
  sha256: z.string(),
  rows: z.int().min(1),
  /** Share of the positive class, of each class, or the mean of the values: what is usual from here on. */
  label: z.record(z.string(), z.number()),
  from: z.object({ kind: z.enum(['file', 'test-rows']), of: z.string() }),
  by: z.string(),
  why: z.string(),
  at: z.string(),
});
export type GoldenSet = z.infer<typeof GoldenSet>;
