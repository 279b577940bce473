import { ModelSpec, type ResolvedColumn, type ResolvedSpec } from '../../../lib/domain/model-spec/index.ts';
import { encodeOnnxModel, OnnxGraph } from '../../../lib/domain/onnx/index.ts';
import { modelProto } from '../../../lib/domain/onnx/onnx-schema.ts';

const column = (name: string, kind: ResolvedColumn['kind'], role: ResolvedColumn['role'] = 'feature') => ({
  name,
  kind,
  role,
  because: 'the story says so',
});

/** Penguins: which of three species, from two numbers and an island. */
export const penguins: ResolvedSpec = {
  spec: ModelSpec.parse({ name: 'penguins', task: 'multiclass', target: 'species' }),
  columns: [
    column('Bill Length', 'number'),
    column('mass', 'number'),
    column('island', 'category'),
    column('hatched', 'datetime'),
    column('species', 'category', 'target'),
  ],
  targetName: 'species',
  classes: ['Adelie', 'Chinstrap', 'Gentoo'],
};

export const lateFlights: ResolvedSpec = {
  spec: ModelSpec.parse({ name: 'flights', task: 'binary', target: 'late' }),
  columns: [column('distance', 'number'), column('late', 'boolean', 'target')],
  targetName: 'late',
  classes: ['false', 'true'],
  positiveClass: 'true',
};

export const prices: ResolvedSpec = {
  spec: ModelSpec.parse({ name: 'prices', task: 'regression', target: 'price' }),
  columns: [column('area', 'number'), column('rooms', 'number'), column('price', 'number', 'target')],
  targetName: 'price',
};

export interface ClassifierStory {
  readonly inputShape?: readonly (number | string)[];
  readonly inputName?: string;
  readonly classes?: number;
  readonly hasSoftmax?: boolean;
  /** Attributes of the node that gives the scores, such as classlabels. */
  readonly metadata?: Record<string, string>;
  readonly labels?: readonly string[];
}

/** Softmax(X · W), as scikit-learn's converters lay it out: one float tensor in, probabilities out. */
export const classifierGraph = ({
  inputShape = ['N', 2],
  inputName = 'X',
  classes = 3,
  hasSoftmax = true,
  labels,
}: ClassifierStory = {}): OnnxGraph => {
  const graph = new OnnxGraph();
  const x = graph.input(inputName, 'float32', inputShape);
  const width = Number(inputShape[1] ?? 1);
  const weights = Float32Array.from({ length: width * classes }, (_, i) => ((i * 7) % 5) / 100);
  const w = graph.initializer('W', 'float32', [width, classes], weights);
  const scores = graph.node('MatMul', [x, w], { outputs: [hasSoftmax ? 'scores' : 'probabilities'] });
  const probabilities = hasSoftmax
    ? graph.node('Softmax', [scores], { outputs: ['probabilities'], attributes: { axis: { int: 1 } } })
    : scores;
  graph.output(probabilities, 'float32', [inputShape[0] ?? 'N', classes]);
  if (labels !== undefined) {
    const best = graph.node('ArgMax', [probabilities], {
      attributes: { axis: { int: 1 }, keepdims: { int: 0 } },
    });
    const attributes = { classlabels_strings: { strings: labels } };
    graph.node('Labels', [best], { domain: 'ai.onnx.ml', attributes, outputs: ['label'] });
  }
  return graph;
};

export const classifier = (story: ClassifierStory = {}): Uint8Array =>
  encodeOnnxModel(classifierGraph(story), { metadata: story.metadata ?? {} });

/** Area and rooms to a price, each a named input. */
export const regressor = (width = 1): Uint8Array => {
  const graph = new OnnxGraph();
  const sum = graph.node('Add', [
    graph.input('area', 'float32', ['N', 1]),
    graph.input('rooms', 'float32', ['N', 1]),
  ]);
  const price = graph.node('Concat', new Array(width).fill(sum), {
    outputs: ['variable'],
    attributes: { axis: { int: 1 } },
  });
  graph.output(price, 'float32', ['N', width]);
  return encodeOnnxModel(graph);
};

type Message = Record<string, unknown>;

/** Changes the protobuf of a model as our encoder never would. */
export const tampered = (bytes: Uint8Array, change: (model: Message, graph: Message) => void): Uint8Array => {
  const model = modelProto.toObject(modelProto.decode(bytes), { arrays: true });
  change(model, model.graph);
  return Uint8Array.from(modelProto.encode(modelProto.fromObject(model)).finish());
};

/** What skl2onnx makes unless told not to: the probabilities as a list of dictionaries. */
export const withZipMap = (): Uint8Array =>
  tampered(classifier(), (_, graph) => {
    const floats = { tensor_type: { elem_type: 1, shape: { dim: [] } } };
    const map = { map_type: { key_type: 8, value_type: floats } };
    graph.node = [
      ...(graph.node as Message[]),
      {
        op_type: 'ZipMap',
        domain: 'ai.onnx.ml',
        name: 'zip',
        input: ['probabilities'],
        output: ['output_probability'],
        attribute: [
          {
            name: 'classlabels_strings',
            type: 8,
            strings: ['Adelie', 'Chinstrap', 'Gentoo'].map((label) => Buffer.from(label)),
          },
        ],
      },
    ];
    graph.output = [{ name: 'output_probability', type: { sequence_type: { elem_type: map } } }];
  });
