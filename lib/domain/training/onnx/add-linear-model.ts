import type { OnnxGraph } from '../../onnx/index.ts';
import type { Signature } from '../../signature/index.ts';
import type { LinearModel } from '../linear/linear-model.ts';
import { addModelOutputs, type OutputTask } from './model-outputs.ts';

/** Coefficients as [features, outputs], which MatMul wants. */
const transposed = ({ coefficients, outputs, featureNames }: LinearModel): Float64Array => {
  const features = featureNames.length;
  return Float64Array.from(
    { length: features * outputs },
    (_, at) => coefficients[(at % outputs) * features + Math.floor(at / outputs)] as number,
  );
};

/**
 * Appends a linear model to the graph that makes its features (float32 [N, F]). Computes in float64: coefficients of nearly
 * collinear features are large and cancel, which float32 would turn into noise; the cost does not show.
 */
export const addLinearModel = (
  graph: OnnxGraph,
  model: LinearModel,
  features: string,
  task: OutputTask,
): Signature['outputs'] => {
  const { outputs, intercepts, featureNames } = model;
  const shape = [featureNames.length, outputs];
  const weights = graph.initializer(graph.uniqueName('coefficients'), 'float64', shape, transposed(model));
  const offsets = graph.initializer(graph.uniqueName('intercepts'), 'float64', [outputs], intercepts);
  const wide = graph.node('Cast', [features], { attributes: { to: { int: 11 } } });
  const margins = graph.node('Add', [graph.node('MatMul', [wide, weights]), offsets]);
  return addModelOutputs(graph, margins, task);
};
