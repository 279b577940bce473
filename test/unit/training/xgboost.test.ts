import { describe, expect, it } from 'vitest';
import { encodeOnnxModel, OnnxGraph } from '../../../lib/domain/onnx/index.ts';
import { addBoostedTrees, readXgboostModel } from '../../../lib/domain/training/index.ts';
import { readUbjson } from '../../../lib/domain/training/xgboost/read-ubjson.ts';
import { matrixOf } from './matrix-builders.ts';
import { runModel } from './run-model.ts';
import { numbers, ubjson, type XgboostStory, xgboostFile } from './ubjson.ts';
import stored from './xgboost-models.json' with { type: 'json' };

const marginsOf = async (
  model: ReturnType<typeof readXgboostModel>,
  rows: readonly (readonly (number | null)[])[],
): Promise<readonly number[]> =>
  Array.from((await runModel(model, matrixOf(rows), { kind: 'regression' })).value);

const features = ['a', 'b'];
const classesOf: Readonly<Record<string, readonly string[] | undefined>> = {
  binary: ['no', 'yes'],
  multiclass: ['x', 'y', 'z'],
  regression: undefined,
};

describe('a model of XGBoost', () => {
  it.each(stored)('that $xgboost saved for a $task task gives its very margins', async (story) => {
    const bytes = Uint8Array.from(Buffer.from(story.model, 'base64'));

    const model = readXgboostModel(bytes, { featureNames: features, classes: classesOf[story.task] });

    expect(model).toMatchObject({ task: story.task, writtenBy: story.xgboost, bestRound: 2 });
    expect(await marginsOf(model, story.rows)).toEqual(story.margins);
  });

  it('sends a value below the threshold left, the threshold itself right, and a missing one where it says', async () => {
    const read = (defaultLeft: number) =>
      readXgboostModel(xgboostFile({ trees: [{ threshold: 0.5, defaultLeft, left: -1, right: 1 }] }), {
        featureNames: features,
      });

    const below = Math.fround(0.5 - 2 ** -25);
    const rows = [
      [below, 0],
      [0.5, 0],
      [null, 0],
    ] as const;

    expect(await marginsOf(read(1), rows)).toEqual([-1, 1, -1]);
    expect(await marginsOf(read(0), rows)).toEqual([-1, 1, 1]);
  });

  it('begins with its base score: a probability where two classes are told apart, one number or a list', () => {
    const baseOf = (story: XgboostStory, classes?: readonly string[]) =>
      Array.from(readXgboostModel(xgboostFile(story), { featureNames: features, classes }).baseScores);

    expect(baseOf({ baseScore: '5E-1' })).toEqual([0.5]);
    expect(baseOf({ baseScore: '[-2.5E0]' })).toEqual([-2.5]);
    expect(baseOf({ baseScore: '5E-1', objective: 'binary:logistic' }, ['n', 'y'])[0]).toBeCloseTo(0, 9);
    expect(baseOf({ baseScore: '[2E-1]', objective: 'binary:logistic' }, ['n', 'y'])[0]).toBeCloseTo(
      Math.log(0.25),
      6,
    );
    const three = { objective: 'multi:softprob', numClass: 3 };
    expect(baseOf({ ...three, baseScore: '5E-1' }, ['x', 'y', 'z'])).toEqual([0.5, 0.5, 0.5]);
    expect(baseOf({ ...three, baseScore: '[1E0,2E0,-3E0]' }, ['x', 'y', 'z'])).toEqual([1, 2, -3]);
  });

  it('is cut off behind its best round', () => {
    const trees = [1, 2, 3].map((right) => ({ threshold: 0, left: 0, right }));

    const model = readXgboostModel(xgboostFile({ trees, bestIteration: 1 }), { featureNames: features });

    expect(model.bestRound).toBe(2);
    expect(model.trees).toHaveLength(2);
    expect(Array.from(model.importanceByGain)).toEqual([2, 0]);
  });

  it('of no tree at all is its base score', async () => {
    const model = readXgboostModel(xgboostFile({ trees: [], baseScore: '3E0' }), { featureNames: features });

    expect(await marginsOf(model, [[1, 2]])).toEqual([3]);
  });

  it.each<[string, XgboostStory, readonly string[] | undefined, string]>([
    [
      'another objective',
      { objective: 'reg:tweedie' },
      undefined,
      'has the objective reg:tweedie, expected reg:squarederror',
    ],
    ['another booster', { booster: 'dart' }, undefined, 'expected "gbtree"'],
    ['other features', { numFeature: 3 }, undefined, 'was trained on 3 features, expected 2'],
    [
      'other classes',
      { objective: 'multi:softprob', numClass: 4 },
      ['x', 'y', 'z'],
      'tells 4 classes apart, expected 3',
    ],
    [
      'splits by category',
      { trees: [{ threshold: 0, left: 0, right: 1, splitType: 1 }] },
      undefined,
      'splits by category',
    ],
    ['a vector in a leaf', { leafVector: 3 }, undefined, 'has leaves of 3 numbers'],
    [
      'an unknown feature',
      { trees: [{ threshold: 0, left: 0, right: 1, feature: 2 }] },
      undefined,
      'splits on feature 2',
    ],
    [
      'a feature before the first',
      { trees: [{ threshold: 0, left: 0, right: 1, feature: -1 }] },
      undefined,
      'splits on feature -1',
    ],
    [
      'half a feature',
      { trees: [{ threshold: 0, left: 0, right: 1, feature: 0.5 }] },
      undefined,
      'splits on feature 0.5',
    ],
    [
      'a threshold that is no number',
      { trees: [{ threshold: Number.NaN, left: 0, right: 1 }] },
      undefined,
      'splits at NaN',
    ],
    [
      'an infinite leaf',
      { trees: [{ threshold: 0, left: Number.POSITIVE_INFINITY, right: 1 }] },
      undefined,
      'has a leaf of Infinity',
    ],
    ['rounds of no number', { roundEnds: [0, Number.NaN] }, undefined, 'does not say how many trees'],
    ['less than no trees', { roundEnds: [0, -1] }, undefined, 'does not say how many trees'],
    ['no list of rounds at all', { roundEnds: [] }, undefined, 'does not say how many trees'],
    ['trees for no output', { treeInfo: Number.NaN }, undefined, 'has a tree for output NaN'],
    [
      'an objective of a million characters',
      { objective: 'x'.repeat(1_000_000) },
      undefined,
      'has the objective xxx',
    ],
    [
      'a tree that bites its tail',
      { trees: [{ threshold: 0, left: 0, right: 1, loops: true }] },
      undefined,
      'leads from node',
    ],
    [
      'a base score that is no probability',
      { objective: 'binary:logistic', baseScore: '[0E0]' },
      ['n', 'y'],
      'expected a probability',
    ],
    ['a base score that is no number', { baseScore: '[]x' }, undefined, 'has the base score'],
  ])('with %s is refused', (_, story, classes, reason) => {
    const read = () => readXgboostModel(xgboostFile(story), { featureNames: features, classes });

    expect(read).toThrow(
      expect.objectContaining({
        name: 'TRAINING_OUTPUT_INVALID',
        // Short enough for the state of an execution, whatever the file says of itself.
        message: expect.stringMatching(new RegExp(`^.{0,400}${reason.replace(/[[\]]/g, '\\$&')}.{0,400}$`)),
      }),
    );
  });

  it.each([
    ['a pickle', [0x80, 4], 'a Python pickle'],
    ['JSON', [0x7b, 0x22], 'JSON text'],
    ['nothing', [], 'the old binary format'],
  ])('that is %s is refused by name', (_, bytes, what) => {
    expect(() => readXgboostModel(Uint8Array.from(bytes), { featureNames: features })).toThrow(
      `the model of XGBoost is ${what}, expected UBJSON`,
    );
  });

  it('that is cut off anywhere is refused, and never read past its end', () => {
    const whole = xgboostFile({});
    expect(() => readXgboostModel(whole, { featureNames: features })).not.toThrow();

    for (let length = 0; length < whole.length; length += 1)
      expect(() => readXgboostModel(whole.subarray(0, length), { featureNames: features })).toThrow(
        expect.objectContaining({ name: 'TRAINING_OUTPUT_INVALID' }),
      );
  });

  it('keeps its place in the graph: the operator compares with BRANCH_LT', () => {
    const graph = new OnnxGraph();
    const model = readXgboostModel(xgboostFile({}), { featureNames: features });

    addBoostedTrees(graph, model, graph.input('features', 'float32', ['N', 2]), { kind: 'regression' });

    const modes = graph.nodes[0]?.attributes.nodes_modes;
    expect(modes && 'tensor' in modes && modes.tensor.data).toContain(1);
    expect(encodeOnnxModel(graph).length).toBeGreaterThan(100);
  });
});

