export {
  budgetDays,
  decide,
  leadingSignal,
  maxRetrains,
  type RetrainingState,
  type Verdict,
} from './decide.ts';
export { type AlarmFacts, isOwnBreach, raiseSignals, type SignalFacts } from './raise-signals.ts';
export { hasRows, isOnlyFromLabels, isRetrain, readHistory } from './read-history.ts';
export { Decision, Lease, Pause, Signal, signalKinds } from './records.ts';
