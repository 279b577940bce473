import * as z from 'zod';
import { Json } from './json.ts';

export const AuditEntry = z.object({
  id: z.string(),
  at: z.string(),
  model: z.string(),
  /** What was done, as a participle: `promoted`, `rolled-back`, `approval-decided`, `retrain-refused`. */
  action: z.string(),
  by: z.string(),
  why: z.string(),
  version: z.int().optional(),
  runId: z.string().optional(),
  details: z.record(z.string(), Json).optional(),
});
/** One decision: who, when, what and why. Appended, never changed. */
export type AuditEntry = z.infer<typeof AuditEntry>;
