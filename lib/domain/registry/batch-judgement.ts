import * as z from 'zod';
import { GateRow } from '../gates/index.ts';

/**
 * `unjudged`: taken in while there was no champion to compare with. `passed`: nothing G0 asks failed. `quarantined`: in no
 * run until a person accepts it, because G0 or a person said so. `accepted`: a person has.
 */
export const BatchState = z.enum(['unjudged', 'passed', 'quarantined', 'accepted']);
export type BatchState = z.infer<typeof BatchState>;

/** Batches of one kind are alike in size: what people drop, or what labels of captured predictions make. */
export const BatchKind = z.enum(['dropped', 'from-labels']);
export type BatchKind = z.infer<typeof BatchKind>;

export const BatchJudgement = z.object({
  model: z.string(),
  batchId: z.string(),
  kind: BatchKind,
  state: BatchState,
  /** Rows that could be trained on. */
  rows: z.int().min(0),
  /** Of these, by class; absent where values are learned. */
  labels: z.record(z.string(), z.int().min(0)).optional(),
  /** What G0 said; empty while unjudged. */
  gate: z.array(GateRow),
  /** The champion whose baseline it was compared with. */
  version: z.int().optional(),
  /** The run that looked at it first. */
  runId: z.string(),
  at: z.string(),
  acceptance: z.object({ by: z.string(), why: z.string(), at: z.string() }).optional(),
  /** A person who has put it into quarantine: what the numbers did not tell. */
  objection: z.object({ by: z.string(), why: z.string(), at: z.string() }).optional(),
});
/** What became of a batch when its rows were first looked at. It is judged once: what was usual then is what it is held to. */
export type BatchJudgement = z.infer<typeof BatchJudgement>;
