import type { OnnxGraph } from '../../onnx/index.ts';
import type { Signature } from '../../signature/index.ts';
import type { BoostedTreesModel } from '../trees/boosted-trees-model.ts';
import { addModelOutputs, type OutputTask } from './model-outputs.ts';
import { treeAttributes } from './tree-attributes.ts';

/**
 * Appends boosted trees to the graph that makes their features (float32 [N, F]): one TreeEnsemble operator that gives
 * margins, and core operators for the rest, as the ensemble's own transforms differ between releases.
 */
export const addBoostedTrees = (
  graph: OnnxGraph,
  model: BoostedTreesModel,
  features: string,
  task: OutputTask,
): Signature['outputs'] => {
  const sums = graph.node('TreeEnsemble', [features], {
    domain: 'ai.onnx.ml',
    attributes: treeAttributes(model),
  });
  const base = graph.initializer(
    graph.uniqueName('baseScores'),
    'float32',
    [model.outputs],
    model.baseScores,
  );
  return addModelOutputs(graph, graph.node('Add', [sums, base]), task);
};
