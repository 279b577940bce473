import { MillraceError } from '../../../wire/errors.ts';
import type { TrainingTask } from '../training-matrix.ts';
import type { RootedTree } from '../trees/boosted-tree.ts';
import { readXgboostDocument, type XgboostDocument } from './xgboost-document.ts';
import { readXgboostTree } from './xgboost-tree.ts';

/** What a model of XGBoost says, in the terms of our own trees; a row goes left when its value < threshold. */
export interface XgboostModel {
  readonly kind: 'xgboost';
  readonly task: TrainingTask;
  /** The release that wrote it, such as "3.0.5". */
  readonly writtenBy: string;
  readonly featureNames: readonly string[];
  /** 1 for binary and regression, the number of classes for multiclass. */
  readonly outputs: number;
  /** By output, what the sum of its trees begins with. */
  readonly baseScores: Float32Array;
  readonly trees: readonly { readonly tree: RootedTree; readonly output: number }[];
  /** Rounds kept: up to the best one where training stopped early. */
  readonly bestRound: number;
  /** By feature, the loss taken away by all splits on it in the kept rounds. */
  readonly importanceByGain: Float64Array;
}

/** What the file is held against: the features of the matrix, and the classes of the target (none: regression). */
export interface XgboostExpectation {
  readonly featureNames: readonly string[];
  readonly classes?: readonly string[] | undefined;
}

/** What to ask XGBoost for, by task. */
export const xgboostObjectives = {
  binary: 'binary:logistic',
  multiclass: 'multi:softprob',
  regression: 'reg:squarederror',
} as const satisfies Record<TrainingTask, string>;

/** Texts of the file may be as long as the file. */
const refuse = (what: string): never => {
  throw new MillraceError('TRAINING_OUTPUT_INVALID', `the model of XGBoost ${what.slice(0, 300)}`);
};

const taskFor = (classes: readonly string[] | undefined): TrainingTask => {
  if (classes === undefined) return 'regression';
  return classes.length === 2 ? 'binary' : 'multiclass';
};

const requireMatch = (document: XgboostDocument, expected: XgboostExpectation): TrainingTask => {
  const { objective, learner_model_param } = document.learner;
  const { num_feature, num_class, num_target } = learner_model_param;
  const { featureNames, classes } = expected;
  const task = taskFor(classes);
  if (objective.name !== xgboostObjectives[task])
    refuse(`has the objective ${objective.name}, expected ${xgboostObjectives[task]} for a ${task} task`);
  if (num_feature !== featureNames.length)
    refuse(`was trained on ${num_feature} features, expected ${featureNames.length}`);
  if (task === 'multiclass' && num_class !== classes?.length)
    refuse(`tells ${num_class} classes apart, expected ${classes?.length}`);
  if (num_target > 1) refuse(`predicts ${num_target} targets, expected 1`);
  return task;
};

/**
 * The base score as margins. It is one number, or from 3.1 on a bracketed list of them; a probability where the objective
 * is logistic, and a margin elsewhere. float32 all the way, as XGBoost computes it.
 */
const baseMargins = (text: string, task: TrainingTask, outputs: number): Float32Array => {
  const scores = text
    .replace(/^\[|\]$/g, '')
    .split(',')
    .map(Number);
  if (scores.some((score) => !Number.isFinite(score)) || (scores.length !== 1 && scores.length !== outputs))
    refuse(`has the base score ${text.slice(0, 100)}, expected 1 or ${outputs} numbers`);
  return Float32Array.from({ length: outputs }, (_, output) => {
    const score = Math.fround(scores[scores.length === 1 ? 0 : output] as number);
    if (task !== 'binary') return score;
    if (!(score > 0 && score < 1)) refuse(`has the base score ${text}, expected a probability`);
    return -Math.log(Math.fround(Math.fround(1 / score) - 1));
  });
};

/** How many rounds count: all, or those up to the best where training stopped early. */
const roundsKept = ({ learner }: XgboostDocument): number => {
  const rounds = learner.gradient_booster.model.iteration_indptr.length - 1;
  const best = learner.attributes.best_iteration;
  if (best === undefined) return rounds;
  const place = Number(best);
  if (!Number.isInteger(place) || place < 0) refuse(`names "${best}" as its best round`);
  return Math.min(rounds, place + 1);
};

/**
 * Reads what the built-in XGBoost left behind, for the features and classes it was given. Throws TRAINING_OUTPUT_INVALID
 * for older formats, other boosters (dart, gblinear) and objectives, splits by category, and what does not fit together.
 */
export const readXgboostModel = (bytes: Uint8Array, expected: XgboostExpectation): XgboostModel => {
  const document = readXgboostDocument(bytes);
  const task = requireMatch(document, expected);
  const { model } = document.learner.gradient_booster;
  const outputs = task === 'multiclass' ? (expected.classes?.length ?? 0) : 1;
  const bestRound = roundsKept(document);
  const count = model.iteration_indptr[bestRound] ?? Number.NaN;
  if (!(Number.isInteger(count) && count >= 0))
    refuse(`does not say how many trees its ${Math.max(0, bestRound)} round(s) have`);
  if (count > model.trees.length || model.tree_info.length !== model.trees.length)
    refuse(`has ${model.trees.length} trees, expected ${Math.max(count, model.tree_info.length)}`);
  const { featureNames } = expected;
  const importanceByGain = new Float64Array(featureNames.length);
  const trees = model.trees.slice(0, count).map((given, place) => {
    const output = model.tree_info[place] as number;
    if (!(Number.isInteger(output) && output >= 0 && output < outputs))
      refuse(`has a tree for output ${output}, expected 0 to ${outputs - 1}`);
    const { tree, gains } = readXgboostTree(given, place, featureNames.length);
    for (const [node, feature] of tree.features.entries())
      importanceByGain[feature] = (importanceByGain[feature] as number) + (gains[node] as number);
    return { tree, output };
  });
  return {
    kind: 'xgboost',
    task,
    writtenBy: Array.from(document.version).join('.'),
    featureNames,
    outputs,
    baseScores: baseMargins(document.learner.learner_model_param.base_score, task, outputs),
    trees,
    bestRound,
    importanceByGain,
  };
};
