import { type Lane, lanes } from '../../wire/names.ts';
import type { LaneRule } from './judge-lane.ts';

/** The lanes of a model nobody sends labels of, where quality can be estimated. That of realised quality comes with labels. */
export const watchedLanes = ['data-quality', 'drift', 'estimated-quality', 'freshness'] as const;

/**
 * When each lane rings. Bad data is wrong at once; a single window of drift is weather, two of three are climate; a
 * gap says nothing about drift, and everything about freshness.
 */
const laneRules: Readonly<Record<Lane, LaneRule>> = {
  'data-quality': { breaches: 1, outOf: 1, whenMissing: 'ignore' },
  drift: { breaches: 2, outOf: 3, whenMissing: 'ignore' },
  'estimated-quality': { breaches: 2, outOf: 3, whenMissing: 'ignore' },
  'realised-quality': { breaches: 2, outOf: 3, whenMissing: 'ignore' },
  freshness: { breaches: 2, outOf: 2, whenMissing: 'breaching' },
};

/** CloudWatch looks back a week at most, and a laptop as far as CloudWatch. */
const lookBackHours = 168;

/**
 * The rule of a lane whose windows are so long: of those longer than 56 hours as many as fit in a week, and no more
 * breaches than that. Of a single one gaps say nothing: from its end until its point is written, the point before is out of
 * sight already, and freshness would ring after every window.
 */
export const laneRuleOf = (lane: Lane, windowHours: number): LaneRule => {
  const { breaches, outOf, whenMissing } = laneRules[lane];
  const fitting = Math.max(1, Math.min(outOf, Math.floor(lookBackHours / windowHours)));
  const isAlone = fitting === 1 && whenMissing === 'breaching';
  return {
    breaches: Math.min(breaches, fitting),
    outOf: fitting,
    whenMissing: isAlone ? 'ignore' : whenMissing,
  };
};

/** How long the slowest alarm looks back, in hours: what is changed shows in no less. */
export const alarmSpanHours = (windowHours: number): number =>
  windowHours * Math.max(...lanes.map((lane) => laneRuleOf(lane, windowHours).outOf));
