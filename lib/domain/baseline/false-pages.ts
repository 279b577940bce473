import { judgeLane, type LaneRule, type LaneState } from '../lane-alarms/index.ts';

/**
 * How often a lane rings though nothing has changed.
 *
 *     p    share of windows that breach            M of N    breaches that ring, of windows looked at
 *     λ    alarms a window ≤ C(N−1, M−1) · p^M      the M-th breach falls on this window: exact for small p, else too many
 *     months between two alarms = hours of a window / (λ · 730.5)
 *
 * That takes windows for independent. Of windows that follow each other in time alarms are counted as well, since bad
 * days come together; the larger λ counts.
 */
export interface SimulatedScores {
  readonly scores: readonly number[];
  /** From one window to the next. */
  readonly hours: number;
  /** They follow each other in time. */
  readonly isSequence: boolean;
  /** What they are, in words. */
  readonly words: string;
}

const hoursPerMonth = 730.5;

const choose = (n: number, k: number): number => {
  let product = 1;
  for (let i = 1; i <= k; i += 1) product = (product * (n - k + i)) / i;
  return product;
};

/** Alarms a window, of independent windows of which this share breaches. */
export const alarmRate = (breachShare: number, { breaches, outOf }: LaneRule): number =>
  Math.min(1, choose(outOf - 1, breaches - 1) * breachShare ** breaches);

/** How often a lane goes into alarm over windows in their order. */
const countAlarms = (scores: readonly number[], rule: LaneRule): number => {
  let state: LaneState = 'ok';
  let alarms = 0;
  scores.forEach((_, index) => {
    const next = judgeLane(scores.slice(Math.max(0, index + 1 - rule.outOf), index + 1), rule, state);
    if (next === 'alarm' && state !== 'alarm') alarms += 1;
    state = next;
  });
  return alarms;
};

export const breachShareOf = ({ scores }: Pick<SimulatedScores, 'scores'>): number =>
  scores.length === 0 ? 0 : scores.filter((score) => score >= 1).length / scores.length;

/** Months between two false pages where scores are divided by so much; Infinity where no window breaches. */
export const monthsBetween = (simulated: SimulatedScores, rule: LaneRule, widenedBy: number): number => {
  const scores = simulated.scores.map((score) => score / widenedBy);
  const independent = alarmRate(breachShareOf({ scores }), rule);
  if (independent === 0) return Infinity;
  const counted = simulated.isSequence ? countAlarms(scores, rule) / scores.length : 0;
  return simulated.hours / (Math.max(independent, counted) * hoursPerMonth);
};

/**
 * The least widening, to a hundredth, with which so many months lie between two false pages. Only a limit that passes a
 * score changes anything, so that those are tried, the smallest first; past the largest nothing rings.
 */
export const leastWidening = (all: readonly SimulatedScores[], rule: LaneRule, months: number): number => {
  const isKept = (by: number) => all.every((simulated) => monthsBetween(simulated, rule, by) >= months);
  const limits = [
    ...new Set(
      all
        .flatMap(({ scores }) => scores.filter((score) => score >= 1))
        .map((score) => (Math.floor(score * 100) + 1) / 100),
    ),
  ].toSorted((a, b) => a - b);
  return isKept(1) ? 1 : (limits.find(isKept) ?? limits.at(-1) ?? 1);
};
