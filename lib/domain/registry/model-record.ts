import * as z from 'zod';
import { ModelSpec } from '../model-spec/index.ts';

export const ModelRecord = z.object({
  model: z.string(),
  task: z.enum(['binary', 'multiclass', 'regression']),
  description: z.string().optional(),
  specRevision: z.int(),
  createdAt: z.string(),
  changedAt: z.string(),
});
/** A model as listings show it. */
export type ModelRecord = z.infer<typeof ModelRecord>;

export const SpecRevision = z.object({
  model: z.string(),
  revision: z.int(),
  /** Of the canonical JSON: the same content is the same revision. */
  sha256: z.string(),
  spec: ModelSpec,
  appliedAt: z.string(),
  by: z.string(),
});
/** One state of model.json, kept for ever. */
export type SpecRevision = z.infer<typeof SpecRevision>;

export const SpecPointer = SpecRevision.pick({ revision: true, sha256: true });
export type SpecPointer = z.infer<typeof SpecPointer>;
