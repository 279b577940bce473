export { checkTarget } from './check-training-data.ts';
export { type LinearModel, linearMargins } from './linear/linear-model.ts';
export { type LinearParams, type LinearTraining, trainLinear } from './linear/train-linear.ts';
export { addBoostedTrees } from './onnx/add-boosted-trees.ts';
export { addLinearModel } from './onnx/add-linear-model.ts';
export type { OutputTask } from './onnx/model-outputs.ts';
export { probabilitiesOf } from './probabilities.ts';
export type {
  OnTrainingProgress,
  TrainingCurve,
  TrainingMatrix,
  TrainingTask,
} from './training-matrix.ts';
export type { BoostedTree } from './trees/boosted-tree.ts';
export { type BoostedTreesModel, boostedTreesMargins } from './trees/boosted-trees-model.ts';
export type { BoostedTreesParams, BoostedTreesTraining } from './trees/prepare-boosting.ts';
export { trainBoostedTrees } from './trees/train-boosted-trees.ts';
export {
  readXgboostModel,
  type XgboostExpectation,
  type XgboostModel,
  xgboostObjectives,
} from './xgboost/xgboost-model.ts';
