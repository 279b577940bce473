import type { FeatureGraph, FittedFeatures } from '../../domain/features/index.ts';
import { learningParameters, type TrainerSpec } from '../../domain/model-spec/index.ts';
import type { BoostedTreesModel, LinearModel, TrainingCurve } from '../../domain/training/index.ts';

/** Charts draw no more than this; longer courses keep every second, third, … round and the best and last one. */
const maxCurvePoints = 500;

const metricNames: Record<TrainingCurve['loss'], string> = {
  logLoss: 'log loss',
  meanSquaredError: 'mean squared error',
};

const curvePoints = ({ train, validation }: TrainingCurve, bestRound: number) => {
  const stride = Math.ceil(train.length / maxCurvePoints);
  return train.flatMap((loss, round) =>
    round % stride === 0 || round === bestRound || round === train.length - 1
      ? [{ round, train: loss, validation: validation[round] ?? null }]
      : [],
  );
};

/** What is said of a feature: by how much its splits lowered the loss, or its coefficient for each output. */
const weightsOf = (model: BoostedTreesModel | LinearModel, feature: number) =>
  model.kind === 'boosted-trees'
    ? { gain: model.importanceByGain[feature] ?? 0 }
    : {
        coefficients: Array.from(
          model.intercepts,
          (_, output) => model.coefficients[output * model.featureNames.length + feature] ?? 0,
        ),
      };

export interface TrainingFacts {
  readonly trainer: TrainerSpec;
  readonly seed: number;
  readonly model: BoostedTreesModel | LinearModel;
  readonly fitted: FittedFeatures;
  readonly features: FeatureGraph;
  readonly rows: { readonly train: number; readonly validation: number };
}

export type FeatureFacts = Pick<FeatureGraph, 'featureNames' | 'sourceColumns'>;

/** How much was fitted, and on which raw columns. */
export const fittedFeaturesFacts = (fitted: FittedFeatures) => ({
  columns: fitted.columns,
  numbers: fitted.numbers.length,
  oneHots: fitted.oneHots.map(({ column, values }) => ({ column, values: values.length })),
  targetMeans: fitted.targetMeans.map(({ column, values }) => ({ column, values: values.length })),
});

const keptRound = (model: BoostedTreesModel | LinearModel): number =>
  model.kind === 'boosted-trees' ? model.bestRound : model.curve.train.length - 1;

/**
 * `training.json`: how a model came about, for reports and people. It names no times, paths or runs, so that the same
 * data, spec and seed give the same bytes.
 */
export const trainingRecord = ({ trainer, seed, model, fitted, features, rows }: TrainingFacts) => {
  const bestRound = keptRound(model);
  return {
    schemaVersion: 1,
    trainer: trainer.kind,
    params: learningParameters(trainer),
    seed,
    rows,
    bestRound,
    curve: { metric: metricNames[model.curve.loss], points: curvePoints(model.curve, bestRound) },
    warnings: model.warnings,
    features: features.featureNames.map((name, feature) => ({
      name,
      columns: features.sourceColumns[feature] ?? [],
      ...weightsOf(model, feature),
    })),
    fittedFeatures: fittedFeaturesFacts(fitted),
  };
};
