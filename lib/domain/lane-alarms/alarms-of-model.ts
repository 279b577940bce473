import type { Lane } from '../../wire/names.ts';
import type { LaneRule } from './judge-lane.ts';

/** The lanes that have points from the first window on. Those of quality come with their series. */
export const watchedLanes = ['data-quality', 'drift', 'freshness'] as const;
export type WatchedLane = (typeof watchedLanes)[number];

/**
 * When each lane rings. Bad data is wrong at once; a single window of drift is weather, two of three are climate; a
 * gap says nothing about drift, and everything about freshness.
 */
export const laneRules: Readonly<Record<Lane, LaneRule>> = {
  'data-quality': { breaches: 1, outOf: 1, whenMissing: 'ignore' },
  drift: { breaches: 2, outOf: 3, whenMissing: 'ignore' },
  'estimated-quality': { breaches: 2, outOf: 3, whenMissing: 'ignore' },
  'realised-quality': { breaches: 2, outOf: 3, whenMissing: 'ignore' },
  freshness: { breaches: 2, outOf: 2, whenMissing: 'breaching' },
};

/** How long the slowest alarm looks back, in hours: what is changed shows in no less. */
export const alarmSpanHours = (windowHours: number): number =>
  windowHours * Math.max(...Object.values(laneRules).map(({ outOf }) => outOf));
