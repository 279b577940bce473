import { describe, expect, test } from 'vitest';
import { rehearseModel } from '../../../lib/adapters/onnx-runtime/rehearse-model.ts';
import type { ColumnTable } from '../../../lib/domain/dataset/index.ts';
import { adoptModel } from '../../../lib/domain/doctor/index.ts';
import type { ResolvedSpec } from '../../../lib/domain/model-spec/index.ts';
import { encodeOnnxModel, OnnxGraph } from '../../../lib/domain/onnx/index.ts';
import type { Signature } from '../../../lib/domain/signature/index.ts';
import { classifier, classifierGraph, lateFlights, penguins, prices, regressor } from './brought-models.ts';

const numbers = (...values: number[]) => ({ kind: 'number', values: Float64Array.from(values) }) as const;
const someBirds: ColumnTable = {
  rows: 3,
  columns: new Map([
    ['Bill Length', numbers(39, 46, 50)],
    ['mass', numbers(3700, 3800, 5000)],
  ]),
};
const someHouses: ColumnTable = {
  rows: 3,
  columns: new Map([
    ['area', numbers(40, 60, 80)],
    ['rooms', numbers(1, 2, 3)],
  ]),
};

const signatureOf = (bytes: Uint8Array, resolved: ResolvedSpec): Signature => {
  const adoption = adoptModel({ bytes, resolved });
  if (adoption.kind === 'refused') throw new Error(JSON.stringify(adoption.findings));
  return adoption.signature;
};

const rehearse = async (bytes: Uint8Array, resolved: ResolvedSpec, table: ColumnTable) =>
  (await rehearseModel(bytes, signatureOf(bytes, resolved), table)).map(({ code, what }) => ({ code, what }));

describe('a rehearsal', () => {
  test('finds nothing in a model that works', async () => {
    expect(await rehearse(classifier(), penguins, someBirds)).toEqual([]);
    expect(await rehearse(regressor(), prices, someHouses)).toEqual([]);
  });

  test('finds scores that are no probabilities', async () => {
    const findings = await rehearse(classifier({ hasSoftmax: false }), penguins, someBirds);

    expect(findings).toMatchObject([{ code: 'NOT_PROBABILITIES' }]);
  });

  test('finds an operator that does not exist', async () => {
    const graph = classifierGraph();
    graph.node('NoSuchOperator', ['X']);

    expect(await rehearse(encodeOnnxModel(graph), penguins, someBirds)).toMatchObject([
      { code: 'DOES_NOT_LOAD' },
    ]);
  });

  test('finds a model that fails on real rows, without telling where files lie', async () => {
    const graph = new OnnxGraph();
    const x = graph.input('area', 'float32', ['N', 1]);
    const nine = graph.initializer('shape', 'int64', [2], BigInt64Array.of(9n, 1n));
    graph.output(graph.node('Reshape', [x, nine], { outputs: ['value'] }), 'float32', ['N', 1]);

    const findings = await rehearse(encodeOnnxModel(graph), prices, someHouses);

    expect(findings).toMatchObject([{ code: 'DOES_NOT_RUN' }]);
    expect(findings[0]?.what).not.toMatch(/\/\w+\/|\.cc|onnxruntime_src/);
  });

  test('finds an answer that is not finite', async () => {
    const table = {
      rows: 1,
      columns: new Map([
        ['area', numbers(Number.NaN)],
        ['rooms', numbers(1)],
      ]),
    };

    expect(await rehearse(regressor(), prices, table)).toEqual([
      { code: 'DOES_NOT_RUN', what: 'the model answered NaN, expected finite numbers' },
    ]);
  });

  test('finds a row whose answer depends on its neighbours', async () => {
    const graph = new OnnxGraph();
    const x = graph.input('area', 'float32', ['N', 1]);
    const axis = graph.initializer('axis', 'int64', [1], BigInt64Array.of(0n));
    const mean = graph.node('ReduceMean', [x, axis]);
    graph.output(graph.node('Sub', [x, mean], { outputs: ['value'] }), 'float32', ['N', 1]);

    expect(await rehearse(encodeOnnxModel(graph), prices, someHouses)).toMatchObject([
      { code: 'ROWS_DEPEND' },
    ]);
  });

  test('reads one probability as that of the positive class', async () => {
    const graph = new OnnxGraph();
    const x = graph.input('distance', 'float32', ['N', 1]);
    graph.output(graph.node('Sigmoid', [x], { outputs: ['probability'] }), 'float32', ['N', 1]);
    const table = { rows: 2, columns: new Map([['distance', numbers(0, -5)]]) };

    expect(await rehearse(encodeOnnxModel(graph), lateFlights, table)).toEqual([]);
  });
});
