export { isCaptured } from './is-captured.ts';
export {
  type JudgedLabel,
  judgeLabel,
  type LabelFacts,
  maxLabelCharacters,
  type RawLabel,
} from './judge-label.ts';
export { LabelFile, LabelIntake } from './label-file.ts';
export { LabelLine } from './label-line.ts';
export { predictedAtOf } from './prediction-id.ts';
export { readMoment } from './read-moment.ts';
export { RealisedWindow } from './realised-window.ts';
export { rowKeyOf } from './row-key.ts';
