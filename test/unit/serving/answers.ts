import * as z from 'zod';

/** What the plain routes say, so that tests read answers instead of guessing at them. */
export const Predicted = z.strictObject({
  model: z.string(),
  version: z.int(),
  predictions: z.array(z.looseObject({ predictionId: z.string() })),
});
export const Refused = z.strictObject({
  error: z.strictObject({ code: z.string(), message: z.string(), issues: z.unknown().optional() }),
});
export const Inferred = z.looseObject({
  outputs: z.array(z.looseObject({ name: z.string(), data: z.array(z.unknown()) })),
});
export const InferenceRefused = z.strictObject({ error: z.string() });

export const read = async <Schema extends z.ZodType>(response: Response, schema: Schema) =>
  schema.parse(await response.json());
