import * as z from 'zod';

/**
 * A file that arrived in the drop zone: known by its key, etag and the second it was written, so that an event delivered
 * twice is one arrival, and the same content dropped again another.
 */
export const Arrival = z.object({
  model: z.string(),
  key: z.string(),
  etag: z.string(),
  sizeBytes: z.number(),
  sha256: z.string().optional(),
  /** When the object itself was written: decides which of two contents under one key is the newer. */
  modifiedAt: z.string().optional(),
  /** The second of `modifiedAt`, as far as it is part of the identity: stores tell it in unlike precision. */
  writtenSecond: z.string().optional(),
  arrivedAt: z.string(),
  /** `superseded`: newer content arrived under the same key before a batch took this one. */
  status: z.enum(['pending', 'batched', 'superseded']),
  batchId: z.string().optional(),
});
export type Arrival = z.infer<typeof Arrival>;

/** Files taken together: the input of one run. Immutable. */
export const Batch = z.object({
  model: z.string(),
  batchId: z.string(),
  closedAt: z.string(),
  arrivals: z.array(
    Arrival.pick({
      key: true,
      etag: true,
      writtenSecond: true,
      sizeBytes: true,
      sha256: true,
      arrivedAt: true,
    }),
  ),
});
export type Batch = z.infer<typeof Batch>;

/** The one door batches close through; `openBatchId` names a batch whose files are not all marked yet. */
export const BatchGate = z.object({ openBatchId: z.string().optional(), lastBatchId: z.string() });
export type BatchGate = z.infer<typeof BatchGate>;

/** The second of a moment: whole seconds are what every store tells alike. */
export const secondOf = (modifiedAt: string): string => modifiedAt.slice(0, 19);

/** Whether a recorded arrival is this very drop. Records from before seconds counted are known by their write time. */
export const isSameDrop = (
  known: Pick<Arrival, 'etag' | 'modifiedAt' | 'writtenSecond'>,
  file: Pick<Arrival, 'etag' | 'modifiedAt'>,
): boolean => {
  const knownAt = known.writtenSecond ?? known.modifiedAt;
  if (known.etag !== file.etag) return false;
  return (
    knownAt === undefined || file.modifiedAt === undefined || secondOf(knownAt) === secondOf(file.modifiedAt)
  );
};

/** Whether `other` is older content under the same key. Without write times, what arrives later is the newer. */
export const isOlderContent = (
  other: Pick<Arrival, 'modifiedAt'>,
  than: Pick<Arrival, 'modifiedAt'>,
): boolean =>
  other.modifiedAt === undefined || than.modifiedAt === undefined || other.modifiedAt <= than.modifiedAt;
