export { type Compared, goldenRows, recentRow, sanityRows } from './compare-answers.ts';
export { type Champion, type EvaluationInput, evaluate } from './evaluate.ts';
export {
  type Evaluation,
  type EvaluationData,
  EvaluationDocument,
  parseEvaluation,
} from './evaluation-document.ts';
export { type Judged, judged, measure, primaryMetrics, type Task } from './measure.ts';
export { type BinaryAnswers, evaluateBinary } from './measure-binary.ts';
export { evaluateMulticlass, type MulticlassAnswers } from './measure-multiclass.ts';
export { evaluateRegression, type RegressionAnswers } from './measure-regression.ts';
export type { ClassMetrics, Confusion, Measured } from './measured.ts';
export { isBetter, keyMetrics, metricTitle } from './metric-words.ts';
export {
  type ColumnImportance,
  type Importance,
  type ImportanceInput,
  permutationImportance,
} from './permutation-importance.ts';
export { pickRows, pickTable } from './pick-rows.ts';
export { measureSlices, minSliceRows, type Slice, type SliceValue, sliceRows } from './slices.ts';
export { baselineName, priorsOf, type TrainingPriors, trivialBaseline } from './trivial-baseline.ts';
