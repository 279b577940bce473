import * as z from 'zod';
import { lanes } from '../../wire/names.ts';

const Share = z.number();

export const WindowRecord = z.object({
  model: z.string(),
  /** ISO 8601, UTC: the window itself. */
  windowStart: z.string(),
  windowEnd: z.string(),
  /** Where its rows begin: earlier than the window when shorter ones were carried into it. */
  from: z.string(),
  /** Windows looked at together, this one included. */
  windows: z.int().min(1),
  /** The champion whose answers these were. */
  version: z.int().min(1),
  rows: z.int().min(0),
  /**
   * `carried`: too few rows, they join the next window. `dropped`: too few for as long as anybody waits; the next window
   * starts anew. `no-baseline`: the version has none that can be read, so that nothing can be said.
   */
  outcome: z.enum(['judged', 'carried', 'dropped', 'empty', 'no-baseline']),
  requiredRows: z.int().min(0),
  lanes: z.array(z.object({ lane: z.enum(lanes), score: z.number(), because: z.string() })),
  /** Predictions that were made, where only a share of them was captured: rows weighted by what each stands for. */
  predictions: z.number().min(0).optional(),
  /** Largest score of the features and of what was predicted: the drift lane is the larger. */
  featureDrift: z.number().optional(),
  predictionDrift: z.number().optional(),
  /** Share of the columns that score 1 or more. */
  driftedShare: Share.optional(),
  /** Mean of the features' scores (0 where negative), weighted by permutation importance. */
  weightedDrift: z.number().optional(),
  /** The weekday (0 is Sunday) whose rows it was compared with; absent: with all. */
  weekday: z.int().min(0).max(6).optional(),
  /** What quality must be by the model's own probabilities, or errors by its error model. */
  estimated: z
    .union([
      z.object({ measure: z.string(), value: z.number(), reference: z.number(), referenceSd: z.number() }),
      z.object({ unknown: z.string() }),
    ])
    .optional(),
  /** Columns that arrived though the model does not know them, and columns of the model that came in no row. */
  appeared: z.array(z.string()).default([]),
  vanished: z.array(z.string()).default([]),
  /** Rows whose time lies more than an hour away from the hour they are filed under, for clocks that go wrong: in no count. */
  skewedRows: z.int().min(0).default(0),
  /** The columns that moved most, largest first. */
  columns: z.array(
    z.object({
      name: z.string(),
      of: z.enum(['feature', 'prediction', 'label']),
      score: z.number(),
      movedShare: Share,
      psi: z.number(),
      ks: Share.optional(),
      js: Share.optional(),
      missingShare: Share,
      missingShareBefore: Share,
      outsideShare: Share,
    }),
  ),
  /** What could not be read: never silently. */
  skippedFiles: z.array(z.string()),
  skippedFileCount: z.int().min(0),
  skippedLines: z.int().min(0),
  /** Predictions that capture delivered once more: counted once. */
  repeatedRows: z.int().min(0).default(0),
  judgedAt: z.string(),
});
/** What the monitor found in one window of one model. Judged once. */
export type WindowRecord = z.infer<typeof WindowRecord>;

/** Columns and files a record names; all of them are counted. */
export const maxRecordedColumns = 50;
export const maxRecordedFiles = 20;

/** Windows that may be carried into the next before their rows are given up. */
export const maxCarriedWindows = 7;
