import fc from 'fast-check';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { decodeOnnxModel, encodeOnnxModel, OnnxGraph } from '../../../lib/domain/onnx/index.ts';

const buildScaler = (factor: number): OnnxGraph => {
  const graph = new OnnxGraph();
  const x = graph.input('x', 'float64', ['N', 1]);
  const by = graph.initializer('factor', 'float64', [1], Float64Array.of(factor));
  graph.node('Mul', [x, by], { name: 'scale', outputs: ['y'] });
  graph.output('y', 'float64', ['N', 1]);
  return graph;
};

describe('a model written', () => {
  test('reads back as it was written', () => {
    const graph = buildScaler(3);
    const cut = { separators: { strings: ['é', ''] }, mark: { int: 0 } };
    graph.input('text', 'string', ['N', 2]);
    graph.node('Tokenizer', ['text'], { domain: 'com.microsoft', attributes: cut, outputs: ['pieces'] });

    const model = decodeOnnxModel(encodeOnnxModel(graph, { metadata: { b: '2', a: 'ü' } }));

    expect(model).toMatchObject({
      irVersion: 10,
      producer: 'millrace',
      opsets: new Map([
        ['', 21],
        ['ai.onnx.ml', 5],
        ['com.microsoft', 1],
      ]),
      inputs: [
        { name: 'x', type: { kind: 'tensor', type: 'float64', shape: ['N', 1] } },
        { name: 'text', type: { kind: 'tensor', type: 'string', shape: ['N', 2] } },
      ],
      outputs: [{ name: 'y', type: { kind: 'tensor', type: 'float64', shape: ['N', 1] } }],
      initializers: ['factor'],
      externalInitializers: [],
      metadata: { a: 'ü', b: '2' },
    });
    expect(model.nodes).toEqual(graph.nodes.map((node) => ({ ...node })));
  });

  test('keeps attributes of every kind, integers beyond 2^31 and negative ones included', () => {
    const graph = new OnnxGraph();
    const x = graph.input('x', 'float32', ['N', 1]);
    const attributes = {
      int: { int: -5 },
      ints: { ints: [0, -1, 2 ** 40, -(2 ** 40)] },
      float: { float: 0.5 },
      floats: { floats: [1, Number.NaN, Number.NEGATIVE_INFINITY, 0] },
      string: { string: '' },
      strings: { strings: ['', 'naïve 😀'] },
      tensor: {
        tensor: {
          name: 't',
          type: 'int64',
          dims: [3],
          data: BigInt64Array.of(-(2n ** 63n), 0n, 2n ** 63n - 1n),
        },
      },
      words: { tensor: { name: 'w', type: 'string', dims: [2], data: ['a', ''] } },
      doubles: { tensor: { name: 'd', type: 'float64', dims: [1], data: Float64Array.of(0.1) } },
    } as const;
    graph.node('Anything', [x], { attributes });

    const [node] = decodeOnnxModel(encodeOnnxModel(graph)).nodes;

    expect(node?.attributes).toEqual(attributes);
  });

  test('writes 64-bit attributes exactly', () => {
    const values = [0n, -1n, 2n ** 40n, -(2n ** 40n), 2n ** 32n - 1n, -(2n ** 32n)];
    const graph = new OnnxGraph();
    graph.node('Anything', [graph.input('x', 'float32', [1])], {
      attributes: { ints: { ints: BigInt64Array.from(values) } },
    });

    const [node] = decodeOnnxModel(encodeOnnxModel(graph)).nodes;

    expect(node?.attributes.ints).toEqual({ ints: values.map(Number) });
  });

  test('is the same bytes each time, whatever the order of its metadata', () => {
    const first = encodeOnnxModel(buildScaler(2), { metadata: { a: '1', b: '2' } });
    const second = encodeOnnxModel(buildScaler(2), { metadata: { b: '2', a: '1' } });

    expect(second).toEqual(first);
    expect(encodeOnnxModel(buildScaler(4))).not.toEqual(first);
  });

  test('imports the operators of com.microsoft only when it uses them', () => {
    const { opsets } = decodeOnnxModel(encodeOnnxModel(buildScaler(2)));

    expect([...opsets.keys()]).toEqual(['', 'ai.onnx.ml']);
  });

  test('runs in ONNX Runtime', async () => {
    const session = await InferenceSession.create(encodeOnnxModel(buildScaler(2.5)));

    const { y } = await session.run({ x: new Tensor('float64', Float64Array.of(1, -2), [2, 1]) });

    expect(y?.data).toEqual(Float64Array.of(2.5, -5));
  });
});

describe('a file that is no model', () => {
  test('is refused, however it is broken', () => {
    const whole = encodeOnnxModel(buildScaler(2));
    const broken = {
      empty: new Uint8Array(),
      text: new TextEncoder().encode('{"not": "onnx"}'),
      zip: Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0, 0, 0),
      'cut short': whole.subarray(0, whole.length >> 1),
    };

    for (const [name, bytes] of Object.entries(broken))
      expect(() => decodeOnnxModel(bytes), name).toThrow(
        expect.objectContaining({ name: 'MODEL_FILE_INVALID' }),
      );
  });

  test('never fails in another way, whatever bytes come', () => {
    const whole = encodeOnnxModel(buildScaler(2));
    const damaged = fc
      .array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 5 })
      .map((edits) => {
        const bytes = Uint8Array.from(whole);
        for (const [position, value] of edits) bytes[position] = value;
        return bytes;
      });

    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), damaged), (bytes) => {
        try {
          expect(decodeOnnxModel(bytes).irVersion).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toHaveProperty('name', 'MODEL_FILE_INVALID');
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('a graph in the making', () => {
  test('names what is not named, never twice the same', () => {
    const graph = new OnnxGraph();
    const x = graph.input('Neg', 'float32', ['N']);

    const names = [graph.node('Neg', [x]), graph.node('Neg', [x]), graph.node('Neg', [x])];

    expect(new Set([x, ...names]).size).toBe(4);
    expect(new Set(graph.nodes.map(({ name }) => name)).size).toBe(3);
  });

  test('refuses a tensor nobody made, a name taken, and a constant of the wrong size', () => {
    const graph = buildScaler(1);

    expect(() => graph.node('Neg', ['nobody'])).toThrow('Neg reads "nobody", which nothing has made yet');
    expect(() => graph.output('nobody', 'float32', ['N'])).toThrow('nothing has made yet');
    expect(() => graph.input('x', 'float32', ['N'])).toThrow('two tensors are named "x"');
    expect(() => graph.node('Neg', ['x'], { name: 'scale' })).toThrow('two nodes are named "scale"');
    expect(() => graph.initializer('c', 'float32', [3], Float32Array.of(1))).toThrow(
      'has 1 values, its shape [3] needs 3',
    );
  });
});
