import { describe, expect, test } from 'vitest';
import { adoptModel, type ExamineOptions, examineModel } from '../../../lib/domain/doctor/index.ts';
import { encodeOnnxModel, OnnxGraph } from '../../../lib/domain/onnx/index.ts';
import {
  classifier,
  classifierGraph,
  lateFlights,
  penguins,
  prices,
  regressor,
  tampered,
  withZipMap,
} from './brought-models.ts';

const codesOf = (bytes: Uint8Array, options: ExamineOptions = { resolved: penguins }) =>
  examineModel(bytes, options).findings.map(({ code }) => code);

const findingOf = (bytes: Uint8Array, code: string, options: ExamineOptions = { resolved: penguins }) =>
  examineModel(bytes, options).findings.find((finding) => finding.code === code);

const named = { metadata: { features: '["mass", "Bill Length"]' } };
const sidecar = { classes: ['Adelie', 'Chinstrap', 'Gentoo'] };

describe('a model that fits', () => {
  test('is adopted without a word when it names its columns and classes', () => {
    const adoption = adoptModel({ bytes: classifier(named), resolved: penguins, sidecar });

    expect(adoption).toEqual({
      kind: 'adopted',
      findings: [],
      signature: {
        schemaVersion: 1,
        task: 'multiclass',
        target: 'species',
        columns: [
          { name: 'Bill Length', kind: 'number', isNullable: false },
          { name: 'mass', kind: 'number', isNullable: false },
        ],
        inputs: [{ tensor: 'X', type: 'float32', columns: ['mass', 'Bill Length'], rank: 2 }],
        outputs: { probabilities: 'probabilities' },
        classes: ['Adelie', 'Chinstrap', 'Gentoo'],
      },
    });
  });

  test('is adopted with its assumptions named when it tells nothing', () => {
    const { signature, findings } = examineModel(classifier(), { resolved: penguins });

    expect(findings).toEqual([
      {
        severity: 'warning',
        code: 'COLUMN_ORDER_ASSUMED',
        what: 'input "X" is taken to hold, in this order, Bill Length, mass',
        fix: expect.stringContaining('`features`'),
      },
      {
        severity: 'warning',
        code: 'CLASSES_ASSUMED',
        what: 'the model names no classes; its probabilities are taken to be, in order, of Adelie, Chinstrap, Gentoo',
        fix: expect.stringContaining('`classes`'),
      },
    ]);
    expect(signature?.inputs[0]?.columns).toEqual(['Bill Length', 'mass']);
  });

  test('is matched by name whatever an exporter did to spaces and case', () => {
    const graph = classifierGraph({ inputName: 'bill_length', inputShape: ['N', 1] });
    graph.input('ISLAND', 'string', ['N', 1]);

    const { signature } = examineModel(encodeOnnxModel(graph), { resolved: penguins });

    expect(signature?.inputs.map(({ columns }) => columns)).toEqual([['Bill Length'], ['island']]);
  });

  test('with its classes in another order is adopted, and the columns of its probabilities are told apart', () => {
    const bytes = classifier({ ...named, labels: ['Gentoo', 'Adelie', 'Chinstrap'] });

    const { signature, findings } = examineModel(bytes, { resolved: penguins });

    expect(findings).toEqual([]);
    expect(signature).toMatchObject({ classes: penguins.classes, probabilityColumns: [1, 2, 0] });
  });

  test('of a binary target may answer with one probability, and takes the threshold of its side-car', () => {
    const bytes = classifier({ inputName: 'distance', inputShape: ['N', 1], classes: 1, hasSoftmax: false });

    const { signature } = examineModel(bytes, { resolved: lateFlights, sidecar: { threshold: 0.3 } });

    expect(signature).toMatchObject({
      positiveClass: 'true',
      threshold: 0.3,
      outputs: { probabilities: 'probabilities' },
    });
  });

  test('of numbers has its value found', () => {
    const adoption = adoptModel({ bytes: regressor(), resolved: prices });

    expect(adoption).toMatchObject({
      kind: 'adopted',
      findings: [],
      signature: { outputs: { value: 'variable' } },
    });
  });

  test('is fed by its side-car, where that is given', () => {
    const bytes = classifier({ inputShape: ['N', 1] });
    const inputs = [{ tensor: 'X', type: 'float32', columns: ['mass'], rank: 2 }] as const;

    const { signature } = examineModel(bytes, { resolved: penguins, sidecar: { ...sidecar, inputs } });

    expect(signature?.inputs).toEqual(inputs);
  });
});

