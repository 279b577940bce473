import * as z from 'zod';
import { Bins } from './bins.ts';
import { ColumnCounts, type Profile } from './profile.ts';

export const BaselineColumn = z.object({
  name: z.string(),
  of: z.enum(['feature', 'prediction', 'label']),
  bins: Bins,
  counts: ColumnCounts,
});
/** How the values of one column fell into its bins in the rows that windows are compared with. */
export type BaselineColumn = z.infer<typeof BaselineColumn>;

/** What is predicted, as columns of their own. */
export const predictedClass = 'predicted class';
export const predictedProbability = 'predicted probability';
export const predictedValue = 'predicted value';

/** What windows are compared with: a baseline, or the rows of one of its weekdays. */
export interface ComparedRows {
  readonly rows: number;
  readonly columns: readonly BaselineColumn[];
  /** Share of each feature in the sum of what permuting it costs. */
  readonly importance?: Readonly<Record<string, number>> | undefined;
  /** What lanes are divided by so that they keep their promise. @default - 1 */
  readonly widening?: { readonly dataQuality: number; readonly drift: number };
}

/** The compared rows themselves as a profile in their bins. */
export const profileOf = ({ rows, columns }: ComparedRows): Profile => ({
  rows,
  columns: columns.map(({ counts }) => counts),
});
