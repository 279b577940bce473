export {
  BaselineColumn,
  type ComparedRows,
  predictedClass,
  predictedProbability,
  predictedValue,
  profileOf,
} from './baseline-column.ts';
export {
  Bins,
  binFinder,
  type Cell,
  categoryBins,
  isPresenceOnly,
  numberBins,
  presenceBins,
} from './bins.ts';
export { cellReader } from './captured-cells.ts';
export { CapturedPrediction, readCapturedLine } from './captured-prediction.ts';
export { type ColumnDrift, columnDrift, noiseLevel, requiredRows, tolerance } from './drift-score.ts';
export {
  type ColumnMovement,
  type JudgedWindow,
  judgeWindow,
  type LaneJudgement,
  maxMissingChange,
  maxOutsideShare,
  widened,
} from './judge-window.ts';
export {
  ColumnCounts,
  emptyProfile,
  mergeProfiles,
  missingOf,
  type Profile,
  profileBuilder,
} from './profile.ts';
export { vanishedColumns, withoutColumns } from './vanished-columns.ts';
export { maxCarriedWindows, maxRecordedColumns, maxRecordedFiles, WindowRecord } from './window-record.ts';
export { type Span, weekdayOf, windowAt, windowMs, windowsEnding } from './windows.ts';
