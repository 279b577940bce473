import * as z from 'zod';

export const signalKinds = ['drift', 'quality', 'manual', 'new-data'] as const;

export const Signal = z.object({
  model: z.string(),
  /** The same cause has the same id, however often it is told: an alarm by its lane, version and beginning. */
  signalId: z.string(),
  kind: z.enum(signalKinds),
  /** The champion an alarm is about; absent for a person's request. */
  version: z.int().optional(),
  why: z.string(),
  by: z.string(),
  at: z.string(),
  /** The batch that waits for a run, of `new-data`. */
  batchId: z.string().optional(),
  /** The run that took the batch in together with others was refused: it gets a run without them. */
  isAlone: z.boolean().optional(),
  /** The run that answers it, or why none will. */
  answeredBy: z.string().optional(),
  answeredAt: z.string().optional(),
  /** No run answers it: what it was about is over. */
  isClosed: z.boolean().optional(),
});
/** Something asks for a new model. It is kept until a run answers it. */
export type Signal = z.infer<typeof Signal>;

export const Pause = z.object({ isPaused: z.boolean(), by: z.string(), reason: z.string(), at: z.string() });
/** Whether people have told the controller to hold still. */
export type Pause = z.infer<typeof Pause>;

export const Lease = z.object({
  model: z.string(),
  runId: z.string(),
  batchId: z.string(),
  /** Batches that waited with it, oldest first. */
  otherBatchIds: z.array(z.string()).optional(),
  specRevision: z.int(),
  trigger: z.object({ kind: z.enum(signalKinds), by: z.string(), why: z.string() }),
  at: z.string(),
});
/** The run the controller last decided on: one at a time. Whoever finds it not started starts it. */
export type Lease = z.infer<typeof Lease>;

export const Decision = z.object({
  model: z.string(),
  decision: z.enum(['retrain', 'wait', 'refuse', 'page']),
  because: z.array(z.string()),
  /** The signals it was about. */
  signals: z.array(z.string()),
  runId: z.string().optional(),
  at: z.string(),
  /** The same decision for the same reasons again and again is one record. */
  count: z.int().min(1),
  lastSeenAt: z.string(),
});
/** One decision of the controller, refusals included. */
export type Decision = z.infer<typeof Decision>;
