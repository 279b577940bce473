import * as z from 'zod';

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 hexadecimal digits');

export const Lineage = z.object({
  schemaVersion: z.literal(1),
  model: z.string(),
  version: z.int().min(1),
  /** What went in, file by file. */
  sources: z.array(z.object({ key: z.string(), sha256: Sha256 })).min(1),
  dataset: z.object({ version: Sha256, manifestKey: z.string() }),
  spec: z.object({ revision: z.int(), sha256: Sha256 }),
  run: z.object({
    runId: z.string(),
    trigger: z.object({ kind: z.string(), by: z.string(), why: z.string() }),
    trainer: z.string(),
    seed: z.int().optional(),
    codeVersion: z.string(),
    startedAt: z.string(),
  }),
  artifact: z.object({ key: z.string(), sha256: Sha256 }),
  /** The champion it was compared with, when there was one. */
  comparedWith: z.object({ version: z.int(), artifactSha256: Sha256 }).optional(),
});
/**
 * `lineage.json`: the way from source files to artifact, written when a version is registered and immutable like it.
 * What happens to the version afterwards (verdict, promotion) is added by `lineageTrail`.
 */
export type Lineage = z.infer<typeof Lineage>;
