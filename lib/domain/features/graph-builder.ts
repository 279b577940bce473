import type { OnnxGraph } from '../onnx/index.ts';

/** ONNX element types as the Cast operator numbers them. */
const castTo = { float32: 1, int64: 7, float64: 11 } as const;

/** Short words for the handful of operators the feature graph is made of. Each adds one node and gives its output. */
export const graphBuilder = (graph: OnnxGraph) => {
  const constant = graph.uniqueName.bind(graph, 'constant');
  return {
    graph,
    ints: (values: Iterable<number | bigint>): string => {
      const data = BigInt64Array.from([...values].map(BigInt));
      return graph.initializer(constant(), 'int64', [data.length], data);
    },
    doubles: (values: readonly number[], dims: readonly number[] = [values.length]): string =>
      graph.initializer(constant(), 'float64', dims, Float64Array.from(values)),
    strings: (values: readonly string[]): string =>
      graph.initializer(constant(), 'string', [values.length], values),
    op: (operator: string, ...inputs: string[]): string => graph.node(operator, inputs),
    /** Side by side; one tensor stays as it is. */
    concat: (tensors: readonly string[]): string => {
      const [only] = tensors;
      if (only !== undefined && tensors.length === 1) return only;
      return graph.node('Concat', tensors, { attributes: { axis: { int: 1 } } });
    },
    cast: (tensor: string, to: keyof typeof castTo): string =>
      graph.node('Cast', [tensor], { attributes: { to: { int: castTo[to] } } }),
    /** The columns of a matrix named by their positions. */
    pick: (matrix: string, columns: string): string =>
      graph.node('Gather', [matrix, columns], { attributes: { axis: { int: 1 } } }),
    sumOver: (tensor: string, axes: string): string =>
      graph.node('ReduceSum', [tensor, axes], { attributes: { keepdims: { int: 0 } } }),
  };
};

export type GraphBuilder = ReturnType<typeof graphBuilder>;
