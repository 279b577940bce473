import type { Target } from '../../dataset/index.ts';
import type { TrainerSpec } from '../../model-spec/index.ts';
import { seededRandom } from '../../random/index.ts';
import { checkTrainingData } from '../check-training-data.ts';
import type { OnTrainingProgress, TrainingMatrix } from '../training-matrix.ts';
import type { BoostedTree } from './boosted-tree.ts';
import type { BoostedTreesModel } from './boosted-trees-model.ts';
import { addGrownLeaves, addTree, type MarginedRows, rowsAtBase } from './boosting-state.ts';
import { type Sample, sampler } from './draw-sample.ts';
import { type EarlyStopping, earlyStopping } from './early-stopping.ts';
import { binColumns, type FeatureBins, fitFeatureBins } from './feature-bins.ts';
import { type Growth, growTree } from './grow-tree.ts';
import { histogramOffsets } from './histogram.ts';
import { histogramPool } from './histogram-pool.ts';
import type { Objective } from './objective.ts';
import { objectiveFor } from './objective-for.ts';

export type BoostedTreesParams = Omit<
  Extract<TrainerSpec, { kind: 'boosted-trees' }>,
  'kind' | 'seed' | 'compute'
>;

export interface BoostedTreesTraining {
  readonly matrix: TrainingMatrix;
  readonly target: Target;
  /** Rows that decide when to stop. @default - none: every round is kept */
  readonly validation?: { readonly matrix: TrainingMatrix; readonly target: Target } | undefined;
  readonly params: BoostedTreesParams;
  /** Matters only when rows or columns are sampled. */
  readonly seed: number;
  readonly onProgress?: OnTrainingProgress | undefined;
}

/** For histograms that wait for their leaf to be split: 31 leaves × 100 features × 256 bins take 19 MB. */
const histogramBudgetBytes = 512 * 2 ** 20;

interface Boosting {
  readonly objective: Objective;
  readonly params: BoostedTreesParams;
  readonly train: MarginedRows;
  readonly validation: MarginedRows | undefined;
  readonly gradients: Float64Array;
  readonly hessians: Float64Array;
  /** Rows in the order the tree being grown puts them. */
  readonly rowIndices: Int32Array;
  /** By output. */
  readonly growths: readonly Omit<Growth, 'features'>[];
}

const growthsOf = (
  bins: FeatureBins,
  columns: readonly Uint8Array[],
  params: BoostedTreesParams,
  derivatives: { readonly gradients: Float64Array; readonly hessians: Float64Array; readonly rows: number },
): Omit<Growth, 'features'>[] => {
  const { gradients, hessians, rows } = derivatives;
  const offsets = histogramOffsets(bins.thresholds);
  const length = offsets.at(-1) ?? 0;
  const shared = {
    rules: params,
    thresholds: bins.thresholds,
    pool: histogramPool(length, histogramBudgetBytes),
    scratchHistogram: new Float64Array(length),
    scratchRows: new Int32Array(rows),
  };
  const gathered = { gatheredGradients: new Float64Array(rows), gatheredHessians: new Float64Array(rows) };
  return Array.from({ length: gradients.length / rows }, (_, output) => ({
    ...shared,
    source: {
      columns,
      offsets,
      gradients: gradients.subarray(output * rows, (output + 1) * rows),
      hessians: hessians.subarray(output * rows, (output + 1) * rows),
      ...gathered,
    },
  }));
};

const prepare = ({ matrix, target, validation, params }: BoostedTreesTraining): Boosting => {
  const objective = objectiveFor(target);
  const bins = fitFeatureBins(matrix, params.maxBins);
  const columns = binColumns(matrix, bins);
  const { rows } = matrix;
  const gradients = new Float64Array(rows * objective.outputs);
  const hessians = new Float64Array(rows * objective.outputs);
  const validationRows = validation?.matrix.rows ?? 0;
  return {
    objective,
    params,
    train: rowsAtBase(columns, rows, target, objective),
    validation:
      validation === undefined || validationRows === 0
        ? undefined
        : rowsAtBase(binColumns(validation.matrix, bins), validationRows, validation.target, objective),
    gradients,
    hessians,
    rowIndices: new Int32Array(rows),
    growths: growthsOf(bins, columns, params, { gradients, hessians, rows }),
  };
};

