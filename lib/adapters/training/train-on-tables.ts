import type { ColumnTable, Target } from '../../domain/dataset/index.ts';
import {
  addFeatureGraph,
  type FittedFeatures,
  featureSignatureInputs,
  fitFeatures,
} from '../../domain/features/index.ts';
import { isOwnTrainer, type OwnTrainerSpec, type ResolvedSpec } from '../../domain/model-spec/index.ts';
import { encodeOnnxModel, OnnxGraph } from '../../domain/onnx/index.ts';
import { buildSignature, type Signature } from '../../domain/signature/index.ts';
import {
  addBoostedTrees,
  addLinearModel,
  type BoostedTreesModel,
  checkTarget,
  type LinearModel,
  type OutputTask,
  type TrainingMatrix,
  trainBoostedTrees,
  trainLinear,
} from '../../domain/training/index.ts';
import type { TrainingProgress } from '../../ports/trainer.ts';
import { MillraceError } from '../../wire/errors.ts';
import { runFeatureGraph } from '../onnx-runtime/run-feature-graph.ts';
import { neverStopped, type StopGuard } from './stop-switch.ts';
import { trainingRecord } from './training-record.ts';

export interface TablePart {
  readonly table: ColumnTable;
  readonly target: Target;
}

export interface TrainingTables {
  readonly resolved: ResolvedSpec;
  readonly seed: number;
  readonly train: TablePart;
  /** May have no rows. */
  readonly validation: TablePart;
}

export interface TrainedModel {
  readonly onnx: Uint8Array;
  readonly signature: Signature;
  /** The content of training.json. */
  readonly record: ReturnType<typeof trainingRecord>;
}

type OnProgress = (progress: TrainingProgress) => void;

/** The matrix of a table, computed by the very graph that will serve the model. */
export const matrixOf = async (
  fitted: FittedFeatures,
  table: ColumnTable,
  guard: StopGuard = neverStopped,
): Promise<TrainingMatrix> => {
  const graph = new OnnxGraph();
  const { features, featureNames } = addFeatureGraph(graph, fitted);
  graph.output(features, 'float32', ['N', featureNames.length]);
  const model = encodeOnnxModel(graph);
  const values = await guard.native(() =>
    runFeatureGraph(model, featureSignatureInputs(fitted), table, { onBatch: guard.check }),
  );
  return { rows: table.rows, featureCount: featureNames.length, values, featureNames };
};

/** Throws TRAINER_NOT_LOCAL for a trainer that is a program of others, in a container. */
const ownTrainer = ({ spec: { trainer } }: ResolvedSpec): OwnTrainerSpec => {
  if (isOwnTrainer(trainer)) return trainer;
  throw new MillraceError(
    'TRAINER_NOT_LOCAL',
    `the trainer "${trainer.kind}" runs as a SageMaker training job, not in this process`,
    { trainer: trainer.kind },
  );
};

const trainModel = (
  { resolved, seed, train, validation }: TrainingTables,
  matrices: { readonly train: TrainingMatrix; readonly validation: TrainingMatrix },
  onProgress: OnProgress,
  guard: StopGuard,
): BoostedTreesModel | LinearModel => {
  const trainer = ownTrainer(resolved);
  const { target } = train;
  const report = (done: number, most: number) => {
    guard.check();
    onProgress({ phase: 'train', fraction: done / most, message: `round ${done} of at most ${most}` });
  };
  if (trainer.kind === 'linear')
    return trainLinear({ matrix: matrices.train, target, params: trainer, onProgress: report });
  return trainBoostedTrees({
    matrix: matrices.train,
    target,
    validation: { matrix: matrices.validation, target: validation.target },
    params: trainer,
    seed,
    onProgress: report,
  });
};

/** A model of two classes has one margin, whether the spec calls the task binary or multiclass. */
const outputTask = (model: BoostedTreesModel | LinearModel, resolved: ResolvedSpec): OutputTask => {
  const { classes = [], positiveClass } = resolved;
  if (model.task === 'regression') return { kind: 'regression' };
  if (model.task === 'multiclass') return { kind: 'multiclass', classes };
  return { kind: 'binary', classes, positiveClass: positiveClass ?? classes[1] ?? '' };
};

/**
 * Fits the features, runs their graph over the rows, trains on that matrix and appends the model to the same graph.
 * The same tables, spec and seed give the same bytes. Throws NO_FEATURES, ONE_CLASS_TARGET, TRAINING_FAILED and what
 * fitting features throws.
 */
export const trainOnTables = async (
  tables: TrainingTables,
  onProgress: OnProgress,
  guard: StopGuard = neverStopped,
): Promise<TrainedModel> => {
  const { resolved, seed, train, validation } = tables;
  ownTrainer(resolved);
  checkTarget(train.target);
  onProgress({ phase: 'features', fraction: 0 });
  guard.check();
  const fitted = fitFeatures({ table: train.table, target: train.target, resolved });
  const matrices = {
    train: await matrixOf(fitted, train.table, guard),
    validation: await matrixOf(fitted, validation.table, guard),
  };
  onProgress({ phase: 'features', fraction: 1, message: `${matrices.train.featureCount} features` });
  const model = trainModel(tables, matrices, onProgress, guard);
  const graph = new OnnxGraph();
  const features = addFeatureGraph(graph, fitted);
  const task = outputTask(model, resolved);
  const outputs =
    model.kind === 'linear'
      ? addLinearModel(graph, model, features.features, task)
      : addBoostedTrees(graph, model, features.features, task);
  const { trainer } = resolved.spec;
  const rows = { train: train.table.rows, validation: validation.table.rows };
  return {
    onnx: encodeOnnxModel(graph, { metadata: { trainer: trainer.kind } }),
    signature: buildSignature({
      resolved,
      columns: fitted.columns,
      inputs: featureSignatureInputs(fitted),
      outputs,
    }),
    record: trainingRecord({ trainer, seed, model, fitted, features, rows }),
  };
};
