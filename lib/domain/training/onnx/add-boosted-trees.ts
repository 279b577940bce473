import type { OnnxGraph } from '../../onnx/index.ts';
import type { Signature } from '../../signature/index.ts';
import type { RootedTree } from '../trees/boosted-tree.ts';
import type { BoostedTreesModel } from '../trees/boosted-trees-model.ts';
import type { XgboostModel } from '../xgboost/xgboost-model.ts';
import { addModelOutputs, type OutputTask } from './model-outputs.ts';
import { type TreeEnsemble, treeAttributes } from './tree-attributes.ts';

/** A tree that gives every row the same. */
const constantTree = (weight: number): RootedTree => ({
  features: new Int32Array(),
  thresholds: new Float32Array(),
  missingLeft: new Uint8Array(),
  lefts: new Int32Array(),
  rights: new Int32Array(),
  leafWeights: Float32Array.of(weight),
});

/**
 * XGBoost begins its float32 sum with the base score and adds tree after tree. With the base scores as the first trees
 * the runtime adds in the same order, and rounds alike: its margins are XGBoost's to the last bit.
 */
const xgboostEnsemble = ({ outputs, baseScores, trees }: XgboostModel): TreeEnsemble => ({
  outputs,
  trees: [...Array.from(baseScores, (score, output) => ({ tree: constantTree(score), output })), ...trees],
  leftWhen: 'value < threshold',
});

const ownEnsemble = ({ outputs, rounds }: BoostedTreesModel): TreeEnsemble => ({
  outputs,
  trees: rounds.flatMap((round) => round.map((tree, output) => ({ tree, output }))),
  leftWhen: 'value ≤ threshold',
});

const addSums = (graph: OnnxGraph, ensemble: TreeEnsemble, features: string): string =>
  graph.node('TreeEnsemble', [features], {
    domain: 'ai.onnx.ml',
    attributes: treeAttributes(ensemble),
  });

/**
 * Appends boosted trees, ours or those of XGBoost, to the graph that makes their features (float32 [N, F]): one TreeEnsemble
 * operator that gives margins, and core operators for the rest, as the ensemble's own transforms differ between releases.
 */
export const addBoostedTrees = (
  graph: OnnxGraph,
  model: BoostedTreesModel | XgboostModel,
  features: string,
  task: OutputTask,
): Signature['outputs'] => {
  if (model.kind === 'xgboost')
    return addModelOutputs(graph, addSums(graph, xgboostEnsemble(model), features), task);
  const sums = addSums(graph, ownEnsemble(model), features);
  const base = graph.initializer(
    graph.uniqueName('baseScores'),
    'float32',
    [model.outputs],
    model.baseScores,
  );
  return addModelOutputs(graph, graph.node('Add', [sums, base]), task);
};
