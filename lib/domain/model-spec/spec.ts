import * as z from 'zod';
import { ColumnName, FeatureTransform } from './feature-transform.ts';
import { ModelName } from './model-name.ts';
import { QualityRules } from './quality-rules.ts';
import { Compute, ContainerTrainer, OneMachine, Seed, XgboostTrainer } from './sagemaker-trainers.ts';

const share = (low: number, high: number) => z.number().min(low).max(high);

const Target = z.union([
  ColumnName.describe('the column to predict'),
  z.strictObject({
    sql: z
      .string()
      .min(1)
      .max(2000)
      .describe(
        'a label expression over the raw columns, e.g. "delay > 15"; used in training only, and the columns it reads are never features',
      ),
    name: ColumnName.default('target').describe('what the predicted thing is called in reports'),
  }),
]);

const ColumnOverride = z.enum(['ignore', 'number', 'boolean', 'datetime', 'category', 'text']);

const Split = z.strictObject({
  by: z
    .enum(['hash', 'time'])
    .default('hash')
    .describe(
      '"hash" of the key keeps a row in its part for ever; "time" tests on the newest rows, right when the future is what is predicted',
    ),
  validation: share(0.05, 0.4)
    .default(0.15)
    .describe('early stopping, calibration and the monitor’s baseline need their own rows'),
  test: share(0.05, 0.4).default(0.15).describe('rows no decision of training has seen'),
});

const DataWindow = z
  .strictObject({
    batches: z
      .int()
      .min(1)
      .max(1000)
      .default(12)
      .describe('the newest batches that are trained on together, the new one included'),
    days: z
      .number()
      .positive()
      .optional()
      .describe('only rows whose event time lies within this many days of the newest row'),
  })
  .describe('how much old data joins the new');

const LinearTrainer = z.strictObject({
  kind: z.literal('linear'),
  l2: z
    .number()
    .min(0)
    .default(1)
    .describe('ridge penalty on standardised features, as in 1/C of scikit-learn'),
  maxIterations: z.int().min(1).max(10_000).default(200),
  seed: Seed,
  compute: Compute,
  sagemaker: OneMachine,
});

const BoostedTreesTrainer = z.strictObject({
  kind: z.literal('boosted-trees'),
  rounds: z.int().min(1).max(5000).default(300).describe('upper bound; early stopping ends sooner'),
  learningRate: z.number().positive().max(1).default(0.1),
  maxLeaves: z.int().min(2).max(1024).default(31),
  maxDepth: z.int().min(1).max(32).default(8),
  minRowsPerLeaf: z.int().min(1).default(20),
  l2: z.number().min(0).default(1),
  maxBins: z.int().min(2).max(255).default(255),
  earlyStoppingRounds: z
    .int()
    .min(1)
    .default(20)
    .describe('stop when the validation loss has not improved for this many rounds'),
  rowShare: share(0.1, 1).default(1).describe('share of rows drawn for each tree'),
  columnShare: share(0.1, 1).default(1).describe('share of features drawn for each tree'),
  seed: Seed,
  compute: Compute,
  sagemaker: OneMachine,
});

const Gates = z
  .strictObject({
    minAuc: share(0.5, 1).optional(),
    minAccuracy: share(0, 1).optional(),
    minF1: share(0, 1).optional(),
    maxLogLoss: z.number().positive().optional(),
    maxCalibrationError: share(0, 1).optional(),
    maxRmse: z.number().positive().optional(),
    maxMae: z.number().positive().optional(),
    minR2: z.number().max(1).optional(),
    mustBeatBaseline: z
      .boolean()
      .default(true)
      .describe('a model no better than the majority class or the mean is not worth serving'),
    maxChampionLoss: z
      .number()
      .min(0)
      .default(0)
      .describe(
        'how much worse than the champion on the same test rows is tolerated, in the primary metric (AUC, log loss or RMSE relative)',
      ),
    maxGoldenLoss: share(0, 1)
      .default(0.02)
      .describe('how much worse than the champion on the golden set is tolerated, chance included'),
    minRecentGain: share(0, 1)
      .default(0.005)
      .describe('how much better than the champion on the newest rows is asked, beyond chance'),
    maxLatencyMs: z
      .number()
      .positive()
      .default(50)
      .describe('milliseconds a challenger may take for one row, without the network'),
    maxSizeMb: z.number().positive().default(100).describe('megabytes model.onnx of a challenger may have'),
    slices: z.array(ColumnName).max(20).default([]).describe('columns whose values are reported one by one'),
  })
  .describe(
    'limits a version must keep on its test rows, where they are set; beside a champion the golden set, the newest rows and the budgets as well (docs/evaluation.md)',
  );

const Approval = z.strictObject({
  policy: z
    .enum(['manual', 'automatic'])
    .default('manual')
    .describe('a person decides unless you say otherwise'),
  timeoutHours: z
    .number()
    .positive()
    .max(24 * 90)
    .default(72)
    .describe('an unanswered request is a rejection'),
});

