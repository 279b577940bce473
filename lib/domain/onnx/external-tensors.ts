import { subgraphsOf } from './decode-attributes.ts';
import type {
  GraphMessage,
  ModelMessage,
  NodeMessage,
  SparseTensorMessage,
  TensorMessage,
} from './onnx-messages.ts';

const isTensor = (tensor: TensorMessage | undefined): tensor is TensorMessage => tensor !== undefined;

const ofSparse = ({ values, indices }: SparseTensorMessage): TensorMessage[] =>
  [values, indices].filter(isTensor);

const ofNode = (node: NodeMessage): TensorMessage[] => [
  ...node.attribute.flatMap(({ t, tensors = [], sparse_tensor, sparse_tensors = [] }) => [
    ...[t].filter(isTensor),
    ...tensors,
    ...[...(sparse_tensor ? [sparse_tensor] : []), ...sparse_tensors].flatMap(ofSparse),
  ]),
  ...subgraphsOf(node).flatMap(ofGraph),
];

const ofGraph = ({ initializer, sparse_initializer = [], node }: GraphMessage): TensorMessage[] => [
  ...initializer,
  ...sparse_initializer.flatMap(ofSparse),
  ...node.flatMap(ofNode),
];

const isExternal = ({ data_location, external_data = [] }: TensorMessage): boolean =>
  data_location === 1 || external_data.length > 0;

/**
 * Every tensor whose values lie in another file, wherever a model may hold one: initializers, attributes of nodes, graphs
 * within them, functions. Such a model names a file of the machine that opens it.
 */
export const externalTensors = ({ graph, functions = [] }: ModelMessage): readonly TensorMessage[] =>
  [...(graph ? ofGraph(graph) : []), ...functions.flatMap(({ node }) => node.flatMap(ofNode))].filter(
    isExternal,
  );
