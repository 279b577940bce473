export { type ChosenVersion, chooseVersion } from './choose-version.ts';
export { type HealthCounts, type HealthVerdict, judgeHealth } from './judge-health.ts';
export { promoted, rolledBack, withCanary, withoutChallenger, withShadow } from './moves.ts';
export { type RollOutStep, rollOutPlan } from './roll-out-plan.ts';
export { noRoute, Reign, Route, type RouteView } from './route.ts';
