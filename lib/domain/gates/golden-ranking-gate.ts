import { readable } from './gate-result.ts';
import type { GateRow, RowVerdict } from './gate-row.ts';
import { goldenMargin, type Loss, minGoldenRows, oneSided95, verdictOn } from './golden-gate.ts';
import { minDisagreements } from './recent-gate.ts';

/*
 * G1 where right and wrong see too little: of 1 positive in 100 a model may lose every one for a hundredth of its accuracy.
 * No worse in the area under the ROC curve, the two curves being of the same rows (DeLong, DeLong and Clarke-Pearson,
 * Biometrics 44, 1988):
 *
 *   u_i  of a positive row the share of the N negatives below it, of a negative row that of the P positives above it, ties half
 *   d_i  u_i of the champion − u_i of the challenger
 *   loss = mean(d) over the positives = AUC of the champion − AUC of the challenger
 *   bound = loss + 1.645·√(var(d, positives)/P + var(d, negatives)/N) < .02
 */
export interface GoldenRankingInput {
  /** 1 for a positive row, 0 for a negative one. */
  readonly truth: ArrayLike<number>;
  /** What each says of a row: the greater, the likelier it is positive. */
  readonly champion: ArrayLike<number>;
  readonly challenger: ArrayLike<number>;
  /** @default 0.02 */
  readonly maxLoss?: number;
}

/** u of each row. */
const placements = (truth: ArrayLike<number>, scores: ArrayLike<number>, positives: number): Float64Array => {
  const negatives = truth.length - positives;
  const order = Int32Array.from(scores, (_, row) => row).sort(
    (left, right) => (scores[left] as number) - (scores[right] as number),
  );
  const found = new Float64Array(truth.length);
  let [positivesBelow, negativesBelow] = [0, 0];
  for (let start = 0, end = 0; start < order.length; start = end) {
    const score = scores[order[start] as number];
    let level = 0;
    for (end = start; end < order.length && scores[order[end] as number] === score; end += 1)
      level += truth[order[end] as number] as number;
    const others = end - start - level;
    for (const row of order.subarray(start, end))
      found[row] =
        truth[row] === 1
          ? (negativesBelow + others / 2) / negatives
          : (positives - positivesBelow - level / 2) / positives;
    positivesBelow += level;
    negativesBelow += others;
  }
  return found;
};

const momentsOf = (values: readonly number[]) => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, varianceOfMean: squares / (values.length - 1) / values.length };
};

/** The loss in AUC and its upper end. */
const lossOf = ({ truth, champion, challenger }: GoldenRankingInput, positives: number): Loss => {
  const theirs = placements(truth, champion, positives);
  const mine = placements(truth, challenger, positives);
  const differences = Array.from(theirs, (u, row) => u - (mine[row] as number));
  const ofClass = (wanted: number) => momentsOf(differences.filter((_, row) => truth[row] === wanted));
  const [above, below] = [ofClass(1), ofClass(0)];
  const standardError = Math.sqrt(above.varianceOfMean + below.varianceOfMean);
  return { mean: above.mean, bound: above.mean + oneSided95 * standardError, standardError };
};

const rowsOf = ({ truth, champion, challenger }: GoldenRankingInput) => {
  const columns = [truth, champion, challenger];
  const isWhole = columns.every(
    (column) => column.length === truth.length && Array.from(column).every(Number.isFinite),
  );
  const positives = Array.from(truth).filter((value) => value === 1).length;
  return { isWhole, positives, rarer: Math.min(positives, truth.length - positives) };
};

/** G1 by the AUC. What cannot be told is unknown, for right and wrong alone must not pass then. */
export const goldenRankingGate = (input: GoldenRankingInput): GateRow => {
  const { truth, maxLoss = goldenMargin } = input;
  const { isWhole, positives, rarer } = rowsOf(input);
  const rows = truth.length;
  const row = (verdict: RowVerdict, because: string, numbers: Record<string, number> = {}): GateRow => ({
    gate: 'G1',
    subject: 'AUC',
    numbers: { rows, rarer, loss: null, bound: null, ...numbers },
    limit: maxLoss,
    verdict,
    because,
  });
  if (!isWhole) return row('unknown', 'a golden row has no truth or no answer of one of the two models');
  if (rows < minGoldenRows)
    return row('too-few-rows', `${rows} golden rows, ${minGoldenRows} are needed to tell`);
  if (rarer < minDisagreements)
    return row(
      'unknown',
      `${rarer} golden rows of the rarer class, ${minDisagreements} are needed to tell: refresh the golden set with more of them`,
    );
  const loss = lossOf(input, positives);
  const verdict = verdictOn(loss, maxLoss);
  const because = `AUC is worse by at most ${readable(loss.bound)} (measured ${readable(loss.mean)}, ${rarer} rows of the rarer class); less than ${readable(maxLoss)} is asked`;
  return row(verdict === 'too-few-rows' ? 'unknown' : verdict, because, {
    loss: loss.mean,
    bound: loss.bound,
  });
};
