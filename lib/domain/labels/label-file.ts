import * as z from 'zod';

const Count = z.int().min(0);

/** A file of labels that arrived: known by its key and its content, so that one told of twice is taken once. */
export const LabelFile = z.object({
  model: z.string(),
  key: z.string(),
  etag: z.string(),
  sizeBytes: z.number(),
  modifiedAt: z.string().optional(),
  notedAt: z.string(),
  status: z.enum(['pending', 'taken']),
  takenAt: z.string().optional(),
  /** Labels in it, how many of them were taken, and how many refused with a reason. */
  rows: Count.optional(),
  taken: Count.optional(),
  refused: Count.optional(),
  /** When the oldest of the predictions was made that it names by their ids. */
  oldestAt: z.string().optional(),
  /** Why nothing of it could be read. */
  because: z.string().optional(),
});
export type LabelFile = z.infer<typeof LabelFile>;

/** Files that are being taken in together. Who goes on after a crash takes the same ones, and so writes the same objects. */
export const LabelIntake = z.object({ files: z.array(z.object({ key: z.string(), etag: z.string() })) });
export type LabelIntake = z.infer<typeof LabelIntake>;
