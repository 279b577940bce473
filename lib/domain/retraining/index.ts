export {
  budgetDays,
  decide,
  maxRetrains,
  type RetrainingState,
  type Verdict,
} from './decide.ts';
export { type AlarmFacts, isOwnBreach, raiseSignals, type SignalFacts } from './raise-signals.ts';
export { batchesOf, hasRows, isOnlyFromLabels, isRetrain, readHistory } from './read-history.ts';
export { Decision, Lease, Pause, Signal, signalKinds } from './records.ts';
export { answeredNow, batchesAsked, isNewData, maxAnswered, newDataSignal, raiseAlone } from './signals.ts';
