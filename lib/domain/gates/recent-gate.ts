import { fairBinomialTail } from './binomial-tail.ts';
import { readable } from './gate-result.ts';
import { type GateRow, isAtMost, type RowVerdict } from './gate-row.ts';

/*
 * G2, superiority on the recent hold-out, by McNemar's exact one-sided test (Q. McNemar, Psychometrika 12, 1947): of n
 * rows answered by both, b only the champion has right and c only the challenger. If neither were better, c would be
 * Bin(b + c, ½):
 *
 *   pass = c − b ≥ .005·n  and  P(Bin(b + c, ½) ≥ c) ≤ .05,    asked from b + c ≥ 25 and n ≥ 500
 */
export const minRecentRows = 500;
export const minDisagreements = 25;
/** The share of rows, the AUC or the share of the error that a challenger must gain to be worth a roll-out. */
export const minRecentGain = 0.005;
const maxChance = 0.05;

export interface Disagreements {
  readonly rows: number;
  /** b */
  readonly championOnly: number;
  /** c */
  readonly challengerOnly: number;
}

/** Counts b and c from 1 (right) and 0 (wrong) a row; null unless both answered the same rows. */
export const countDisagreements = (
  champion: ArrayLike<number>,
  challenger: ArrayLike<number>,
): Disagreements | null => {
  if (champion.length !== challenger.length) return null;
  let championOnly = 0;
  let challengerOnly = 0;
  for (let row = 0; row < champion.length; row += 1) {
    const difference = (champion[row] as number) - (challenger[row] as number);
    if (difference > 0) championOnly += 1;
    if (difference < 0) challengerOnly += 1;
  }
  return { rows: champion.length, championOnly, challengerOnly };
};

const isPossible = ({ rows, championOnly, challengerOnly }: Disagreements): boolean =>
  [rows, championOnly, challengerOnly].every((count) => Number.isSafeInteger(count) && count >= 0) &&
  championOnly + challengerOnly <= rows;

const judge = (counts: Disagreements, chance: number, minGain: number): readonly [RowVerdict, string] => {
  const { rows, championOnly: b, challengerOnly: c } = counts;
  if (rows < minRecentRows)
    return ['too-few-rows', `${rows} recent rows, ${minRecentRows} are needed to tell`];
  if (b + c < minDisagreements)
    return ['too-few-rows', `the models disagree on ${b + c} rows, ${minDisagreements} are needed to tell`];
  const story = `the challenger alone is right on ${c} rows, the champion alone on ${b}, of ${rows}`;
  const gain = (c - b) / rows;
  if (!isAtMost(minGain, gain))
    return ['fail', `${story}: a gain of ${readable(gain)}, ${readable(minGain)} is asked`];
  if (chance > maxChance)
    return [
      'fail',
      `${story}: chance alone does that with p = ${readable(chance)}, at most ${maxChance} is asked`,
    ];
  return ['pass', `${story} (p = ${readable(chance)})`];
};

/** G2 for classes. Null, or counts that cannot be, are unknown. */
export const recentGate = (counts: Disagreements | null, minGain = minRecentGain): GateRow => {
  const base = { gate: 'G2', subject: 'accuracy', limit: maxChance } as const;
  if (counts === null || !isPossible(counts))
    return {
      ...base,
      numbers: { rows: counts?.rows ?? null, p: null },
      verdict: 'unknown',
      because: 'the two models did not answer the same recent rows',
    };
  const { rows, championOnly, challengerOnly } = counts;
  const p = fairBinomialTail(championOnly + challengerOnly, challengerOnly);
  const [verdict, because] = judge(counts, p, minGain);
  const gain = rows === 0 ? null : (challengerOnly - championOnly) / rows;
  return { ...base, numbers: { rows, championOnly, challengerOnly, gain, p }, verdict, because };
};
