export {
  type DecodedModel,
  type DecodedNode,
  type DecodedType,
  type DecodedValue,
  decodeOnnxModel,
} from './decode-onnx-model.ts';
export { encodeOnnxModel } from './encode-onnx-model.ts';
export { type NodeOptions, OnnxGraph } from './onnx-graph.ts';
export type { AttributeValue, OnnxNode, OnnxTensor, OnnxValue } from './onnx-types.ts';
