import * as z from 'zod';

export const Seed = z
  .int()
  .min(0)
  .max(2 ** 31 - 1)
  .default(7);

export const Compute = z
  .enum(['lambda', 'sagemaker', 'auto'])
  .default('auto')
  .describe(
    'where it trains in an AWS account; "auto" takes Lambda while its memory and quarter of an hour suffice. On a laptop: there',
  );

const machine = {
  instanceType: z
    .string()
    .regex(/^ml\.[a-z0-9-]+\.[a-z0-9]+$/, 'expected an instance type such as ml.m5.xlarge')
    .default('ml.m5.xlarge')
    .describe('4 processors and 16 GB by default'),
  volumeGb: z.int().min(1).max(16_384).default(30).describe('disk for the data and the model'),
  maxRuntimeSeconds: z
    .int()
    .min(60)
    .max(28 * 86_400)
    .default(4 * 3600)
    .describe('the job is stopped, and the run fails, after this long'),
  spot: z
    .boolean()
    .default(true)
    .describe('spare machines at up to 90 % less, which may be taken back: the job then goes on elsewhere'),
  maxWaitSeconds: z
    .int()
    .min(60)
    .max(28 * 86_400)
    .optional()
    .describe('spot only: runtime and waiting for a machine together; default twice maxRuntimeSeconds'),
};

const instanceCount = z.int().min(1).max(20).default(1).describe('machines that train together');

const purpose = 'the machines of a SageMaker training job; they are paid by the second and gone afterwards';

export const OneMachine = z.strictObject(machine).prefault({}).describe(purpose);
const Machines = z
  .strictObject({ ...machine, instanceCount })
  .prefault({})
  .describe(purpose);

const share = (low: number) => z.number().min(low).max(1).default(1);

/** SageMaker's built-in XGBoost. Where we have a word for a hyperparameter, ours is used; XGBoost's stands beside it. */
export const XgboostTrainer = z.strictObject({
  kind: z.literal('xgboost'),
  rounds: z.int().min(1).max(10_000).default(300).describe('num_round; early stopping ends sooner'),
  learningRate: z.number().positive().max(1).default(0.1).describe('eta'),
  maxDepth: z.int().min(1).max(32).default(6).describe('max_depth'),
  minChildWeight: z.number().min(0).default(1).describe('min_child_weight: second-order weight a leaf needs'),
  l2: z.number().min(0).default(1).describe('lambda'),
  l1: z.number().min(0).default(0).describe('alpha'),
  minSplitGain: z.number().min(0).default(0).describe('gamma: what a split must take off the loss'),
  rowShare: share(0.01).describe('subsample: share of rows drawn for each tree'),
  columnShare: share(0.01).describe('colsample_bytree: share of features drawn for each tree'),
  treeMethod: z.enum(['auto', 'hist', 'approx', 'exact']).default('hist').describe('tree_method'),
  maxBins: z.int().min(2).max(4096).default(256).describe('max_bin'),
  earlyStoppingRounds: z
    .int()
    .min(1)
    .default(20)
    .describe('early_stopping_rounds: stop when the validation loss has not improved for this many rounds'),
  seed: Seed,
  sagemaker: Machines,
});

/** What SageMaker takes. Together they must fit into what a state may hold, 256 KiB: 50,000 characters are 150 KB at most. */
const maxHyperparameters = 100;
const maxCharacters = 50_000;

const charactersOf = (given: Readonly<Record<string, string>>): number =>
  Object.entries(given).reduce((total, [name, value]) => total + name.length + value.length, 0);

/** A training container of the user's own: it is given the dataset and leaves `model.onnx`. */
export const ContainerTrainer = z.strictObject({
  kind: z.literal('container'),
  image: z
    .string()
    .regex(
      /^\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com\/[a-z0-9._/-]+(:[\w.-]+|@sha256:[0-9a-f]{64})$/,
      'expected an image in ECR with a tag or a digest',
    )
    .describe('image in ECR that obeys the contract of SageMaker training containers (docs/training.md)'),
  hyperparameters: z
    .record(z.string().min(1).max(256), z.string().max(2500))
    .refine(
      (given) => Object.keys(given).length <= maxHyperparameters,
      `expected at most ${maxHyperparameters}`,
    )
    .refine(
      (given) => charactersOf(given) <= maxCharacters,
      `expected at most ${maxCharacters} characters together`,
    )
    .default({})
    .describe('handed to the container as they are'),
  metrics: z
    .record(z.string().regex(/^.{1,40}$/), z.string().min(1).max(500))
    .refine((given) => Object.keys(given).length <= 40, 'expected at most 40')
    .default({})
    .describe('metrics SageMaker reads off the log: name and a regular expression with one group'),
  hasNetwork: z
    .boolean()
    .default(false)
    .describe('whether the container may reach the network; by default it sees its data and nothing else'),
  seed: Seed.describe('the container finds it in MILLRACE_SEED'),
  sagemaker: Machines,
});
