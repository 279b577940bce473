import type { OnnxGraph } from '../../onnx/index.ts';
import type { Signature } from '../../signature/index.ts';
import type { BoostedTreesModel } from '../trees/boosted-trees-model.ts';
import type { XgboostModel } from '../xgboost/xgboost-model.ts';
import { addModelOutputs, type OutputTask } from './model-outputs.ts';
import { type TreeEnsemble, treeAttributes } from './tree-attributes.ts';

const ensembleOf = (model: BoostedTreesModel | XgboostModel): TreeEnsemble => {
  const { outputs } = model;
  if (model.kind === 'xgboost') return { outputs, trees: model.trees, leftWhen: 'value < threshold' };
  const trees = model.rounds.flatMap((round) => round.map((tree, output) => ({ tree, output })));
  return { outputs, trees, leftWhen: 'value ≤ threshold' };
};

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
  const sums = graph.node('TreeEnsemble', [features], {
    domain: 'ai.onnx.ml',
    attributes: treeAttributes(ensembleOf(model)),
  });
  const base = graph.initializer(
    graph.uniqueName('baseScores'),
    'float32',
    [model.outputs],
    model.baseScores,
  );
  return addModelOutputs(graph, graph.node('Add', [sums, base]), task);
};
