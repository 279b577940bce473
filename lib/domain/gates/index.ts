export type { GateSettings } from './absolute-gates.ts';
export { GateResult, Verdict, verdictOf } from './gate-result.ts';
export { type Advantage, type GateInput, judgeGates, type PrimaryMetric } from './judge-gates.ts';
