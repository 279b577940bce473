export { columnsOfTransform, FeatureTransform } from './feature-transform.ts';
export { modelJsonPage, modelJsonSchema } from './model-json-page.ts';
export { ModelName } from './model-name.ts';
export { parseModelSpec } from './parse-model-spec.ts';
export { QualityRules } from './quality-rules.ts';
export type { ResolvedColumn, ResolvedSpec } from './resolved-spec.ts';
export {
  isOwnTrainer,
  learningParameters,
  ModelSpec,
  type OwnTrainerSpec,
  type TrainerSpec,
} from './spec.ts';
export { type SpecConflict, specConflicts } from './spec-conflicts.ts';
