export { Baseline, LanePromise, readBaseline } from './baseline.ts';
export { type BaselineParts, buildBaseline } from './build-baseline.ts';
export { comparedRows, type WeekdayRows, widenedBy } from './compared-rows.ts';
