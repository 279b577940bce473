import * as z from 'zod';

export const ColumnName = z.string().min(1).max(200);

const named = { name: ColumnName.describe('the name of the feature made') };
const from = { column: ColumnName.describe('the raw column it is made from') };

export const dateParts = [
  'year',
  'month',
  'dayOfMonth',
  'dayOfWeek',
  'dayOfYear',
  'hour',
  'minuteOfDay',
] as const;

const DatePart = z
  .strictObject({ ...named, transform: z.enum(dateParts), ...from })
  .describe('a part of a datetime, UTC; dayOfWeek: Monday is 1');
const Log = z
  .strictObject({ ...named, transform: z.literal('log'), ...from })
  .describe('log(1 + x) for x ≥ 0, missing below');
const Ratio = z
  .strictObject({ ...named, transform: z.literal('ratio'), numerator: ColumnName, denominator: ColumnName })
  .describe('numerator / denominator, missing where the denominator is 0');
const Clip = z.strictObject({
  ...named,
  transform: z.literal('clip'),
  ...from,
  min: z.number().optional(),
  max: z.number().optional(),
});
const Bucket = z
  .strictObject({
    ...named,
    transform: z.literal('bucket'),
    ...from,
    edges: z.array(z.number()).min(1).max(100),
  })
  .describe('the number of edges ≤ x, edges ascending');
const TextLength = z
  .strictObject({ ...named, transform: z.literal('textLength'), ...from })
  .describe('characters (Unicode code points)');
const WordCount = z
  .strictObject({ ...named, transform: z.literal('wordCount'), ...from })
  .describe('words, split by white space');

/** Feature transforms by name. Each lives in the feature graph, so training and serving cannot differ. */
export const FeatureTransform = z.discriminatedUnion('transform', [
  DatePart,
  Log,
  Ratio,
  Clip,
  Bucket,
  TextLength,
  WordCount,
]);
export type FeatureTransform = z.infer<typeof FeatureTransform>;

/** The raw columns a transform reads: one, or two for a ratio. */
export const columnsOfTransform = (transform: FeatureTransform): readonly string[] =>
  transform.transform === 'ratio' ? [transform.numerator, transform.denominator] : [transform.column];
