import { addFeatureGraph, type FittedFeatures, featureSignatureInputs } from '../../domain/features/index.ts';
import { learningParameters, type ResolvedSpec } from '../../domain/model-spec/index.ts';
import { encodeOnnxModel, OnnxGraph } from '../../domain/onnx/index.ts';
import { buildSignature, type Signature } from '../../domain/signature/index.ts';
import {
  addBoostedTrees,
  type OutputTask,
  readXgboostModel,
  type XgboostModel,
} from '../../domain/training/index.ts';
import { type FeatureFacts, fittedFeaturesFacts } from './training-record.ts';

export interface XgboostOutput {
  /** The file `xgboost-model` of the job. */
  readonly bytes: Uint8Array;
  readonly resolved: ResolvedSpec;
  /** The features its matrix was computed with. */
  readonly fitted: FittedFeatures;
  readonly rows: { readonly train: number; readonly validation: number };
}

const outputTask = (
  task: XgboostModel['task'],
  { classes = [], positiveClass }: ResolvedSpec,
): OutputTask => {
  if (task === 'regression') return { kind: 'regression' };
  if (task === 'multiclass') return { kind: 'multiclass', classes };
  return { kind: 'binary', classes, positiveClass: positiveClass ?? classes[1] ?? '' };
};

/** As training.json of our own trainers, without the curve: XGBoost keeps none in its model. */
const recordOf = (model: XgboostModel, { resolved, rows, fitted }: XgboostOutput, features: FeatureFacts) => {
  const { trainer } = resolved.spec;
  return {
    schemaVersion: 1,
    trainer: trainer.kind,
    writtenBy: `XGBoost ${model.writtenBy}`,
    params: learningParameters(trainer),
    seed: trainer.seed,
    rows,
    bestRound: model.bestRound,
    warnings:
      model.bestRound === 0 ? ['no tree made the loss smaller: the model is a constant'] : ([] as string[]),
    features: features.featureNames.map((name, feature) => ({
      name,
      columns: features.sourceColumns[feature] ?? [],
      gain: model.importanceByGain[feature] ?? 0,
    })),
    fittedFeatures: fittedFeaturesFacts(fitted),
  };
};

/**
 * Joins trees that XGBoost trained on our matrix with the feature graph that made the matrix: one model from raw columns to
 * answers, with the files a trainer of our own would write. Throws TRAINING_OUTPUT_INVALID.
 */
export const assembleXgboost = (
  output: XgboostOutput,
): {
  readonly onnx: Uint8Array;
  readonly signature: Signature;
  readonly record: ReturnType<typeof recordOf>;
} => {
  const { bytes, resolved, fitted } = output;
  const graph = new OnnxGraph();
  const features = addFeatureGraph(graph, fitted);
  const { classes } = resolved;
  const model = readXgboostModel(bytes, { featureNames: features.featureNames, classes });
  const outputs = addBoostedTrees(graph, model, features.features, outputTask(model.task, resolved));
  return {
    onnx: encodeOnnxModel(graph, { metadata: { trainer: resolved.spec.trainer.kind } }),
    signature: buildSignature({
      resolved,
      columns: fitted.columns,
      inputs: featureSignatureInputs(fitted),
      outputs,
    }),
    record: recordOf(model, output, features),
  };
};