describe('a file that cannot be served', () => {
  test('is told from a model', () => {
    const finding = findingOf(new TextEncoder().encode('<html>'), 'NOT_ONNX');

    expect(finding).toMatchObject({ severity: 'error', fix: expect.stringContaining('skl2onnx') });
  });

  test('because it is too large', () => {
    expect(findingOf(classifier(), 'TOO_LARGE', { maxBytes: 100 })?.what).toContain('at most 0.0 MB');
  });

  test('because it is newer than the runtime', () => {
    const newer = tampered(classifier(), (model) => {
      model.ir_version = 14;
      model.opset_import = [
        { domain: '', version: 27 },
        { domain: 'ai.onnx.ml', version: 6 },
      ];
    });

    expect(codesOf(newer, {})).toEqual(['IR_TOO_NEW', 'OPSET_TOO_NEW', 'OPSET_TOO_NEW']);
  });

  test('because it uses trees its operator set no longer has', () => {
    const graph = classifierGraph();
    graph.node('TreeEnsembleClassifier', ['X'], { domain: 'ai.onnx.ml' });

    expect(findingOf(encodeOnnxModel(graph), 'TREES_TOO_OLD_FOR_OPSET')?.fix).toContain("'ai.onnx.ml': 3");
  });

  test('because it needs operators of somebody’s own, unless it brings them along', () => {
    const custom = tampered(classifier(), (_, graph) => {
      graph.node = [
        ...(graph.node as object[]),
        { op_type: 'Magic', domain: 'com.acme', input: ['X'], output: ['m'] },
      ];
    });
    const whole = tampered(custom, (model) => {
      model.functions = [{ name: 'Magic', domain: 'com.acme', node: [] }];
    });

    expect(findingOf(custom, 'UNKNOWN_OPERATORS')?.what).toContain('"com.acme" (Magic)');
    expect(codesOf(whole)).not.toContain('UNKNOWN_OPERATORS');
  });

  test('because its weights lie in another file', () => {
    const split = tampered(classifier(), (_, graph) => {
      graph.initializer = [
        {
          name: 'W',
          dims: [2, 3],
          data_type: 1,
          data_location: 1,
          external_data: [{ key: 'location', value: 'w.bin' }],
        },
      ];
    });

    expect(findingOf(split, 'EXTERNAL_DATA')?.what).toContain('"W"');
  });

  const outside = {
    name: 'W',
    dims: [2, 3],
    data_type: 1,
    data_location: 1,
    external_data: [{ key: 'location', value: '../proc/self/environ' }],
  };
  const graphOf = (more: object) => ({ node: [], initializer: [], input: [], output: [], ...more });

  test.each([
    ['the value of a constant', { attribute: [{ name: 'value', type: 4, t: outside }] }],
    ['a list of tensors', { attribute: [{ name: 'values', type: 9, tensors: [outside] }] }],
    ['a sparse constant', { attribute: [{ name: 'value', type: 11, sparse_tensor: { values: outside } }] }],
    [
      'the branch of a condition',
      { attribute: [{ name: 'then_branch', type: 5, g: graphOf({ initializer: [outside] }) }] },
    ],
    [
      'a sparse initializer of a loop',
      { attribute: [{ name: 'body', type: 5, g: graphOf({ sparse_initializer: [{ indices: outside }] }) }] },
    ],
  ])('because %s lies in another file, which would be one of ours', (_, node) => {
    const hidden = tampered(classifier(), (_model, graph) => {
      graph.node = [...(graph.node as object[]), { op_type: 'Constant', input: [], output: ['c'], ...node }];
    });

    expect(findingOf(hidden, 'EXTERNAL_DATA')?.what).toContain('"W"');
  });

  test('because a function of its own has a constant in another file', () => {
    const hidden = tampered(classifier(), (model) => {
      const node = [
        { op_type: 'Constant', output: ['c'], attribute: [{ name: 'value', type: 4, t: outside }] },
      ];
      model.functions = [{ name: 'Magic', domain: 'com.acme', node }];
    });

    expect(findingOf(hidden, 'EXTERNAL_DATA')?.what).toContain('"W"');
  });

  test('because ZipMap hides the probabilities', () => {
    const codes = codesOf(withZipMap());

    expect(codes).toContain('OUTPUT_NOT_A_TENSOR');
    expect(findingOf(withZipMap(), 'OUTPUT_NOT_A_TENSOR')).toMatchObject({
      what: 'output "output_probability" is a sequence made by ZipMap, and only tensors can be read',
      fix: expect.stringContaining('{"zipmap": False}'),
    });
    expect(adoptModel({ bytes: withZipMap(), resolved: penguins }).kind).toBe('refused');
  });

  test('because it takes a fixed number of rows', () => {
    const finding = findingOf(classifier({ inputShape: [1, 2] }), 'FIXED_BATCH');

    expect(finding).toMatchObject({
      what: 'input "X" takes exactly 1 row(s) at a time',
      fix: expect.stringContaining('initial_types=[("X", FloatTensorType([None, 2]))]'),
    });
  });

  test('because it takes images', () => {
    expect(codesOf(classifier({ inputShape: ['N', 3, 224, 224] }))).toContain('INPUT_SHAPE');
  });
});

