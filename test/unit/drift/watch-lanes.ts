import { judgeWindow } from '../../../lib/domain/drift/index.ts';
import {
  judgeLane,
  type LaneRule,
  type LaneState,
  laneRuleOf,
} from '../../../lib/domain/lane-alarms/index.ts';
import { type Answer, type ConceptStream, watchStream } from '../../support/streams/index.ts';

export const baselineRows = 5000;
export const windowRows = 500;
const windowHours = 24;

/** How often a lane goes into alarm while its points come in. */
const alarmsOf = (scores: readonly (number | undefined)[], rule: LaneRule): number => {
  let state: LaneState = 'unknown';
  let alarms = 0;
  scores.forEach((_, index) => {
    const next = judgeLane(scores.slice(0, index + 1), rule, state);
    if (next === 'alarm' && state !== 'alarm') alarms += 1;
    state = next;
  });
  return alarms;
};

/** Watches so many windows of a stream: alarms of the lanes that look at inputs and answers, and accuracy by window. */
export const watchLanes = (stream: ConceptStream, answer: Answer, windows: number) => {
  const watched = watchStream({ stream, answer, baselineRows });
  const judged = Array.from({ length: windows }, () => {
    const { profile, right } = watched.nextWindow(windowRows);
    return { ...judgeWindow(watched.baseline, profile), accuracy: right / windowRows };
  });
  const drift = judged.map((window) => window.drift?.score);
  const quality = judged.map(({ dataQuality }) => dataQuality.score);
  return {
    driftAlarms: alarmsOf(drift, laneRuleOf('drift', windowHours)),
    qualityAlarms: alarmsOf(quality, laneRuleOf('data-quality', windowHours)),
    /** A window that could not be judged is no proof of anything: infinite. */
    largestDrift: Math.max(...drift.map((score) => score ?? Number.POSITIVE_INFINITY)),
    accuracy: judged.map((window) => window.accuracy),
  };
};
