import { seededRandom } from '../../random/index.ts';
import { checkTrainingData } from '../check-training-data.ts';
import type { BoostedTree } from './boosted-tree.ts';
import type { BoostedTreesModel } from './boosted-trees-model.ts';
import { addGrownLeaves, addTree } from './boosting-state.ts';
import { type Sample, sampler } from './draw-sample.ts';
import { type EarlyStopping, earlyStopping } from './early-stopping.ts';
import { growTree } from './grow-tree.ts';
import { type BoostedTreesTraining, type Boosting, prepareBoosting } from './prepare-boosting.ts';

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
  const boosting = prepareBoosting(training);
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
