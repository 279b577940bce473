import { MillraceError } from '../../wire/errors.ts';
import { attributesOf, subgraphsOf } from './decode-attributes.ts';
import { externalTensors } from './external-tensors.ts';
import type { GraphMessage, ModelMessage, NodeMessage, TypeMessage, ValueMessage } from './onnx-messages.ts';
import { dataType, modelProto } from './onnx-schema.ts';
import type { AttributeValue, TensorType } from './onnx-types.ts';

/** What an input or output of a model is; runtimes for Node can only exchange tensors. */
export type DecodedType =
  | {
      readonly kind: 'tensor';
      /** `other(10)` names an element type Millrace does not feed, by its ONNX number (10 is float16). */
      readonly type: TensorType | `other(${number})`;
      /** Numbers are fixed sizes, strings symbols, '' unknown; absent when even the rank is unknown. */
      readonly shape?: readonly (number | string)[];
    }
  | { readonly kind: 'map' | 'sequence' | 'other' };

export interface DecodedValue {
  readonly name: string;
  readonly type: DecodedType;
}

export interface DecodedNode {
  readonly name: string;
  readonly domain: string;
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, AttributeValue>>;
}

export interface DecodedModel {
  readonly irVersion: number;
  readonly producer: string;
  /** Operator set versions by domain; the core operators' domain is ''. */
  readonly opsets: ReadonlyMap<string, number>;
  /** Without the initializers that old IR versions list among the inputs. */
  readonly inputs: readonly DecodedValue[];
  readonly outputs: readonly DecodedValue[];
  /** Nodes of the main graph, of the graphs inside its If, Loop and Scan nodes, and of the model's own functions. */
  readonly nodes: readonly DecodedNode[];
  readonly initializers: readonly string[];
  /** Tensors whose values lie in another file: initializers and constants, wherever in the model they are. */
  readonly externalInitializers: readonly string[];
  /** Domains of the functions the model brings along. */
  readonly functionDomains: ReadonlySet<string>;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Reads a serialised ONNX model of any producer. Throws MODEL_FILE_INVALID when the bytes are not one. */
export const decodeOnnxModel = (bytes: Uint8Array): DecodedModel => {
  const message = decodeMessage(bytes);
  const { graph } = message;
  const irVersion = message.ir_version ?? 0;
  if (graph === undefined || irVersion < 1 || message.opset_import.length === 0)
    throw invalid(bytes, 'it has no graph, no IR version or no operator set');
  const functions = message.functions ?? [];
  const initializers = graph.initializer.map((tensor) => tensor.name ?? '');
  const isConstant = new Set(initializers);
  return {
    irVersion,
    producer: message.producer_name ?? '',
    opsets: new Map(message.opset_import.map(({ domain, version }) => [coreDomain(domain), version ?? 0])),
    inputs: graph.input.map(decodedValue).filter(({ name }) => !isConstant.has(name)),
    outputs: graph.output.map(decodedValue),
    nodes: [...allNodes(graph), ...functions.flatMap((each) => each.node.map(decodedNode))],
    initializers,
    externalInitializers: externalTensors(message).map((tensor) => tensor.name ?? ''),
    functionDomains: new Set(functions.map((each) => coreDomain(each.domain))),
    metadata: Object.fromEntries(message.metadata_props.map(({ key, value }) => [key ?? '', value ?? ''])),
  };
};

const decodeMessage = (bytes: Uint8Array): ModelMessage => {
  try {
    const decoded = modelProto.toObject(modelProto.decode(bytes), { arrays: true, longs: Number });
    return decoded as unknown as ModelMessage; // the schema text decides this shape
  } catch (cause) {
    throw invalid(bytes, 'its bytes are not an ONNX protobuf', cause);
  }
};

const invalid = (bytes: Uint8Array, why: string, cause?: unknown): MillraceError =>
  new MillraceError(
    'MODEL_FILE_INVALID',
    `the file of ${bytes.length} bytes is not an ONNX model: ${why}`,
    { bytes: bytes.length },
    { cause },
  );

/** ONNX writes the core operators' domain as '' or 'ai.onnx'. */
const coreDomain = (domain: string | undefined): string => (domain === 'ai.onnx' ? '' : (domain ?? ''));

const allNodes = (graph: GraphMessage): DecodedNode[] =>
  graph.node.flatMap((node) => [decodedNode(node), ...subgraphsOf(node).flatMap(allNodes)]);

const decodedNode = (node: NodeMessage): DecodedNode => ({
  name: node.name ?? '',
  domain: coreDomain(node.domain),
  operator: node.op_type ?? '',
  inputs: node.input,
  outputs: node.output,
  attributes: attributesOf(node),
});

const decodedValue = ({ name, type }: ValueMessage): DecodedValue => ({
  name: name ?? '',
  type: decodedType(type ?? {}),
});

const decodedType = (type: TypeMessage): DecodedType => {
  if (type.map_type !== undefined) return { kind: 'map' };
  if (type.sequence_type !== undefined) return { kind: 'sequence' };
  if (type.tensor_type === undefined) return { kind: 'other' };
  const { elem_type = 0, shape } = type.tensor_type;
  const element = { kind: 'tensor', type: tensorType(elem_type) } as const;
  if (shape === undefined) return element;
  return { ...element, shape: shape.dim.map((dim) => dim.dim_value ?? dim.dim_param ?? '') };
};

const tensorTypes = new Map<number, TensorType>(
  (Object.keys(dataType) as TensorType[]).map((type) => [dataType[type], type]),
);

/** Our name of an ONNX element type. */
export const tensorType = (number: number): TensorType | `other(${number})` =>
  tensorTypes.get(number) ?? `other(${number})`;
