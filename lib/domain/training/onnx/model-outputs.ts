import type { OnnxGraph } from '../../onnx/index.ts';
import type { Signature } from '../../signature/index.ts';

/** What a model's outputs need to know of the task. */
export type OutputTask =
  | { readonly kind: 'binary'; readonly classes: readonly string[]; readonly positiveClass: string }
  | { readonly kind: 'multiclass'; readonly classes: readonly string[] }
  | { readonly kind: 'regression' };

/** The probability from which the positive class is the label. */
const threshold = 0.5;

const addLabels = (graph: OnnxGraph, classes: readonly string[], choice: string): void => {
  const names = graph.initializer(graph.uniqueName('classes'), 'string', [classes.length], classes);
  graph.node('Gather', [names, choice], { outputs: ['label'] });
  graph.output('label', 'string', ['N']);
};

/** [N] int64: the positive class's index where its probability reaches the threshold, else the other's. */
const binaryChoice = (graph: OnnxGraph, probabilities: string, positive: number): string => {
  const int64 = (name: string, value: number): string =>
    graph.initializer(graph.uniqueName(name), 'int64', [], BigInt64Array.of(BigInt(value)));
  const positiveClass = int64('positiveClass', positive);
  const ofPositive = graph.node('Gather', [probabilities, positiveClass], {
    attributes: { axis: { int: 1 } },
  });
  const limit = graph.initializer(graph.uniqueName('threshold'), 'float32', [], Float32Array.of(threshold));
  const isPositive = graph.node('GreaterOrEqual', [ofPositive, limit]);
  return graph.node('Where', [isPositive, positiveClass, int64('negativeClass', 1 - positive)]);
};

/**
 * Adds `probabilities` (float32 [N, K], in the order of the classes) and `label` (string [N]) to the graph, or `value`
 * (float32 [N, 1]). `margins` is [N, 1] for binary, the log odds of the second class; [N, K] for multiclass;
 * [N, 1] for regression; float32 or float64. Returns the names for the signature.
 */
export const addModelOutputs = (
  graph: OnnxGraph,
  margins: string,
  task: OutputTask,
): Signature['outputs'] => {
  const asFloat32 = { attributes: { to: { int: 1 } } };
  if (task.kind === 'regression') {
    graph.node('Cast', [margins], { ...asFloat32, outputs: ['value'] });
    graph.output('value', 'float32', ['N', 1]);
    return { value: 'value' };
  }
  const perClass =
    task.kind === 'binary'
      ? graph.node('Sigmoid', [
          // Both from margins: 1 − p would lose the digits of a small probability.
          graph.node('Concat', [graph.node('Neg', [margins]), margins], { attributes: { axis: { int: 1 } } }),
        ])
      : graph.node('Softmax', [margins], { attributes: { axis: { int: 1 } } });
  const probabilities = graph.node('Cast', [perClass], { ...asFloat32, outputs: ['probabilities'] });
  graph.output('probabilities', 'float32', ['N', task.classes.length]);
  const choice =
    task.kind === 'binary'
      ? binaryChoice(graph, probabilities, task.classes.indexOf(task.positiveClass))
      : graph.node('ArgMax', [probabilities], { attributes: { axis: { int: 1 }, keepdims: { int: 0 } } });
  addLabels(graph, task.classes, choice);
  return { label: 'label', probabilities: 'probabilities' };
};
