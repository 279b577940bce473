import * as z from 'zod';
import { CalibrationMap } from './calibration.ts';

const Count = z.int().min(0);

/** What quality was over windows of the reference rows, or why that is not known. */
export const Reference = z.union([
  z.object({ mean: z.number(), sd: z.number(), windows: z.int().min(1) }),
  z.object({ unknown: z.string() }),
]);

const Moments = z.object({ rows: Count, mean: z.number(), variance: z.number() });

/** Of a classifier. */
export const ClassQuality = z.object({
  kind: z.literal('classes'),
  classes: z.array(z.string()),
  /** Binary only: whose probability `maps[0]` calibrates. */
  positiveClass: z.string().optional(),
  /** Binary: one map, of the positive class. Multiclass: one a class. Or why there is none. */
  maps: z.union([z.array(CalibrationMap).min(1), z.object({ unknown: z.string() })]),
  /** Estimated accuracy over windows of `windowRows` of the validation rows. */
  estimated: Reference,
  windowRows: Count,
  /** Wrong answers among the validation rows. */
  realised: z.object({ rows: Count, errors: Count }),
});
export type ClassQuality = z.infer<typeof ClassQuality>;

/** One tree of the error model over bin numbers: a row goes left where its bin is at most `atMost`. */
export const ErrorTree = z.object({
  /** Of each node: the column of the baseline it looks at; −1 in a leaf. */
  column: z.array(z.int()),
  atMost: z.array(z.int()),
  left: z.array(z.int()),
  right: z.array(z.int()),
  /** What a leaf adds to the estimate; 0 elsewhere. */
  value: z.array(z.number()),
});

export type ErrorTree = z.infer<typeof ErrorTree>;

/** Of a regression: a second model, of |y − f|, over the bins of the baseline's columns. */
export const ValueQuality = z.object({
  kind: z.literal('values'),
  errorModel: z.union([
    z.object({ start: z.number(), trees: z.array(ErrorTree) }),
    z.object({ unknown: z.string() }),
  ]),
  /** Estimated mean absolute error over windows of `windowRows` of the validation rows. */
  estimated: Reference,
  windowRows: Count,
  /** |y − f| of the validation rows. */
  realised: Moments,
});
export type ValueQuality = z.infer<typeof ValueQuality>;

/** What the quality lanes compare with, frozen with the version. */
export const QualityBaseline = z.discriminatedUnion('kind', [ClassQuality, ValueQuality]);
export type QualityBaseline = z.infer<typeof QualityBaseline>;
