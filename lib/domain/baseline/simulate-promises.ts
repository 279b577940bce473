import { requiredRows } from '../drift/index.ts';
import { laneRuleOf } from '../lane-alarms/index.ts';
import type { LanePromise } from './baseline.ts';
import { drawnScores } from './drawn-windows.ts';
import { breachShareOf, leastWidening, monthsBetween, type SimulatedScores } from './false-pages.ts';
import { type SimulatedLane, simulatedLanes } from './lane-scores.ts';
import type { SimulationInput } from './simulation-input.ts';
import { timedScores } from './timed-windows.ts';

const spoken = (months: number): string => {
  if (months > 1200) return 'more than 100 years';
  return `${months >= 10 ? Math.round(months) : Number(months.toPrecision(2))} months`;
};

const pages = (months: number): string =>
  Number.isFinite(months) ? `one false page in ${spoken(months)}` : 'no false page';

const wordsOf = ({ scores, words }: SimulatedScores): string => `${scores.length} windows ${words}`;

/** What can be promised of a lane by all that was simulated of it; `undefined` where nothing could be. */
const promiseOf = (
  lane: SimulatedLane,
  all: readonly SimulatedScores[],
  { windowHours, falsePageMonths }: SimulationInput,
): LanePromise | undefined => {
  const rule = laneRuleOf(lane, windowHours);
  const known = all.filter(({ scores }) => scores.length > 0);
  const monthsAt = (by: number) => known.map((simulated) => monthsBetween(simulated, rule, by));
  const months = monthsAt(1);
  const asItIs = Math.min(...months);
  const worst = known[months.indexOf(asItIs)];
  if (worst === undefined) return undefined;
  const widenedBy = leastWidening(known, rule, falsePageMonths);
  const after = Math.min(...monthsAt(widenedBy));
  const seen = Number.isFinite(asItIs)
    ? `${pages(asItIs)}, by ${wordsOf(worst)}`
    : `${pages(asItIs)} in ${known.map(wordsOf).join(' and in ')}`;
  return {
    lane,
    windows: worst.scores.length,
    breachShare: breachShareOf(worst),
    ...(Number.isFinite(after) && { monthsBetweenFalsePages: after }),
    widenedBy,
    because: widenedBy === 1 ? seen : `${seen}; widened ${widenedBy} times: ${pages(after)}`,
  };
};

/**
 * How often each lane would ring though nothing has changed, by the model's own validation rows in windows of the least
 * size it judges, and by how much it is widened so as to ring no more often than once in `falsePageMonths`. About a
 * second; the same input and seed give the same promises.
 */
export const simulatePromises = (input: SimulationInput): readonly LanePromise[] => {
  const { baseline, minRows, windowHours } = input;
  const needed = requiredRows(baseline.rows, baseline.columns.length, minRows);
  const drawn = drawnScores(input, needed);
  const timed = timedScores(input);
  return simulatedLanes.flatMap((lane) => {
    const all: SimulatedScores[] = [
      {
        scores: drawn[lane],
        hours: windowHours,
        isSequence: false,
        words: `of ${needed} rows drawn from validation`,
      },
    ];
    if (timed)
      all.push({
        scores: timed.scores[lane],
        hours: timed.hours,
        isSequence: true,
        words: 'of validation in the order of time',
      });
    return promiseOf(lane, all, input) ?? [];
  });
};
