export { addFeatureGraph, type FeatureGraph } from './feature-graph.ts';
export { type FitOptions, fitFeatures } from './fit-features.ts';
export type {
  FittedFeatures,
  NumberFeature,
  NumberRule,
  OneHotFeature,
  Scaling,
  TargetMeanFeature,
} from './fitted-features.ts';
export { featureSignatureInputs } from './signature-inputs.ts';
