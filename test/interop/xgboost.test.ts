/**
 * Models of the real XGBoost, trained on our matrix by the hyperparameters that a training job is given, turned into our
 * ONNX: from raw columns through the feature graph and the trees, the margins are those XGBoost predicts, to 1e-6 of the
 * larger of 1 and the margin; at every threshold, and at the float32 values on either side of it, too.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { openModel } from '../../lib/adapters/onnx-runtime/open-model.ts';
import { runFeatureGraph } from '../../lib/adapters/onnx-runtime/run-feature-graph.ts';
import { assembleXgboost } from '../../lib/adapters/training/assemble-xgboost.ts';
import { matrixOf } from '../../lib/adapters/training/train-on-tables.ts';
import type { ColumnTable, Target } from '../../lib/domain/dataset/index.ts';
import {
  addFeatureGraph,
  type FittedFeatures,
  featureSignatureInputs,
  fitFeatures,
} from '../../lib/domain/features/index.ts';
import { ModelSpec, type ResolvedSpec } from '../../lib/domain/model-spec/index.ts';
import { encodeOnnxModel, OnnxGraph } from '../../lib/domain/onnx/index.ts';
import { addBoostedTrees, readXgboostModel, type XgboostModel } from '../../lib/domain/training/index.ts';
import { xgboostHyperparameters } from '../../lib/domain/training-job/index.ts';
import { askPython } from './support/ask-python.ts';
import { numbersOf } from './support/labelled-matrix.ts';
import { python } from './support/parties.ts';
import { rawTable, resolvedSpec, type Task, targetOf } from './support/raw-table.ts';

const tolerance = 1e-6;

interface Story {
  readonly name: string;
  readonly task: Task;
  /** Changes of `trainer` in model.json. */
  readonly trainer?: object;
  /** Parameters of XGBoost that model.json does not offer. */
  readonly more?: object;
  readonly hasValidation?: boolean;
}

const stories: readonly Story[] = [
  { name: 'two classes', task: 'binary' },
  { name: 'three classes', task: 'multiclass' },
  { name: 'numbers', task: 'regression' },
  {
    name: 'two classes, every parameter moved',
    task: 'binary',
    trainer: {
      learningRate: 0.3,
      maxDepth: 4,
      minChildWeight: 3,
      l2: 2,
      l1: 0.1,
      minSplitGain: 0.05,
      rowShare: 0.7,
      columnShare: 0.6,
      treeMethod: 'approx',
      maxBins: 64,
      earlyStoppingRounds: 5,
    },
  },
  { name: 'numbers by exact splits', task: 'regression', trainer: { treeMethod: 'exact', maxDepth: 9 } },
  { name: 'three classes without validation rows', task: 'multiclass', hasValidation: false },
  { name: 'two classes from a base score of 0.2', task: 'binary', more: { base_score: 0.2 } },
  { name: 'three classes from a base score of 2', task: 'multiclass', more: { base_score: 2 } },
  { name: 'numbers from a base score of -7', task: 'regression', more: { base_score: -7 } },
  { name: 'forests in every round', task: 'multiclass', more: { num_parallel_tree: 3, subsample: 0.5 } },
  {
    name: 'more depth than there are rows to split',
    task: 'binary',
    trainer: { maxDepth: 20, rounds: 5, minChildWeight: 0 },
  },
];

interface Prepared extends Story {
  readonly resolved: ResolvedSpec;
  readonly fitted: FittedFeatures;
  readonly target: Target;
}

const table = rawTable(900);
const validation = rawTable(300);

const prepare = (story: Story): Prepared => {
  const { task, trainer = {} } = story;
  const target = targetOf(table, task);
  const resolved = resolvedSpec({ table, target, task, trainer: 'boosted-trees', hasTexts: true });
  const xgboost = { kind: 'xgboost', rounds: 400, ...trainer };
  const spec = ModelSpec.parse({ ...resolved.spec, trainer: xgboost });
  return {
    ...story,
    target,
    resolved: { ...resolved, spec },
    fitted: fitFeatures({ table, target, resolved }),
  };
};

const hyperparametersOf = ({ task, resolved, hasValidation = true }: Prepared) => {
  const { trainer } = resolved.spec;
  if (trainer.kind !== 'xgboost') throw new Error('expected xgboost');
  return xgboostHyperparameters(trainer, { task, classes: resolved.classes?.length, hasValidation });
};

const neighbour = (value: number, direction: 1 | -1): number => {
  const bits = new Int32Array(Float32Array.of(value).buffer);
  bits[0] = (bits[0] as number) + (value < 0 ? -direction : direction);
  return new Float32Array(bits.buffer)[0] as number;
};

/** New rows whose amount stands on every threshold of that feature, just below it and just above. */
const rowsAtThresholds = ({ trees, featureNames }: XgboostModel): ColumnTable => {
  const amount = featureNames.indexOf('amount');
  const thresholds = trees.flatMap(({ tree }) =>
    Array.from(tree.thresholds).filter((_, node) => tree.features[node] === amount),
  );
  if (thresholds.length === 0) throw new Error('no tree splits on the amount');
  const values = [...new Set(thresholds)].flatMap((t) => [t, neighbour(t, -1), neighbour(t, 1)]);
  const rows = rawTable(Math.max(values.length, 300));
  const column = rows.columns.get('amount');
  if (column?.kind !== 'number') throw new Error('expected numbers');
  column.values.set(values);
  return rows;
};

/** The margins of the whole model, features included. */
const ourMargins = (
  fitted: FittedFeatures,
  model: XgboostModel,
  rows: ColumnTable,
): Promise<Float32Array> => {
  const graph = new OnnxGraph();
  addBoostedTrees(graph, model, addFeatureGraph(graph, fitted).features, { kind: 'regression' });
  return runFeatureGraph(encodeOnnxModel(graph), featureSignatureInputs(fitted), rows);
};

