import type { OnnxGraph } from './onnx-graph.ts';
import type {
  AttributeMessage,
  EntryMessage,
  GraphMessage,
  Int64Message,
  ModelMessage,
  NodeMessage,
  TensorMessage,
  ValueMessage,
} from './onnx-messages.ts';
import { attributeType, constantType, dataType, modelProto } from './onnx-schema.ts';
import type { AttributeValue, OnnxNode, OnnxTensor, OnnxValue } from './onnx-types.ts';

/** IR 10 with opset 21 is what ONNX Runtime 1.30 suggests; TreeEnsemble needs version 5 of the ML operators. */
const irVersion = 10;
const opsetVersions = { '': 21, 'ai.onnx.ml': 5, 'com.microsoft': 1 } as const;

/**
 * Serialises a graph as an ONNX model. The bytes depend on the graph and the metadata alone: metadata is written in
 * key order, everything else in the order it was added.
 */
export const encodeOnnxModel = (
  graph: OnnxGraph,
  options: { readonly metadata?: Readonly<Record<string, string>> } = {},
): Uint8Array => {
  const message: ModelMessage = {
    ir_version: irVersion,
    producer_name: 'millrace',
    graph: graphMessage(graph),
    opset_import: opsetImports(graph.nodes),
    metadata_props: metadataEntries(options.metadata ?? {}),
  };
  return Uint8Array.from(modelProto.encode(message).finish());
};

const opsetImports = (nodes: readonly OnnxNode[]): ModelMessage['opset_import'] => {
  const isMicrosoftUsed = nodes.some((node) => node.domain === 'com.microsoft');
  return Object.entries(opsetVersions)
    .filter(([domain]) => domain !== 'com.microsoft' || isMicrosoftUsed)
    .map(([domain, version]) => ({ domain, version }));
};

const metadataEntries = (metadata: Readonly<Record<string, string>>): EntryMessage[] =>
  Object.keys(metadata)
    .sort()
    .map((key) => ({ key, value: metadata[key] ?? '' }));

const graphMessage = (graph: OnnxGraph): GraphMessage => ({
  name: 'millrace',
  node: graph.nodes.map(nodeMessage),
  initializer: graph.initializers.map(tensorMessage),
  input: graph.inputs.map(valueMessage),
  output: graph.outputs.map(valueMessage),
});

const nodeMessage = (node: OnnxNode): NodeMessage => ({
  input: node.inputs,
  output: node.outputs,
  name: node.name,
  op_type: node.operator,
  attribute: Object.entries(node.attributes).map(([name, value]) => attributeMessage(name, value)),
  domain: node.domain,
});

const attributeMessage = (name: string, value: AttributeValue): AttributeMessage => {
  if ('int' in value) return { name, i: value.int, type: attributeType.int };
  if ('ints' in value) return { name, ints: [...value.ints].map(int64), type: attributeType.ints };
  if ('float' in value) return { name, f: value.float, type: attributeType.float };
  if ('floats' in value) return { name, floats: value.floats, type: attributeType.floats };
  if ('string' in value) return { name, s: utf8(value.string), type: attributeType.string };
  if ('strings' in value) return { name, strings: value.strings.map(utf8), type: attributeType.strings };
  return { name, t: tensorMessage(value.tensor), type: attributeType.tensor };
};

const tensorMessage = (tensor: OnnxTensor): TensorMessage => {
  const { name, dims, data } = tensor;
  const head = { name, dims, data_type: constantType[tensor.type] };
  return isTypedArray(data)
    ? { ...head, raw_data: littleEndian(data) }
    : { ...head, string_data: data.map(utf8) };
};

const valueMessage = ({ name, type, shape }: OnnxValue): ValueMessage => {
  const dim = shape.map((size) => (typeof size === 'number' ? { dim_value: size } : { dim_param: size }));
  return { name, type: { tensor_type: { elem_type: dataType[type], shape: { dim } } } };
};

type TypedArray = Exclude<OnnxTensor['data'], readonly string[]>;

const isTypedArray = (data: OnnxTensor['data']): data is TypedArray => ArrayBuffer.isView(data);

/** The bytes of a typed array. Every platform Node 24 is built for that we support is little endian, as raw_data is. */
const littleEndian = (data: TypedArray): Uint8Array =>
  new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

const int64 = (value: number | bigint): number | Int64Message =>
  typeof value === 'number'
    ? value
    : { low: Number(value & 0xffffffffn) | 0, high: Number(value >> 32n) | 0, unsigned: false };

const encoder = new TextEncoder();
const utf8 = (text: string): Uint8Array => encoder.encode(text);
