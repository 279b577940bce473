import * as z from 'zod';

export const ModelVersion = z.object({
  model: z.string(),
  version: z.int().min(1),
  runId: z.string(),
  task: z.enum(['binary', 'multiclass', 'regression']),
  trainer: z.string(),
  artifactSha256: z.string(),
  artifactKey: z.string(),
  signatureKey: z.string(),
  /** Everything else beside the model, by what it is: `report`, `metrics`, `baseline`, `golden`, `lineage`. */
  files: z.record(z.string(), z.string()),
  metrics: z.record(z.string(), z.number()),
  datasetVersion: z.string().optional(),
  specRevision: z.int(),
  codeVersion: z.string(),
  seed: z.int().optional(),
  createdAt: z.string(),
});
/** One registered model. Immutable: its stage is not in it but follows from the route and the verdict. */
export type ModelVersion = z.infer<typeof ModelVersion>;

export const VersionClaim = z.object({ model: z.string(), version: z.int().min(1) });
/** Which version number a run has; written once. */
export type VersionClaim = z.infer<typeof VersionClaim>;

export const VersionCounter = z.object({ last: z.int().min(0) });
export type VersionCounter = z.infer<typeof VersionCounter>;

export const Verdict = z.object({
  model: z.string(),
  version: z.int().min(1),
  status: z.enum(['approved', 'rejected', 'expired']),
  policy: z.enum(['manual', 'automatic']),
  approvalId: z.string().optional(),
  by: z.string(),
  reason: z.string(),
  at: z.string(),
});
/** The last word spoken on a version. Without one it is still waiting. */
export type Verdict = z.infer<typeof Verdict>;