/** Grows the trees of one round, one an output, and moves all margins by them. */
const boostOnce = (boosting: Boosting, sample: Sample): BoostedTree[] => {
  const { objective, train, validation, gradients, hessians, rowIndices, growths } = boosting;
  objective.fillGradients(train.margins, gradients, hessians);
  return growths.map((growth, output) => {
    rowIndices.set(sample.rows);
    const counted = { rowIndices, begin: 0, end: sample.count };
    const { tree, leaves } = growTree({ ...growth, features: sample.features }, counted);
    addGrownLeaves(train, output, leaves);
    if (sample.count < train.rows) addTree(train, output, tree, sample.rows.subarray(sample.count));
    if (validation !== undefined) addTree(validation, output, tree);
    return tree;
  });
};

const recordLosses = (boosting: Boosting, progress: EarlyStopping): boolean => {
  const { objective, train, validation } = boosting;
  return progress.record(
    objective.trainLoss(train.margins),
    validation && objective.meanLoss(validation.margins, validation.target),
  );
};

const boost = (
  boosting: Boosting,
  progress: EarlyStopping,
  training: BoostedTreesTraining,
): BoostedTree[][] => {
  const { params, matrix, seed, onProgress } = training;
  const draw = sampler(seededRandom(seed), matrix.rows, matrix.featureCount, params);
  const isSampled = params.rowShare < 1 || params.columnShare < 1;
  const rounds: BoostedTree[][] = [];
  recordLosses(boosting, progress);
  while (rounds.length < params.rounds) {
    const trees = boostOnce(boosting, draw());
    // Without sampling the next round would see the same gradients and find no split again.
    if (!isSampled && trees.every((tree) => tree.features.length === 0)) break;
    rounds.push(trees);
    const isOver = recordLosses(boosting, progress);
    onProgress?.(rounds.length, params.rounds);
    if (isOver) break;
  }
  return rounds.slice(0, progress.bestRound);
};

const importanceOf = (rounds: readonly (readonly BoostedTree[])[], featureCount: number): Float64Array => {
  const importance = new Float64Array(featureCount);
  for (const tree of rounds.flat())
    for (const [node, feature] of tree.features.entries())
      (importance[feature] as number) += tree.gains[node] as number;
  return importance;
};

/**
 * Gradient-boosted trees over histograms of quantile bins, grown leaf by leaf with second-order gains; missing values
 * learn a direction at each split. Deterministic: the same matrix, parameters and seed give the same trees, and
 * without row sampling the order of the training rows does not matter either. Friedman, Greedy function approximation
 * (2001); Chen and Guestrin, XGBoost (2016); Ke and others, LightGBM (2017).
 *
 * Throws NO_FEATURES, ONE_CLASS_TARGET, TRAINING_FAILED.
 */
export const trainBoostedTrees = (training: BoostedTreesTraining): BoostedTreesModel => {
  const { matrix, target, params } = training;
  checkTrainingData(matrix, target);
  const boosting = prepare(training);
  const progress = earlyStopping(params.earlyStoppingRounds);
  const rounds = boost(boosting, progress, training);
  const { task, loss, outputs, baseScores } = boosting.objective;
  return {
    kind: 'boosted-trees',
    task,
    featureNames: matrix.featureNames,
    outputs,
    baseScores,
    rounds,
    bestRound: rounds.length,
    curve: { loss, train: progress.train, validation: progress.validation },
    importanceByGain: importanceOf(rounds, matrix.featureCount),
    warnings: rounds.length === 0 ? ['no tree lowered the loss: the model is a constant'] : [],
  };
};
