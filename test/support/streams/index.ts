export { type AgrawalOptions, agrawalStream } from './agrawal.ts';
export { type AgrawalConcept, type Applicant, agrawalClass } from './agrawal-functions.ts';
export {
  type ConceptStream,
  type ConceptSwitch,
  type StreamColumn,
  type StreamOptions,
  type StreamRows,
  tableOf,
  takeRows,
} from './concept-stream.ts';
export {
  type HyperplaneOptions,
  type HyperplaneStream,
  hyperplaneClass,
  hyperplaneStream,
} from './hyperplane.ts';
export { type LedOptions, ledBayesClass, ledDigits, ledLikelihood, ledStream } from './led.ts';
export { type NormalOptions, normalDraws, normalStream } from './normal.ts';
export { type SeaConcept, seaClass, seaStream, seaThresholds } from './sea.ts';
export { type StaggerConcept, staggerClass, staggerStream } from './stagger.ts';
export { type Answer, type WatchedStream, type WatchedWindow, watchStream } from './watched-stream.ts';
