import * as z from 'zod';

export const DataSource = z.object({
  key: z.string(),
  sha256: z.string(),
  etag: z.string().optional(),
  sizeBytes: z.number().optional(),
  rows: z.number().optional(),
});
/** One file a dataset was made of. */
export type DataSource = z.infer<typeof DataSource>;

export const DatasetVersion = z.object({
  model: z.string(),
  /** The sha256 of the manifest. */
  datasetVersion: z.string(),
  manifestKey: z.string(),
  batchId: z.string().optional(),
  specRevision: z.int().optional(),
  sources: z.array(DataSource),
  rows: z.object({
    read: z.int(),
    kept: z.int(),
    quarantined: z.int(),
    train: z.int(),
    validation: z.int(),
    test: z.int(),
    /** The newest of the new rows; only beside a champion. */
    recent: z.int().optional(),
    /** Rows of the golden set that are in no part. */
    golden: z.int().optional(),
  }),
  profileKey: z.string().optional(),
  qualityKey: z.string().optional(),
  quarantineKey: z.string().optional(),
  createdAt: z.string(),
});
/** A content-addressed dataset. Immutable. */
export type DatasetVersion = z.infer<typeof DatasetVersion>;
