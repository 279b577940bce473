export { columnsOfTransform, FeatureTransform } from './feature-transform.ts';
export { ModelName } from './model-name.ts';
export { QualityRules } from './quality-rules.ts';
export type { ResolvedColumn, ResolvedSpec } from './resolved-spec.ts';
export { ModelSpec, type TrainerSpec } from './spec.ts';
