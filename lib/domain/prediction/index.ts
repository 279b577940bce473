export {
  type ClassAnswer,
  openInferenceMetadata,
  openInferenceOutputs,
  type PlainAnswer,
  plainAnswers,
  shownNumber,
  type ValueAnswer,
} from './answers.ts';
export { predictionMetrics } from './metric-names.ts';
export { type OpenInferenceRequest, readOpenInferenceRequest } from './open-inference-request.ts';
export type { OpenInferenceTensor, TensorMetadata } from './open-inference-types.ts';
export { readPlainRows } from './plain-rows.ts';
