import * as z from 'zod';
import { MillraceError } from '../../wire/errors.ts';
import { ChallengerVerdict, GateResult, Verdict } from '../gates/index.ts';

const Metrics = z.record(z.string(), z.number().nullable());
const Count = z.int().min(0);

const ClassMetrics = z.strictObject({
  class: z.string(),
  rows: Count,
  answered: Count,
  precision: z.number().nullable(),
  recall: z.number().nullable(),
  f1: z.number().nullable(),
  auc: z.number().nullable(),
});

const Curves = z.strictObject({
  roc: z.array(z.strictObject({ x: z.number(), y: z.number() })).default([]),
  precisionRecall: z.array(z.strictObject({ x: z.number(), y: z.number() })).default([]),
  calibration: z
    .array(
      z.strictObject({
        rows: Count,
        meanProbability: z.number(),
        observedShare: z.number(),
        low: z.number(),
        high: z.number(),
      }),
    )
    .default([]),
  residuals: z.array(z.strictObject({ truth: z.number(), predicted: z.number() })).default([]),
});

const Slice = z.strictObject({
  column: z.string(),
  values: z.array(
    z.strictObject({
      kind: z.enum(['value', 'missing', 'other']),
      value: z.string(),
      rows: Count,
      metrics: Metrics.nullable(),
      because: z.string().optional(),
    }),
  ),
  because: z.string().optional(),
});

const Importance = z.strictObject({
  metric: z.string(),
  rows: Count,
  repeats: Count,
  columns: z.array(z.strictObject({ column: z.string(), mean: z.number(), sd: z.number() })),
});

const Advantage = z.union([
  z.strictObject({ measure: z.string(), value: z.number(), low: z.number(), high: z.number() }),
  z.strictObject({ because: z.string() }),
]);

/** What happened to the rows on the way to the test; dates are ISO 8601. */
const EvaluationData = z.strictObject({
  datasetVersion: z.string().optional(),
  rowsIn: Count.optional(),
  rowsKept: Count.optional(),
  rowsQuarantined: Count.optional(),
  trainRows: Count.optional(),
  validationRows: Count.optional(),
  testRows: Count.optional(),
  from: z.string().optional(),
  to: z.string().optional(),
});
export type EvaluationData = z.infer<typeof EvaluationData>;

/** `metrics.json`: all that was measured about one model version, and what the gates make of it. */
export const EvaluationDocument = z.strictObject({
  schemaVersion: z.literal(1),
  task: z.enum(['binary', 'multiclass', 'regression']),
  rows: z.int().min(1),
  classes: z.array(z.string()).default([]),
  positiveClass: z.string().optional(),
  primary: z.strictObject({
    name: z.enum(['auc', 'logLoss', 'rmse']),
    title: z.string(),
    value: z.number().nullable(),
    higherIsBetter: z.boolean(),
  }),
  metrics: Metrics,
  unknown: z.record(z.string(), z.string()).describe('metric → why it is null'),
  perClass: z.array(ClassMetrics),
  confusion: z
    .strictObject({ classes: z.array(z.string()), counts: z.array(z.array(Count)) })
    .nullable()
    .describe('counts[truth][answer]'),
  curves: Curves,
  slices: z.array(Slice),
  importance: Importance.nullable(),
  baseline: z.strictObject({ name: z.string(), metrics: Metrics, advantage: Advantage }),
  champion: z
    .strictObject({
      version: z.int().min(1),
      metrics: Metrics.nullable(),
      because: z.string().optional(),
    })
    .optional(),
  gates: z.array(GateResult),
  /** G0 to G3 against the champion; absent where nothing serves yet. */
  challenger: ChallengerVerdict.optional(),
  verdict: Verdict,
  data: EvaluationData,
});
export type Evaluation = z.infer<typeof EvaluationDocument>;

/** Reads metrics.json; throws EVALUATION_INVALID with the path inside it. */
export const parseEvaluation = (document: unknown): Evaluation => {
  const parsed = EvaluationDocument.safeParse(document);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = issue?.path.join('.') || '(root)';
  throw new MillraceError('EVALUATION_INVALID', `metrics.json at ${path}: ${issue?.message ?? 'invalid'}`, {
    path,
  });
};
