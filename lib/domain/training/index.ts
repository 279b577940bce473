export { type LinearModel, linearMargins } from './linear/linear-model.ts';
export { type LinearParams, type LinearTraining, trainLinear } from './linear/train-linear.ts';
export { probabilitiesOf } from './probabilities.ts';
export type {
  OnTrainingProgress,
  TrainingCurve,
  TrainingMatrix,
  TrainingTask,
} from './training-matrix.ts';
export type { BoostedTree } from './trees/boosted-tree.ts';
export { type BoostedTreesModel, boostedTreesMargins } from './trees/boosted-trees-model.ts';
export {
  type BoostedTreesParams,
  type BoostedTreesTraining,
  trainBoostedTrees,
} from './trees/train-boosted-trees.ts';