const Trained = z.array(z.object({ model: z.base64(), bestRound: z.int() }));
const Answered = z.array(z.object({ margins: z.array(z.number()), answers: z.array(z.number()) }));

describe.skipIf(python === undefined)('models of XGBoost become ours', () => {
  const prepared = new Map(stories.map((story) => [story.name, prepare(story)]));
  const models = new Map<
    string,
    { readonly bytes: Uint8Array; readonly bestRound: number; readonly model: XgboostModel }
  >();
  const asked = new Map<string, ColumnTable>();
  let theirs: z.infer<typeof Answered>;

  beforeAll(async () => {
    const matrices = new Map<string, Awaited<ReturnType<typeof matrixOf>>>();
    for (const { name, fitted } of prepared.values()) {
      matrices.set(name, await matrixOf(fitted, table));
      matrices.set(`${name} validation`, await matrixOf(fitted, validation));
    }
    const trained = askPython({
      script: 'xgboost_models',
      question: {
        step: 'train',
        cases: [...prepared.values()].map((story) => ({
          name: story.name,
          more: story.more,
          hyperparameters: hyperparametersOf(story),
          target: numbersOf(story.target),
          validationTarget: story.hasValidation === false ? [] : numbersOf(targetOf(validation, story.task)),
        })),
      },
      matrices: Object.fromEntries(matrices),
      answer: Trained,
    });
    for (const [place, { name, fitted, resolved }] of [...prepared.values()].entries()) {
      const { model: base64 = '', bestRound = 0 } = trained[place] ?? {};
      const bytes = Uint8Array.from(Buffer.from(base64, 'base64'));
      const { featureNames } = addFeatureGraph(new OnnxGraph(), fitted);
      const model = readXgboostModel(bytes, { featureNames, classes: resolved.classes });
      models.set(name, { bytes, bestRound, model });
      asked.set(name, rowsAtThresholds(model));
    }
    const questions = new Map<string, Awaited<ReturnType<typeof matrixOf>>>();
    for (const { name, fitted } of prepared.values())
      questions.set(name, await matrixOf(fitted, asked.get(name) ?? table));
    theirs = askPython({
      script: 'xgboost_models',
      question: {
        step: 'answer',
        cases: [...models].map(([name, { bestRound }]) => ({ name, bestRound, model: `${name}.ubj` })),
      },
      matrices: Object.fromEntries(questions),
      files: Object.fromEntries([...models].map(([name, { bytes }]) => [`${name}.ubj`, bytes])),
      answer: Answered,
    });
  });

  it.each(stories)('$name', async ({ name, hasValidation }) => {
    const place = stories.findIndex((story) => story.name === name);
    const { fitted, resolved } = prepared.get(name) as Prepared;
    const { bytes, bestRound, model } = models.get(name) as {
      bytes: Uint8Array;
      bestRound: number;
      model: XgboostModel;
    };
    const rows = asked.get(name) as ColumnTable;
    const { margins = [], answers = [] } = theirs[place] ?? {};

    const ours = await ourMargins(fitted, model, rows);
    const { onnx, signature } = assembleXgboost({
      bytes,
      resolved,
      fitted,
      rows: { train: 900, validation: 300 },
    });
    const opened = await openModel(onnx, signature);
    const predicted = await opened.run(rows);
    await opened.release();

    expect(model.bestRound).toBe(bestRound);
    if (hasValidation !== false && !/depth than/.test(name)) expect(bestRound).toBeLessThan(400);
    expect(ours.length).toBe(margins.length);
    expect(new Set(margins).size).toBeGreaterThan(20);
    const errors = margins.map(
      (margin, at) => Math.abs(margin - (ours[at] ?? Number.NaN)) / Math.max(1, Math.abs(margin)),
    );
    expect(Math.max(...errors)).toBeLessThan(tolerance);
    const given =
      predicted.kind === 'values'
        ? predicted.values
        : predicted.probabilities.filter((_, at) => resolved.classes?.length !== 2 || at % 2 === 1);
    expect(given.length).toBe(answers.length);
    const distances = answers.map(
      (value, at) => Math.abs(value - (given[at] ?? Number.NaN)) / Math.max(1, Math.abs(value)),
    );
    expect(Math.max(...distances)).toBeLessThan(tolerance);
  });

  it('refuses what it cannot serve, each with its reason', () => {
    const misfits = askPython({
      script: 'xgboost_models',
      question: { step: 'misfits' },
      answer: z.record(z.string(), z.base64()),
    });

    const refusalOf = (name: string, classes: readonly string[] = ['no', 'yes']): string => {
      const bytes = Uint8Array.from(Buffer.from(misfits[name] ?? '', 'base64'));
      try {
        readXgboostModel(bytes, { featureNames: ['a', 'b'], classes });
        return 'served';
      } catch (error) {
        return (error as Error).message;
      }
    };
    expect(refusalOf('categories')).toContain('splits by category');
    expect(refusalOf('dart')).toContain('gradient_booster.name: expected "gbtree"');
    expect(refusalOf('gblinear')).toContain('gradient_booster.name: expected "gbtree"');
    expect(refusalOf('poisson')).toContain('has the objective count:poisson, expected binary:logistic');
    expect(refusalOf('vector leaves', ['a', 'b', 'c'])).toMatch(
      /tree 0 of the model of XGBoost has|trees\.0/,
    );
    expect(refusalOf('json')).toContain('is JSON text, expected UBJSON');
    expect(refusalOf('binary')).toContain('is the old binary format, expected UBJSON');
    expect(refusalOf('pickle')).toContain('is a Python pickle, expected UBJSON');
  });
});