const RollOut = z.strictObject({
  strategy: z.enum(['immediate', 'canary']).default('immediate'),
  shadowMinutes: z
    .number()
    .min(0)
    .max(60 * 24 * 7)
    .default(0)
    .describe('the challenger answers beside the champion, unseen'),
  steps: z
    .array(
      z.strictObject({
        percent: z.number().gt(0).lt(100),
        minutes: z
          .number()
          .positive()
          .max(60 * 24 * 7),
      }),
    )
    .max(10)
    .default([
      { percent: 10, minutes: 15 },
      { percent: 50, minutes: 15 },
    ])
    .describe('canary only: share of traffic and how long it is watched'),
  maxErrorShare: share(0, 1).default(0.01).describe('abort above this share of failed predictions'),
  minRequests: z
    .int()
    .min(0)
    .default(20)
    .describe('a step with fewer answered requests is unknown, and unknown never promotes'),
});

const Monitor = z.strictObject({
  windowHours: z
    .number()
    .positive()
    .max(168)
    .default(24)
    .describe('a week at most: alarms in CloudWatch look back no further'),
  minRows: z
    .int()
    .min(1)
    .default(500)
    .describe('a window with fewer rows joins the next one, up to seven times'),
  sensitiveColumns: z
    .array(ColumnName)
    .default([])
    .describe(
      'hashed before they are captured: only watched for being there, and no labelled prediction is trained on',
    ),
  omittedColumns: z
    .array(ColumnName)
    .default([])
    .describe(
      'left out of what is captured: they cannot be watched, nor trained on from labelled predictions',
    ),
  captureShare: z
    .number()
    .min(0.0001)
    .max(1)
    .default(1)
    .describe(
      'share of the predictions that is captured, drawn by their ids so that no kind of row is preferred; for heavy traffic',
    ),
  falsePageMonths: z
    .number()
    .positive()
    .max(120)
    .default(12)
    .describe(
      'a lane that would ring falsely more often than once in so many months is widened, and says so',
    ),
  trainOnLabels: z
    .boolean()
    .default(true)
    .describe('labelled predictions become rows to train on at the next retraining'),
});

const Retrain = z.strictObject({
  when: z
    .array(z.enum(['new-data', 'drift', 'quality']))
    .default(['new-data'])
    .describe(
      'what may start a run: a batch that arrives, the alarm of drift, the alarm of quality by labels; without "new-data" batches are kept for the next run',
    ),
  coolDownHours: z
    .number()
    .min(0)
    .default(24)
    .describe('no alarm starts a run sooner than this after the last retraining or promotion'),
  minNewRows: z
    .int()
    .min(1)
    .default(500)
    .describe('rows that no trained model has seen: with fewer, an alarm starts no run'),
});

const Ingestion = z.strictObject({
  quietSeconds: z
    .number()
    .min(0)
    .max(86_400)
    .default(30)
    .describe(
      'a batch is complete when nothing arrived for this long, or at once when a file named _SUCCESS arrives',
    ),
});

/** `model.json`: what a person says about a model. Three lines are enough; everything else has a default with its reason. */
export const ModelSpec = z.strictObject({
  $schema: z.string().optional().describe('for editors'),
  name: ModelName,
  description: z.string().max(2000).optional(),
  task: z.enum(['binary', 'multiclass', 'regression']),
  target: Target,
  positiveClass: z
    .string()
    .optional()
    .describe('binary: the class whose probability is reported; default the rarer one, or true'),
  key: z
    .array(ColumnName)
    .max(10)
    .default([])
    .describe('columns that identify a row; default: the whole row'),
  eventTime: ColumnName.optional().describe(
    'when the row happened; needed by a split by time, days of data and freshness',
  ),
  columns: z
    .record(ColumnName, ColumnOverride)
    .default({})
    .describe('columns to ignore or to force to a kind'),
  features: z
    .array(FeatureTransform)
    .max(500)
    .default([])
    .describe('features made from columns, inside the model'),
  ingestion: Ingestion.prefault({}),
  quality: QualityRules.prefault({}),
  split: Split.prefault({}),
  dataWindow: DataWindow.prefault({}),
  trainer: z
    .discriminatedUnion('kind', [LinearTrainer, BoostedTreesTrainer, XgboostTrainer, ContainerTrainer])
    .prefault({ kind: 'boosted-trees' }),
  gates: Gates.prefault({}),
  approval: Approval.prefault({}),
  rollOut: RollOut.prefault({}),
  monitor: Monitor.prefault({}),
  retrain: Retrain.prefault({}),
});
export type ModelSpec = z.infer<typeof ModelSpec>;
export type TrainerSpec = ModelSpec['trainer'];
/** The trainers that are our own, and run anywhere. */
export type OwnTrainerSpec = Extract<TrainerSpec, { kind: 'linear' | 'boosted-trees' }>;

/** What a trainer was told about learning: everything but which one it is, its seed and where it ran. */
export const learningParameters = ({
  kind: _kind,
  seed: _seed,
  sagemaker: _sagemaker,
  ...parameters
}: TrainerSpec) => parameters;

export const isOwnTrainer = (trainer: TrainerSpec): trainer is OwnTrainerSpec =>
  trainer.kind === 'linear' || trainer.kind === 'boosted-trees';
