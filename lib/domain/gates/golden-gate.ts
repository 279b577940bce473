import { readable } from './gate-result.ts';
import type { GateRow, RowVerdict } from './gate-row.ts';

/*
 * G1, non-inferiority on a frozen, trusted golden set G. The challenger is no worse when even the upper end of the
 * one-sided 95 % interval of its loss is below the margin (the usual test of non-inferiority, here paired):
 *
 *   classes  d_i = [champion right] − [challenger right]
 *            bound = mean(d) + 1.645·sd(d)/√|G| < .02
 *   values   e_i = |truth − champion|, f_i = |truth − challenger|, R = Σf/Σe, d_i = (f_i − R·e_i)/mean(e)
 *            bound = (R − 1) + 1.645·sd(d)/√|G| < .02    relative; the variance of a ratio, Cochran,
 *                                                        Sampling Techniques, 3rd edition, 6.4
 *
 * sd divides by |G| − 1. Rows on which the two differ often need to be many: where even a challenger that loses nothing
 * would miss the margin more than once in 100 times,
 *
 *            (1.645 + 2.326)·sd(d)/√|G| > .02
 *
 * and its loss is not shown to be one, loss ≥ .02 and loss > z·sd(d)/√|G|, the rows are too few to tell. z is 2.326 for all
 * rows. Of k slices the worst looks bad by chance: there z = √(2·ln(k/.02)), from P(Z > z) ≤ ½·e^(−z²/2) for all k together.
 */
export const goldenMargin = 0.02;
export const oneSided95 = 1.645;
const oneSided99 = 2.326;

/** Below, sd is not to be trusted: 200 rows without one disagreement still bound the loss by 3/200 = .015 < .02. */
export const minGoldenRows = 200;

/** A number a row, in the golden set's order: for classes 1 where the answer is right and 0 where not; for values the absolute error. */
export interface GoldenInput {
  readonly task: 'classes' | 'values';
  readonly champion: ArrayLike<number>;
  readonly challenger: ArrayLike<number>;
  /** Row numbers by slice. */
  readonly slices?: Readonly<Record<string, ArrayLike<number>>> | undefined;
  /** @default 0.02 */
  readonly maxLoss?: number;
}

export interface Loss {
  readonly mean: number;
  readonly bound: number;
  /** sd(d)/√|G| */
  readonly standardError: number;
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

const boundOf = (loss: number, deviations: readonly number[]): Loss => {
  const rows = deviations.length;
  const middle = mean(deviations);
  const squares = deviations.reduce((sum, d) => sum + (d - middle) ** 2, 0);
  const standardError = Math.sqrt(squares / (rows - 1) / rows);
  return { mean: loss, bound: loss + oneSided95 * standardError, standardError };
};

const lossOfRights = (champion: readonly number[], challenger: readonly number[]): Loss => {
  const d = champion.map((right, i) => right - (challenger[i] as number));
  return boundOf(mean(d), d);
};

/** A champion without error is lost to by any error at all: the ratio is then infinite. */
const lossOfErrors = (champion: readonly number[], challenger: readonly number[]): Loss => {
  const scale = mean(champion);
  const theirs = mean(challenger);
  if (scale === 0) {
    const loss = theirs === 0 ? 0 : Infinity;
    return { mean: loss, bound: loss, standardError: 0 };
  }
  const ratio = theirs / scale;
  return boundOf(
    ratio - 1,
    challenger.map((error, i) => (error - ratio * (champion[i] as number)) / scale),
  );
};

const finiteOrNull = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** How many standard errors show a loss, where so many slices are looked at for one. */
const shownFrom = (slices: number): number => Math.sqrt(2 * Math.log(slices / 0.02));

/** Neither a loss is shown, nor could its absence be. */
const cannotTell = ({ mean: loss, standardError }: Loss, margin: number, isShownFrom: number): boolean => {
  const isLoss = loss >= margin && loss > isShownFrom * standardError;
  return !isLoss && (oneSided95 + oneSided99) * standardError > margin;
};

/** Too few rows, where neither could be shown. */
export const verdictOn = (loss: Loss, margin: number, isShownFrom = oneSided99): RowVerdict => {
  if (loss.bound < margin) return 'pass';
  return cannotTell(loss, margin, isShownFrom) ? 'too-few-rows' : 'fail';
};

const judge = (
  input: GoldenInput,
  subject: string,
  rows: readonly number[],
  isShownFrom?: number,
): GateRow => {
  const margin = input.maxLoss ?? goldenMargin;
  const pick = (values: ArrayLike<number>) => rows.map((row) => values[row] ?? Number.NaN);
  const row = (verdict: RowVerdict, because: string, loss?: Loss): GateRow => ({
    gate: 'G1',
    subject,
    numbers: {
      rows: rows.length,
      loss: finiteOrNull(loss?.mean ?? Number.NaN),
      bound: finiteOrNull(loss?.bound ?? Number.NaN),
    },
    limit: margin,
    verdict,
    because,
  });
  if (rows.length === 0) return row('unknown', 'there are no golden rows');
  if (rows.length < minGoldenRows)
    return row('too-few-rows', `${rows.length} golden rows, ${minGoldenRows} are needed to tell`);
  const loss = (input.task === 'classes' ? lossOfRights : lossOfErrors)(
    pick(input.champion),
    pick(input.challenger),
  );
  if (Number.isNaN(loss.bound))
    return row('unknown', 'a golden row has no answer of one of the two models', loss);
  const what = input.task === 'classes' ? 'accuracy' : 'relative error';
  const verdict = verdictOn(loss, margin, isShownFrom);
  const told = `${what} is worse by at most ${readable(loss.bound)} (measured ${readable(loss.mean)}, ${rows.length} rows); less than ${readable(margin)} is asked`;
  const doubt = ', and so few rows cannot tell where the two models differ so often';
  return row(verdict, verdict === 'too-few-rows' ? `${told}${doubt}` : told, loss);
};

/** G1: all golden rows, then every slice. A slice without rows is one with too few. */
export const goldenGate = (input: GoldenInput): GateRow[] => {
  const { champion, challenger, slices = {} } = input;
  const length = Math.max(champion.length, challenger.length);
  const all = judge(
    input,
    'all rows',
    Array.from({ length }, (_, row) => row),
  );
  const judged = Object.values(slices).filter(({ length: rows }) => rows >= minGoldenRows).length;
  const bySlice = Object.entries(slices).map(([name, rows]): GateRow => {
    const row = judge(input, name, Array.from(rows), shownFrom(Math.max(1, judged)));
    return rows.length === 0 ? { ...row, verdict: 'too-few-rows' } : row;
  });
  return [all, ...bySlice];
};
