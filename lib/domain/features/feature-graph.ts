import type { OnnxGraph } from '../onnx/index.ts';
import { featureSources } from './feature-names.ts';
import type { FittedFeatures, NumberRule, Scaling } from './fitted-features.ts';
import { type GraphBuilder, graphBuilder } from './graph-builder.ts';
import { oneHots, targetMeans } from './graph-categories.ts';
import { addNumbers } from './graph-numbers.ts';
import { addScaling } from './graph-scaling.ts';
import { featureSignatureInputs } from './signature-inputs.ts';

export interface FeatureGraph {
  /** The tensor of the matrix, float32 [N, F]. */
  readonly features: string;
  /** F names, unique. */
  readonly featureNames: readonly string[];
  /** For each feature the raw columns it is computed from. */
  readonly sourceColumns: readonly (readonly string[])[];
}

/**
 * Adds the raw columns as inputs and everything that turns them into the feature matrix. Computed in float64 and
 * rounded to float32 once, at the end, so that trainer and runtime compare the same numbers.
 */
export const addFeatureGraph = (graph: OnnxGraph, fitted: FittedFeatures): FeatureGraph => {
  for (const { tensor, type } of featureSignatureInputs(fitted)) graph.input(tensor, type, ['N', 1]);
  const builder = graphBuilder(graph);
  const parts = [...numericPart(builder, fitted)];
  if (fitted.oneHots.length > 0) parts.push(oneHots(builder, fitted.oneHots));
  const features = builder.cast(builder.concat(parts), 'float32');
  const sources = featureSources(fitted);
  return {
    features,
    featureNames: sources.map(({ name }) => name),
    sourceColumns: sources.map(({ columns }) => columns),
  };
};

/** Every number and target mean, filled and scaled where the model asks for it: one tensor, or none. */
const numericPart = (builder: GraphBuilder, fitted: FittedFeatures): string[] => {
  const blocks = byKind(fitted.numbers.map(({ rule }) => rule)).map((rules) => addNumbers(builder, rules));
  if (fitted.targetMeans.length > 0) blocks.push(targetMeans(builder, fitted.targetMeans));
  if (blocks.length === 0) return [];
  const numbers = builder.concat(blocks);
  const scalings = allScalings(fitted);
  return [scalings.length === 0 ? numbers : addScaling(builder, numbers, scalings)];
};

/** In the order of the columns; empty for models that take numbers as they are. */
const allScalings = ({ numbers, targetMeans }: FittedFeatures): readonly Scaling[] => [
  ...numbers.flatMap(({ scaling }) => scaling ?? []),
  ...targetMeans.flatMap(({ scalings }) => scalings ?? []),
];

const byKind = (rules: readonly NumberRule[]): NumberRule[][] => [
  ...Map.groupBy(rules, ({ kind }) => kind).values(),
];
