import * as z from 'zod';

const Count = z.int().min(0);

/** What the labels of one window have told so far. Revised while labels come, and final once it is judged. */
export const RealisedWindow = z.object({
  model: z.string(),
  /** Where its rows begin: earlier than the window when shorter ones were carried into it. */
  windowStart: z.string(),
  windowEnd: z.string(),
  /** The champion of the window, whose answers are judged. */
  version: z.int().min(1),
  /** Predictions captured in the window, each once. */
  rows: Count,
  labelledRows: Count,
  /** labelledRows / rows; absent without rows. */
  coverage: z.number().optional(),
  /**
   * `waiting`: more labels are due. `judged`: there is a value, and where there is a reference, a score. `unknown`: none
   * came in the time they take (one that comes still is looked at), or too few, or there is nothing to compare with.
   */
  outcome: z.enum(['waiting', 'judged', 'unknown']),
  because: z.string(),
  /** Labels of ids made in this window that name none of what was captured of it, whichever version answered. */
  unknownLabels: Count,
  /** Predictions whose labels disagreed: the latest counts. */
  correctedLabels: Count,
  /** The 95th percentile of the time labels took, hours; absent while none came. */
  delayHours: z.number().optional(),
  /** The measure in words: `share of wrong answers`, `mean absolute error`. */
  measure: z.string(),
  value: z.number().optional(),
  reference: z.number().optional(),
  /** What was estimated for the labelled rows alone, in the same measure. */
  estimated: z.number().optional(),
  /** Whether estimates can still be believed. */
  reliability: z.enum(['reliable', 'unreliable']).optional(),
  /** 1 is the limit of the realised-quality lane. */
  score: z.number().optional(),
  /** The moment its point of the lane stands at. */
  pointAt: z.string().optional(),
  /** Where the joined rows were dropped for the next retraining. */
  trainingKey: z.string().optional(),
  trainingRows: Count.optional(),
  /** Digest of the label objects that were read, so that nothing is read again before something changed. */
  seen: z.string(),
  /** The size of these objects: while they wait, windows are read again when it grew, not with each file. */
  seenBytes: Count.optional(),
  updatedAt: z.string(),
  /** When the last word was said: nothing changes the record any more. Absent while labels may. */
  judgedAt: z.string().optional(),
});
export type RealisedWindow = z.infer<typeof RealisedWindow>;
