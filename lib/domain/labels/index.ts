export { isCaptured } from './is-captured.ts';
export {
  type JudgedLabel,
  judgeLabel,
  type LabelFacts,
  maxLabelCharacters,
  type RawLabel,
} from './judge-label.ts';
export {
  type JudgedLabels,
  judgeLabels,
  minLabelledRows,
  type RealisedFacts,
  waitMs,
} from './judge-realised-window.ts';
export { LabelFile, LabelIntake } from './label-file.ts';
export { LabelLine } from './label-line.ts';
export { type KnownLabel, type LabelTable, labelTable, laterLabel } from './label-table.ts';
export { predictedAtOf } from './prediction-id.ts';
export { readMoment } from './read-moment.ts';
export { type LabelIssue, readPostedLabels } from './read-posted-labels.ts';
export { type RealisedCounter, type RealisedCounts, realisedCounter } from './realised-counter.ts';
export { RealisedWindow } from './realised-window.ts';
export { rowKeyOf } from './row-key.ts';
export { type TrainingColumns, trainingRowOf } from './training-row.ts';
