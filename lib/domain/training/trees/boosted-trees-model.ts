import type { TrainingCurve, TrainingMatrix, TrainingTask } from '../training-matrix.ts';
import { type BoostedTree, leafOfRow } from './boosted-tree.ts';

/** Trees whose leaf weights add up to margins: log odds of the second class, one log weight a class, or the value itself. */
export interface BoostedTreesModel {
  readonly kind: 'boosted-trees';
  readonly task: TrainingTask;
  readonly featureNames: readonly string[];
  /** 1 for binary and regression, the number of classes for multiclass. */
  readonly outputs: number;
  /** By output, added after the trees. */
  readonly baseScores: Float32Array;
  /** `rounds[round][output]`; only the rounds up to the best one. */
  readonly rounds: readonly (readonly BoostedTree[])[];
  /** The number of rounds kept; 0: no tree made the loss smaller than the constant did. */
  readonly bestRound: number;
  readonly curve: TrainingCurve;
  /** By feature, the loss taken away by all splits on it in the kept rounds, summed over training rows. */
  readonly importanceByGain: Float64Array;
  readonly warnings: readonly string[];
}

/**
 * Margins of each row, row-major: `margins[row * outputs + output]`. Adds up in float32 in the order of the rounds and
 * then the base score, as ONNX Runtime does, so that both agree to the last bit or nearly.
 */
export const boostedTreesMargins = (model: BoostedTreesModel, matrix: TrainingMatrix): Float64Array => {
  const { outputs, rounds, baseScores } = model;
  const margins = new Float64Array(matrix.rows * outputs);
  for (let row = 0; row < matrix.rows; row += 1) {
    for (let output = 0; output < outputs; output += 1) {
      let sum = 0;
      for (const trees of rounds) {
        const tree = trees[output] as BoostedTree;
        const leaf = leafOfRow(tree, matrix.values, row * matrix.featureCount);
        sum = Math.fround(sum + (tree.leafWeights[leaf] as number));
      }
      margins[row * outputs + output] = Math.fround(sum + (baseScores[output] as number));
    }
  }
  return margins;
};
