import type { RandomStream } from '../random/index.ts';
import { readable } from './gate-result.ts';
import type { GateRow, RowVerdict } from './gate-row.ts';
import { aucGain, type Gain, relativeErrorGain } from './paired-gain.ts';
import { minDisagreements, minRecentGain, minRecentRows } from './recent-gate.ts';

/*
 * G2 where rows are not right or wrong: paired bootstrap (Efron and Tibshirani, An Introduction to the Bootstrap, 1993,
 * chapter 13). Each draw takes n rows with replacement, the same for both models, and measures the gain again;
 *
 *   pass = gain ≥ .005  and  the 5 % quantile of 2,000 drawn gains > 0        one-sided 95 %
 */
const draws = 2000;

export interface RecentBootstrapInput {
  readonly random: RandomStream;
  /** `auc`: truth is 0 or 1 and the models give scores; `error`: truth and answers are values. */
  readonly measure: 'auc' | 'error';
  readonly truth: ArrayLike<number>;
  readonly champion: ArrayLike<number>;
  readonly challenger: ArrayLike<number>;
  /** @default 0.005 */
  readonly minGain?: number;
}

/** The 5 % quantile, rounded outwards: 100 of 2,000 draws lie at or below it. A draw without a gain counts as lost. */
const lowerEnd = (random: RandomStream, rows: number, gain: Gain): number => {
  const gains = new Float64Array(draws);
  const times = new Int32Array(rows);
  for (let draw = 0; draw < draws; draw += 1) {
    times.fill(0);
    for (let i = 0; i < rows; i += 1) {
      const row = Math.floor(random.next() * rows);
      times[row] = (times[row] as number) + 1;
    }
    gains[draw] = gain(times) ?? -Infinity;
  }
  return gains.sort()[Math.ceil(draws * 0.05) - 1] as number;
};

const isFiniteEverywhere = (values: ArrayLike<number>): boolean => Array.from(values).every(Number.isFinite);

const whyNotAsked = (input: RecentBootstrapInput): readonly [RowVerdict, string] | undefined => {
  const { truth, champion, challenger, measure } = input;
  const rows = truth.length;
  const columns = [truth, champion, challenger];
  if (columns.some(({ length }) => length !== rows))
    return ['unknown', 'the two models did not answer the same recent rows'];
  if (!columns.every(isFiniteEverywhere)) return ['unknown', 'a recent row has no truth or no answer'];
  if (rows < minRecentRows)
    return ['too-few-rows', `${rows} recent rows, ${minRecentRows} are needed to tell`];
  const positives = Array.from(truth).filter((value) => value === 1).length;
  const rarer = Math.min(positives, rows - positives);
  // With 25 rows of the rarer class a draw misses all of them once in e²⁵ = 7e10.
  if (measure === 'auc' && rarer < minDisagreements)
    return ['too-few-rows', `${rarer} rows of the rarer class, ${minDisagreements} are needed to tell`];
  return undefined;
};

/** G2 for scores and values. Takes 2,000 × n steps and as many random numbers. */
export const recentBootstrapGate = (input: RecentBootstrapInput): GateRow => {
  const { random, measure, truth, minGain = minRecentGain } = input;
  const rows = truth.length;
  const name = measure === 'auc' ? 'AUC' : 'mean absolute error';
  const base = { gate: 'G2', subject: name, limit: minGain } as const;
  const hurdle = whyNotAsked(input);
  if (hurdle !== undefined)
    return { ...base, numbers: { rows, gain: null, low: null }, verdict: hurdle[0], because: hurdle[1] };
  const gainOf = (measure === 'auc' ? aucGain : relativeErrorGain)(input);
  const gain = gainOf(new Int32Array(rows).fill(1));
  if (gain === null) {
    const because = 'the champion makes no error: there is nothing to gain';
    return { ...base, numbers: { rows, gain, low: null }, verdict: 'fail', because };
  }
  const low = lowerEnd(random, rows, gainOf);
  const isBetter = gain >= minGain && low > 0;
  const because = `${name} is better by ${readable(gain)}, at least ${readable(low)} with 95 % confidence; ${readable(minGain)} beyond chance is asked`;
  const numbers = { rows, gain, low: Number.isFinite(low) ? low : null };
  return { ...base, numbers, verdict: isBetter ? 'pass' : 'fail', because };
};
