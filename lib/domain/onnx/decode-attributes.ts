import type { AttributeMessage, GraphMessage, NodeMessage, TensorMessage } from './onnx-messages.ts';
import { attributeType, constantType, dataType } from './onnx-schema.ts';
import type { AttributeValue, OnnxTensor } from './onnx-types.ts';

/** The attributes of a node that Millrace understands; graphs and sparse tensors are left out. */
export const attributesOf = (node: NodeMessage): Readonly<Record<string, AttributeValue>> => {
  const attributes: Record<string, AttributeValue> = {};
  for (const message of node.attribute) {
    const value = attributeValue(message);
    if (value !== undefined) attributes[message.name ?? ''] = value;
  }
  return attributes;
};

/** The graphs a control-flow node (If, Loop, Scan) carries. */
export const subgraphsOf = (node: NodeMessage): GraphMessage[] =>
  node.attribute.flatMap(({ g, graphs }) => [...(g === undefined ? [] : [g]), ...(graphs ?? [])]);

const attributeValue = (message: AttributeMessage): AttributeValue | undefined => {
  switch (message.type) {
    case attributeType.int:
      return { int: Number(message.i ?? 0) };
    case attributeType.ints:
      return { ints: (message.ints ?? []).map(Number) };
    case attributeType.float:
      return { float: message.f ?? 0 };
    case attributeType.floats:
      return { floats: message.floats ?? [] };
    case attributeType.string:
      return { string: text(message.s) };
    case attributeType.strings:
      return { strings: (message.strings ?? []).map(text) };
    case attributeType.tensor:
      return tensorAttribute(message.t);
    default:
      return undefined;
  }
};

const tensorAttribute = (message: TensorMessage | undefined): AttributeValue | undefined => {
  const data = message && tensorData(message);
  if (message === undefined || data === undefined) return undefined;
  return { tensor: { name: message.name ?? '', dims: message.dims, ...data } };
};

/** The values of a tensor, wherever the producer put them; undefined for element types Millrace does not feed. */
const tensorData = (message: TensorMessage): Pick<OnnxTensor, 'type' | 'data'> | undefined => {
  const raw = message.raw_data;
  switch (message.data_type) {
    case dataType.float32:
      return { type: 'float32', data: new Float32Array(raw ? aligned(raw) : (message.float_data ?? [])) };
    case dataType.float64:
      return { type: 'float64', data: new Float64Array(raw ? aligned(raw) : (message.double_data ?? [])) };
    case dataType.int32:
      return { type: 'int32', data: new Int32Array(raw ? aligned(raw) : (message.int32_data ?? [])) };
    case dataType.int64:
      return {
        type: 'int64',
        data: raw ? new BigInt64Array(aligned(raw)) : bigints(message.int64_data ?? []),
      };
    case dataType.bool:
      return { type: 'bool', data: new Uint8Array(raw ? aligned(raw) : (message.int32_data ?? [])) };
    case constantType.uint8:
      return { type: 'uint8', data: new Uint8Array(raw ? aligned(raw) : (message.int32_data ?? [])) };
    case dataType.string:
      return { type: 'string', data: (message.string_data ?? []).map(text) };
    default:
      return undefined;
  }
};

/** A copy that begins at byte 0, as wide typed arrays need; a slice of a file may begin anywhere. */
const aligned = (bytes: Uint8Array): ArrayBuffer => Uint8Array.from(bytes).buffer;

const bigints = (values: readonly number[]): BigInt64Array => BigInt64Array.from(values, BigInt);

const decoder = new TextDecoder();
const text = (bytes: Uint8Array | undefined): string => (bytes === undefined ? '' : decoder.decode(bytes));
