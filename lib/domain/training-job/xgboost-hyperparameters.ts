import type { TrainerSpec } from '../model-spec/index.ts';
import { type TrainingTask, xgboostObjectives } from '../training/index.ts';

export type XgboostSpec = Extract<TrainerSpec, { kind: 'xgboost' }>;

/** What early stopping watches. */
const metrics = {
  binary: 'logloss',
  multiclass: 'mlogloss',
  regression: 'rmse',
} as const satisfies Record<TrainingTask, string>;

/** The target in the words of XGBoost. */
export interface XgboostTask {
  readonly task: TrainingTask;
  /** Multiclass only. */
  readonly classes?: number | undefined;
  /** Without validation rows nothing can stop early. */
  readonly hasValidation: boolean;
}

/** Hyperparameters of the built-in XGBoost; SageMaker takes text only, and refuses a name it does not know. */
export const xgboostHyperparameters = (
  trainer: XgboostSpec,
  { task, classes, hasValidation }: XgboostTask,
): Readonly<Record<string, string>> => {
  const numbers: Readonly<Record<string, number>> = {
    num_round: trainer.rounds,
    eta: trainer.learningRate,
    max_depth: trainer.maxDepth,
    min_child_weight: trainer.minChildWeight,
    lambda: trainer.l2,
    alpha: trainer.l1,
    gamma: trainer.minSplitGain,
    subsample: trainer.rowShare,
    colsample_bytree: trainer.columnShare,
    max_bin: trainer.maxBins,
    seed: trainer.seed,
    ...(hasValidation && { early_stopping_rounds: trainer.earlyStoppingRounds }),
    ...(task === 'multiclass' && classes !== undefined && { num_class: classes }),
  };
  return {
    ...Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, String(value)])),
    tree_method: trainer.treeMethod,
    objective: xgboostObjectives[task],
    eval_metric: metrics[task],
    // A spot machine that is taken back leaves what it has, beside the checkpoints.
    save_model_on_termination: 'true',
  };
};
