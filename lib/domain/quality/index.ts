export {
  type CalibrationInput,
  CalibrationMap,
  calibrate,
  calibrateClasses,
  calibrator,
  fitCalibration,
  rowCalibrator,
} from './calibration.ts';
export { columnsOf, type ErrorModel, leafOf } from './error-model.ts';
export { type BinaryEstimate, type BinaryEstimateInput, estimateBinary } from './estimate-binary.ts';
export {
  estimateMulticlass,
  type MulticlassEstimate,
  type MulticlassEstimateInput,
} from './estimate-multiclass.ts';
export { expectedAuc } from './expected-auc.ts';
export { fitIsotonic, type IsotonicFit, type IsotonicInput } from './isotonic.ts';
export { type JudgedEstimate, judgeEstimate, referenceFor } from './judge-estimate.ts';
export {
  judgeEstimatedErrors,
  judgeEstimatedQuality,
  judgeReliability,
  minReferenceWindows,
  type QualityReference,
  qualityReference,
  type Reliability,
} from './judge-estimated.ts';
export {
  countErrors,
  type ErrorCount,
  type ErrorMoments,
  judgeRealisedErrors,
  judgeRealisedQuality,
  measureErrors,
  minErrorRise,
  missingLabel,
} from './judge-realised.ts';
export { isKnown, type Measure, maxDeviations, minQualityLoss, share, type Unknown } from './known.ts';
export {
  delayQuantile,
  judgeCoverage,
  type LabelCoverage,
  type LabelledWindow,
  labelDelayMs,
  minCoverage,
} from './label-coverage.ts';
export { ClassQuality, ErrorTree, QualityBaseline, Reference, ValueQuality } from './quality-baseline.ts';
export {
  mergeQualityCounts,
  type QualityCounter,
  type QualityCounts,
  type QualityParts,
  qualityCounter,
} from './quality-counter.ts';
export type { AnsweredRow, EstimatedQuality } from './row-counter.ts';
