export { type NodeOptions, OnnxGraph } from './onnx-graph.ts';
export type { AttributeValue, OnnxNode, OnnxTensor, OnnxValue } from './onnx-types.ts';
