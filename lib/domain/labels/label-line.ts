import * as z from 'zod';
import { Json } from '../registry/index.ts';

/**
 * One line of what is under `labelled/`: the truth about one prediction, as it was taken in. It names the prediction by
 * its id, or the row by the values of the model's key columns.
 */
export const LabelLine = z
  .strictObject({
    predictionId: z.string().min(1).max(64).optional(),
    key: z.record(z.string(), Json).optional(),
    /** A class, or the value of a regression. */
    label: z.union([z.string(), z.number()]),
    /** The raw columns the label was told in, as they came: what a joined row is trained on. */
    truth: z.record(z.string(), Json),
    /** When it became known, ISO 8601 UTC: of two labels of one row the later one counts. */
    at: z.iso.datetime(),
    /** When it came here. */
    receivedAt: z.iso.datetime(),
    /** The object it came in and its row there, from 1: the last word between labels of one moment. */
    source: z.string(),
    row: z.int().min(1),
  })
  .refine(({ predictionId, key }) => (predictionId === undefined) !== (key === undefined), {
    error: 'expected a predictionId or a key, and not both',
  });
export type LabelLine = z.infer<typeof LabelLine>;
