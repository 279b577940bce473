import { InferenceSession, Tensor } from 'onnxruntime-node';
import { encodeOnnxModel, OnnxGraph } from '../../../lib/domain/onnx/index.ts';
import {
  addBoostedTrees,
  addLinearModel,
  type BoostedTreesModel,
  type LinearModel,
  type OutputTask,
  type TrainingMatrix,
  type XgboostModel,
} from '../../../lib/domain/training/index.ts';

/** Runs a model in ONNX Runtime over a matrix fed as it is; gives the data of each output. */
export const runModel = async (
  model: LinearModel | BoostedTreesModel | XgboostModel,
  matrix: TrainingMatrix,
  task: OutputTask,
) => {
  const graph = new OnnxGraph();
  const features = graph.input('features', 'float32', ['N', matrix.featureCount]);
  if (model.kind === 'linear') addLinearModel(graph, model, features, task);
  else addBoostedTrees(graph, model, features, task);
  const session = await InferenceSession.create(encodeOnnxModel(graph), { intraOpNumThreads: 1 });
  const feed = new Tensor('float32', matrix.values, [matrix.rows, matrix.featureCount]);
  const { probabilities, label, value } = await session.run({ features: feed });
  await session.release();
  return {
    probabilities: numbersOf(probabilities),
    value: numbersOf(value),
    labels: label === undefined ? [] : Array.from(label.data as string[]),
  };
};

const numbersOf = (tensor: Tensor | undefined): Float32Array =>
  tensor?.data instanceof Float32Array ? tensor.data : new Float32Array();
