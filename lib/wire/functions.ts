/** What a bundle carries besides JavaScript: native libraries of one platform. */
export type NativeLibrary = 'onnxruntime' | 'duckdb';

/**
 * One folder of code that is uploaded once, however many functions run from it. Plain functions have a folder each;
 * functions with the same native libraries share one, so that 90 MB are built, hashed and uploaded once.
 */
export interface Bundle {
  readonly natives: readonly NativeLibrary[];
  /** Upper bound of the zip, held by a house test. */
  readonly maxZipMb: number;
}

const plain: Bundle = { natives: [], maxZipMb: 1 };

/** Bundles that several functions share; every other function has a plain bundle under its own name. */
export const sharedBundles = {
  data: { natives: ['duckdb'], maxZipMb: 30 },
  serving: { natives: ['onnxruntime'], maxZipMb: 30 },
  models: { natives: ['onnxruntime', 'duckdb'], maxZipMb: 60 },
} as const satisfies Record<string, Bundle>;

export interface FunctionFacts {
  /** What it does, in the words of its description in the AWS console. */
  readonly purpose: string;
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  /** @default 512, what Lambda gives for nothing */
  readonly scratchMb?: number;
  /** @default - a plain bundle of its own */
  readonly bundle?: keyof typeof sharedBundles;
}

/**
 * Every Lambda function of the stack, by its folder under lambdas/: `lambdas/<name>/entry.ts` exports `handler`. Memory
 * also buys CPU: 1,769 MB are one core. Settings may override memory and time of any of them.
 */
export const functions = {
  'receive-object': {
    purpose: 'Note what was dropped into S3',
    memoryMb: 512,
    timeoutSeconds: 60,
  },
  'close-batch': {
    purpose: 'Take the files that arrived into one batch and start its run',
    memoryMb: 1024,
    timeoutSeconds: 900,
    scratchMb: 10_240,
  },
  'prepare-dataset': {
    purpose: 'Check, quarantine, profile and split the rows',
    memoryMb: 4096,
    timeoutSeconds: 900,
    scratchMb: 10_240,
    bundle: 'data',
  },
  'plan-training': {
    purpose: 'Decide where a run trains, and stage what a training job reads',
    memoryMb: 8192,
    timeoutSeconds: 900,
    scratchMb: 10_240,
    bundle: 'models',
  },
  'train-model': {
    purpose: 'Train and write one model.onnx',
    memoryMb: 8192,
    timeoutSeconds: 900,
    scratchMb: 4096,
    bundle: 'models',
  },
  'collect-training-job': {
    purpose: 'Turn what a training job left into model.onnx',
    memoryMb: 4096,
    timeoutSeconds: 900,
    scratchMb: 10_240,
    bundle: 'models',
  },
  'adopt-model': {
    purpose: 'Examine a model trained elsewhere',
    memoryMb: 2048,
    timeoutSeconds: 300,
    scratchMb: 4096,
    bundle: 'models',
  },
  'evaluate-model': {
    purpose: 'Measure a model on held-out rows and draw its report',
    memoryMb: 4096,
    timeoutSeconds: 900,
    scratchMb: 4096,
    bundle: 'models',
  },
  'register-version': {
    purpose: 'Register an immutable version with its lineage',
    memoryMb: 512,
    timeoutSeconds: 120,
  },
  'request-approval': {
    purpose: 'Ask a person whether a version may go live',
    memoryMb: 512,
    timeoutSeconds: 60,
  },
  'check-parity': {
    purpose: 'Replay the golden rows through the serving code',
    memoryMb: 2048,
    timeoutSeconds: 300,
    bundle: 'serving',
  },
  'shift-traffic': { purpose: 'Move the pointer to the next step', memoryMb: 512, timeoutSeconds: 60 },
  'check-health': { purpose: 'Judge the step of a roll-out', memoryMb: 512, timeoutSeconds: 60 },
  'finish-run': { purpose: 'Put the outcome of a run on record', memoryMb: 512, timeoutSeconds: 60 },
  'end-run': {
    purpose: 'End the record of a run whose execution stopped without saying so',
    memoryMb: 512,
    timeoutSeconds: 60,
  },
  'watch-models': {
    purpose:
      'Take labels in, compare what was predicted with the baseline, and keep the alarms of each model',
    memoryMb: 2048,
    timeoutSeconds: 900,
    scratchMb: 10_240,
    bundle: 'data',
  },
  'decide-retraining': {
    purpose: 'Read the whole state of a model and retrain, wait, refuse or page',
    memoryMb: 512,
    timeoutSeconds: 60,
  },
  'serve-predictions': {
    purpose: 'Answer predictions of every model',
    memoryMb: 1769,
    timeoutSeconds: 30,
    bundle: 'serving',
  },
  'serve-console': {
    purpose: 'Show the evidence of an approval and take the decision',
    memoryMb: 512,
    timeoutSeconds: 30,
  },
} as const satisfies Record<string, FunctionFacts>;

export type FunctionName = keyof typeof functions;

export const functionNames = Object.keys(functions) as readonly FunctionName[];

/** The folder under dist/functions a function's code is in; its file there is `<function>.js`, its handler `handler`. */
export const bundleNameOf = (name: FunctionName): string => {
  const { bundle }: FunctionFacts = functions[name];
  return bundle ?? name;
};

export const bundleOf = (bundleName: string): Bundle =>
  Object.hasOwn(sharedBundles, bundleName) ? sharedBundles[bundleName as keyof typeof sharedBundles] : plain;
