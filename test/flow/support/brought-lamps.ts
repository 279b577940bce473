import { encodeOnnxModel, OnnxGraph } from '../../../lib/domain/onnx/index.ts';

interface Story {
  /** Rows the model takes at once. @default - any number */
  readonly rows?: number;
  /** @default - never */
  readonly failsAboveHours?: number;
}

/**
 * A model of the lamps made elsewhere: z = (hours + 8 age − 700) / 50, P(yes) = sigmoid(z) as a softmax of two scores.
 * One that fails looks up a table of one row at place 9 for lamps that burned longer than it expects.
 */
export const broughtLamps = ({ rows, failsAboveHours }: Story = {}): Uint8Array => {
  const graph = new OnnxGraph();
  const count = rows ?? 'N';
  const hours = graph.input('hours', 'float32', [count, 1]);
  const age = graph.input('age', 'float32', [count, 1]);
  const both = graph.node('Concat', [hours, age], { attributes: { axis: { int: 1 } } });
  const weights = graph.initializer('weights', 'float32', [2, 2], Float32Array.of(0, 0.02, 0, 0.16));
  const bias = graph.initializer('bias', 'float32', [2], Float32Array.of(0, -14));
  let scores = graph.node('Add', [graph.node('MatMul', [both, weights]), bias]);
  if (failsAboveHours !== undefined) {
    const limit = graph.initializer('limit', 'float32', [1], Float32Array.of(failsAboveHours));
    const nine = graph.initializer('nine', 'int64', [1], BigInt64Array.of(9n));
    const table = graph.initializer('table', 'float32', [1], Float32Array.of(0));
    const isOver = graph.node('Cast', [graph.node('Greater', [hours, limit])], {
      attributes: { to: { int: 7 } },
    });
    scores = graph.node('Add', [scores, graph.node('Gather', [table, graph.node('Mul', [isOver, nine])])]);
  }
  const probabilities = graph.node('Softmax', [scores], {
    outputs: ['probabilities'],
    attributes: { axis: { int: 1 } },
  });
  graph.output(probabilities, 'float32', [count, 2]);
  return encodeOnnxModel(graph);
};