describe('UBJSON', () => {
  it('is read in every type XGBoost may write, lists of one type as typed arrays', () => {
    const value = {
      int8: -5,
      text: 'Größe',
      yes: true,
      no: false,
      nothing: null,
      list: ['a', ['b']],
      floats: numbers('d', [0.5, -1]),
      ints: numbers('l', [1, -2]),
      longs: numbers('L', [2 ** 40]),
      bytes: numbers('U', [255]),
    };

    const read = readUbjson(ubjson(value));

    expect(read).toEqual({
      ...value,
      floats: Float32Array.of(0.5, -1),
      ints: Int32Array.of(1, -2),
      longs: Float64Array.of(2 ** 40),
      bytes: Uint8Array.of(255),
    });
  });

  it.each([
    ['an unknown marker', [0x7b, 0x69, 1, 0x61, 0x3f, 0x7d], '"?" where a number is expected'],
    ['a list longer than the file', [0x5b, 0x24, 0x64, 0x23, 0x6c, 0x7f, 0xff, 0xff, 0xff], 'bytes expected'],
    ['a list of nothings without end', [0x5b, 0x23, 0x6c, 0x7f, 0xff, 0xff, 0xff], 'members in'],
    [
      'a few bytes that stand for a hundred million values',
      [
        0x5b,
        ...Array.from({ length: 1000 }, () => [0x5b, 0x24, 0x54, 0x23, 0x6c, 0, 1, 0x86, 0xa0]).flat(),
        ...Array.from({ length: 100_000 }, () => 0x54),
        0x5d,
      ],
      'more than 10000000 values',
    ],
    ['a length below zero', [0x53, 0x69, 0xff], 'the length -1'],
    ['bytes after the end', [0x54, 0x54], '1 bytes too many'],
    ['levels without end', Array.from({ length: 100 }, () => 0x5b), 'more than 64 levels'],
    ['text that is not UTF-8', [0x53, 0x69, 1, 0xff], 'not UTF-8'],
  ])('with %s is refused where it stands', (_, bytes, reason) => {
    expect(() => readUbjson(Uint8Array.from(bytes))).toThrow(reason);
  });
});
