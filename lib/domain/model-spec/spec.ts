import * as z from 'zod';

/** Lower-case letters, digits and single hyphens, 1–63 characters, starting with a letter: safe in keys, URLs and ARNs. */
export const ModelName = z
  .string()
  .max(63)
  .regex(/^[a-z](?:-?[a-z0-9])*$/, 'use lower-case letters, digits and single hyphens, starting with a letter');

const ColumnName = z.string().min(1).max(200);
const Share = z.number().min(0).max(1);

const Target = z.union([
  ColumnName.describe('the column to predict'),
  z.strictObject({
    sql: z.string().min(1).max(2000).describe('a label expression over the raw columns, e.g. "delay > 15"; used in training only'),
    name: ColumnName.default('target').describe('what the predicted thing is called in reports'),
  }),
]);

const ForcedColumn = z.union([
  z.literal('ignore').describe('never used as a feature'),
  z.enum(['number', 'boolean', 'datetime', 'category', 'text']).describe('read the column as this kind whatever it looks like'),
]);

const named = { name: ColumnName.describe('the name of the feature made') };
const from = { column: ColumnName.describe('the raw column it is made from') };
const datePart = (part: string) => z.strictObject({ ...named, transform: z.literal(part), ...from });

/** Feature transforms by name. Each lives in the feature graph, so training and serving cannot differ. */
export const FeatureTransform = z.discriminatedUnion('transform', [
  ...(['year', 'month', 'dayOfMonth', 'dayOfWeek', 'dayOfYear', 'hour', 'minuteOfDay'] as const).map((part) => datePart(part)),
  z.strictObject({ ...named, transform: z.literal('log'), ...from }).describe('log(1 + x) for x ≥ 0, missing below'),
  z.strictObject({ ...named, transform: z.literal('ratio'), numerator: ColumnName, denominator: ColumnName }).describe('missing where the denominator is 0'),
  z.strictObject({ ...named, transform: z.literal('clip'), ...from, min: z.number().optional(), max: z.number().optional() }),
  z.strictObject({ ...named, transform: z.literal('bucket'), ...from, edges: z.array(z.number()).min(1).max(100) }).describe('index of the bucket: number of edges ≤ x'),
  z.strictObject({ ...named, transform: z.literal('textLength'), ...from }).describe('characters'),
  z.strictObject({ ...named, transform: z.literal('wordCount'), ...from }).describe('words split by white space'),
]);
