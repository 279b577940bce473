import * as z from 'zod';
import { lanes } from '../../wire/names.ts';
import { BaselineColumn, ColumnCounts } from '../drift/index.ts';
import { QualityBaseline } from '../quality/index.ts';

const Count = z.int().min(0);

/** How often a lane would ring though nothing has changed, by simulation on the model's own validation rows. */
export const LanePromise = z.object({
  lane: z.enum(lanes),
  /** Simulated windows, and of these the share that breached, before widening. */
  windows: Count,
  breachShare: z.number(),
  /** Months of this model's windows between two false pages, after widening; absent where none was seen in all windows. */
  monthsBetweenFalsePages: z.number().optional(),
  /** What scores of the lane are divided by: 1 where the promise is kept as it is. */
  widenedBy: z.number().min(1),
  because: z.string(),
});
export type LanePromise = z.infer<typeof LanePromise>;

export const Baseline = z.object({
  schemaVersion: z.literal(2),
  model: z.string(),
  datasetVersion: z.string(),
  /** Rows of the validation part: what training did not learn from. */
  rows: Count,
  /** The raw columns of the signature in its order, then what was predicted: what windows are compared in. */
  columns: z.array(BaselineColumn),
  /** What was true of these rows: the label prior of a classifier, the values of a regression. */
  label: BaselineColumn,
  /** Share of each feature in the sum of what permuting it costs; absent where that was not measured. */
  importance: z.record(z.string(), z.number()).optional(),
  /** By weekday of UTC (0 is Sunday), in the bins above; only where weekdays differ from the whole (score 1 or more). */
  weekdays: z
    .array(z.object({ weekday: z.int().min(0).max(6), rows: Count, columns: z.array(ColumnCounts) }))
    .optional(),
  /** Absent in baselines of an earlier schema: the quality lanes are unknown then. */
  quality: QualityBaseline.optional(),
  promises: z.array(LanePromise).default([]),
});
/** `baseline.json`: what traffic and quality look like while nothing has changed. Frozen with its version. */
export type Baseline = z.infer<typeof Baseline>;

/** Schema 1 knew counts and labels only. */
const Baseline1 = Baseline.pick({
  model: true,
  datasetVersion: true,
  rows: true,
  columns: true,
  label: true,
}).extend({ schemaVersion: z.literal(1) });

/** Reads `baseline.json` of this schema or the one before; `undefined` for anything else. */
export const readBaseline = (document: unknown): Baseline | undefined => {
  const old = Baseline1.safeParse(document).data;
  return old ? { ...old, schemaVersion: 2, promises: [] } : Baseline.safeParse(document).data;
};
