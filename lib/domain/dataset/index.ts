export type { BatchFacts } from './batch-facts.ts';
export {
  type ColumnStatistics,
  type DatetimeFormat,
  datetimeFormats,
  doubtfulWords,
  falseWords,
  missingWords,
  presentAs,
  type Readings,
  type Storage,
  trueWords,
} from './column-statistics.ts';
export {
  type Column,
  type ColumnKind,
  type ColumnTable,
  missingDatetime,
  type Target,
} from './column-table.ts';
export {
  type DatasetManifest,
  type DatasetSource,
  dataSpecHashOf,
  datasetVersionOf,
} from './dataset-manifest.ts';
export {
  type ColumnProfile,
  type DatasetProfile,
  type DatetimeProfile,
  type NumberProfile,
  profiledKinds,
  profileQuantiles,
  type TextProfile,
  type ValueCount,
} from './dataset-profile.ts';
export { forceKind, type InferredKind, inferKind, type Reading } from './infer-kind.ts';
export { type ColumnFacts, type PlannedColumn, planColumns } from './plan-columns.ts';
export { qualityChecksOf } from './quality-checks.ts';
export {
  type NewRows,
  type QualityCheck,
  type QualityDimension,
  type QualityReport,
  type QualityRows,
  qualityReportOf,
  type ReasonCount,
} from './quality-report.ts';
export { type SourceFormat, sourceFormatOf } from './source-format.ts';
