import { expectedAuc } from './expected-auc.ts';
import { type Measure, share } from './known.ts';

export interface BinaryEstimateInput {
  /** Calibrated probability of the positive class. Rows where it is NaN are left out and counted. */
  readonly probability: Float64Array;
  /** What the model answered: 1 positive, 0 negative. */
  readonly answers: ArrayLike<number>;
  /** What it ranked by, before calibration. */
  readonly score: Float64Array | Float32Array;
}

export interface BinaryEstimate {
  readonly rows: number;
  /** Rows without a probability: in none of the numbers. */
  readonly missingRows: number;
  /** Expected rows of each kind, not whole. */
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly falseNegatives: number;
  readonly trueNegatives: number;
  readonly accuracy: Measure;
  readonly precision: Measure;
  readonly recall: Measure;
  readonly f1: Measure;
  readonly auc: Measure;
  /** By how much realised accuracy would scatter around the estimate on these very rows. */
  readonly accuracySd: Measure;
}

const tally = ({ probability, answers }: BinaryEstimateInput) => {
  let [rows, positives, answered, hits, variance] = [0, 0, 0, 0, 0];
  for (let row = 0; row < probability.length; row++) {
    const p = probability[row] as number;
    if (Number.isNaN(p)) continue;
    if (p < 0 || p > 1) throw new RangeError(`row ${row}: probability ${p}, expected 0 to 1`);
    rows += 1;
    positives += p;
    variance += p * (1 - p);
    if (answers[row] !== 1) continue;
    answered += 1;
    hits += p;
  }
  return { rows, positives, answered, hits, variance };
};

/**
 * Confidence-based performance estimation: quality without labels, from calibrated probability p and answer ŷ. The method is
 * NannyML's (https://nannyml.readthedocs.io/en/stable/how_it_works/performance_estimation.html).
 *
 *     TP = Σ_{ŷ=1} p    FP = Σ_{ŷ=1} (1−p)    FN = Σ_{ŷ=0} p    TN = Σ_{ŷ=0} (1−p)
 *     sd(accuracy) = √(Σ p(1−p)) / n
 *
 * Precision, recall and F1 are ratios of these sums. It holds under covariate shift only: when the concept changes, p is
 * wrong and so is all of this. Say so wherever it is shown. One pass, and a sort for the AUC.
 */
export const estimateBinary = (input: BinaryEstimateInput): BinaryEstimate => {
  const { probability, answers, score } = input;
  if (answers.length !== probability.length || score.length !== probability.length)
    throw new RangeError(
      `${probability.length} probabilities, ${answers.length} answers, ${score.length} scores: not one each`,
    );
  const { rows, positives, answered, hits, variance } = tally(input);
  // Differences of sums: where all p are 0 or 1 rounding must not leave a count below none.
  const falseNegatives = Math.max(0, positives - hits);
  const falsePositives = Math.max(0, answered - hits);
  const trueNegatives = Math.max(0, rows - answered - falseNegatives);
  const noRows = 'no row has a probability';
  return {
    rows,
    missingRows: probability.length - rows,
    truePositives: hits,
    falsePositives,
    falseNegatives,
    trueNegatives,
    accuracy: share(hits + trueNegatives, rows, noRows),
    precision: share(hits, answered, 'the model never answers the positive class'),
    recall: share(hits, positives, 'no positive row is expected'),
    f1: share(2 * hits, answered + positives, 'no positive row is expected or answered'),
    auc: expectedAuc(probability, score),
    accuracySd: share(Math.sqrt(variance), rows, noRows),
  };
};
