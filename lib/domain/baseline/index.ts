export { Baseline, LanePromise, readBaseline } from './baseline.ts';
export { type BaselineParts, buildBaseline } from './build-baseline.ts';
export { comparedRows, type WeekdayRows, widenedBy } from './compared-rows.ts';
export { alarmRate, leastWidening, monthsBetween, type SimulatedScores } from './false-pages.ts';
export { timesOf } from './row-order.ts';
export { simulatePromises } from './simulate-promises.ts';
export type { SimulationInput } from './simulation-input.ts';