describe('a model that does not fit the data', () => {
  test('because what is said beside it is wrong', () => {
    const wrong = JSON.parse('{"inputs": "all of them"}');

    expect(adoptModel({ bytes: classifier(), resolved: penguins, sidecar: wrong })).toMatchObject({
      kind: 'refused',
      findings: [
        { code: 'SIDECAR_WRONG', what: expect.stringContaining('signature.json is wrong at inputs') },
      ],
    });
  });

  test('because its tensor has another width', () => {
    expect(findingOf(classifier({ inputShape: ['N', 4] }), 'INPUT_UNMATCHED')?.what).toBe(
      'input "X" takes 4 columns, the data has 2: Bill Length, mass',
    );
  });

  test('because an input is named like no column', () => {
    const graph = classifierGraph({ inputName: 'mass', inputShape: ['N', 1] });
    graph.input('wingspan', 'float32', ['N', 1]);

    expect(findingOf(encodeOnnxModel(graph), 'INPUT_UNMATCHED')?.what).toContain(
      '"wingspan" is named like no column',
    );
  });

  test('because an input is of a type its column cannot become', () => {
    const finding = findingOf(classifier({ inputName: 'island', inputShape: ['N', 1] }), 'INPUT_TYPE');

    expect(finding?.what).toBe('input "island" is float32, its column "island" is a category');
  });

  test('because it wants to be told the answer', () => {
    const bytes = classifier({ inputName: 'late', inputShape: ['N', 1], classes: 2 });

    expect(codesOf(bytes, { resolved: lateFlights })).toContain('INPUT_IS_TARGET');
  });

  test('because it needs a column the data has not', () => {
    const bytes = classifier({ metadata: { features: '["mass", "beak"]' } });

    expect(findingOf(bytes, 'INPUT_UNMATCHED')?.what).toBe('input "X" needs "beak", which the data has not');
  });

  test('because it knows more classes, or others', () => {
    const more = classifier({ ...named, classes: 4 });
    const others = classifier({ ...named, labels: ['Adelie', 'Chinstrap', 'Emperor'] });

    expect(findingOf(more, 'OUTPUT_WIDTH')?.what).toContain('has 4 columns, the target has 3 classes');
    expect(findingOf(others, 'CLASSES_DIFFER')?.what).toContain('Adelie, Chinstrap, Emperor');
  });

  test('because it gives labels only', () => {
    const graph = new OnnxGraph();
    const x = graph.input('mass', 'float32', ['N', 1]);
    const label = graph.node('Cast', [x], { outputs: ['label'], attributes: { to: { int: 7 } } });
    graph.output(label, 'int64', ['N', 1]);

    expect(findingOf(encodeOnnxModel(graph), 'OUTPUT_MISSING')?.what).toContain('there are "label" (int64)');
  });

  test('because a regression answers two numbers', () => {
    expect(codesOf(regressor(2), { resolved: prices })).toEqual(['OUTPUT_MISSING']);
  });
});
