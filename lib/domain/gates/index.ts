export type { GateSettings } from './absolute-gates.ts';
export { fairBinomialTail } from './binomial-tail.ts';
export {
  gateWords,
  limitInWords,
  numbersInWords,
  pathWords,
  rowsByConcern,
  rowVerdictWords,
} from './challenger-words.ts';
export { type DataInput, dataGate, quarantineScore } from './data-gate.ts';
export { DataGateReport } from './data-gate-report.ts';
export { GateResult, Verdict, verdictOf } from './gate-result.ts';
export { ChallengerGate, GateRow, RowVerdict, standingOf } from './gate-row.ts';
export { type GoldenInput, goldenGate, goldenMargin, minGoldenRows } from './golden-gate.ts';
export { type GoldenRankingInput, goldenRankingGate } from './golden-ranking-gate.ts';
export {
  acceptedBy,
  type BatchRows,
  type ClassCounts,
  judgeBatch,
  type UsualRows,
} from './judge-batch.ts';
export { ChallengerPath, ChallengerVerdict, judgeChallenger } from './judge-challenger.ts';
export { type Advantage, type GateInput, judgeGates, type PrimaryMetric } from './judge-gates.ts';
export { type RecentBootstrapInput, recentBootstrapGate } from './recent-bootstrap-gate.ts';
export {
  countDisagreements,
  type Disagreements,
  minDisagreements,
  minRecentGain,
  minRecentRows,
  recentGate,
} from './recent-gate.ts';
export { type SanityInput, sanityGate } from './sanity-gate.ts';
export { type Asked, whoIsAsked } from './who-is-asked.ts';
