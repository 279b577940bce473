import { accuracy, averages, classMetrics, confusionOf, countConfusion } from './class-metrics.ts';
import {
  type CalibrationBin,
  type CurvePoint,
  calibrationCurve,
  calibrationError,
  precisionRecallCurve,
  rocCurve,
} from './curves.ts';
import { fileMetrics, type Known, type Measured, ratio } from './measured.ts';
import { binaryBrier, binaryLogLoss } from './probability-metrics.ts';
import { aucStandardError, averagePrecision, rocAuc, z95 } from './ranking.ts';
import { requireProbabilities, requireRows } from './require-evaluable.ts';
import { groupByScore, type ScoreGroups } from './score-groups.ts';

export interface BinaryAnswers {
  /** 1 where the row is of the positive class, else 0. */
  readonly isPositive: Uint8Array;
  /** The probability of the positive class. */
  readonly probability: Float64Array | Float32Array;
  /** The positive class is answered from this probability on. */
  readonly threshold: number;
  /** What the model answered, 1 for positive, when it decided by itself; replaces the threshold. */
  readonly answers?: Int32Array;
  /** Negative, then positive. */
  readonly classes?: readonly [string, string];
}

const mean = (values: Float64Array | Float32Array): number => {
  let sum = 0;
  for (let row = 0; row < values.length; row++) sum += values[row] as number;
  return sum / values.length;
};

const answered = ({ answers, probability, threshold }: BinaryAnswers): Int32Array =>
  answers ?? Int32Array.from(probability, (value) => (value >= threshold ? 1 : 0));

const rankingMetrics = (groups: ScoreGroups): Record<string, Known> => {
  const auc = rocAuc(groups);
  const error = aucStandardError(groups);
  const bound = (side: -1 | 1): Known => {
    if ('because' in auc) return auc;
    if ('because' in error) return error;
    return { value: Math.min(1, Math.max(0, auc.value + side * z95 * error.value)) };
  };
  return {
    auc,
    aucStandardError: error,
    aucLow: bound(-1),
    aucHigh: bound(1),
    averagePrecision: averagePrecision(groups),
  };
};

/** Every number of a binary model on some rows. Precision, recall and F1 are those of the positive class. */
export const measureBinary = (input: BinaryAnswers): Measured => {
  const { isPositive, probability, classes = ['negative', 'positive'] } = input;
  requireRows(isPositive.length, probability.length);
  requireProbabilities(probability);
  const groups = groupByScore(isPositive, probability);
  const counts = countConfusion(Int32Array.from(isPositive), answered(input), 2);
  const ranking = rankingMetrics(groups);
  const auc = ranking.auc ?? { because: 'not ranked' };
  const perClass = classMetrics(counts, classes, [auc, auc]);
  const [, falsePositives = 0, falseNegatives = 0, hits = 0] = counts;
  const rows = isPositive.length;
  return {
    rows,
    ...fileMetrics({
      accuracy: { value: accuracy(counts, 2) },
      precision: ratio(hits, hits + falsePositives, 'the model never answers the positive class'),
      recall: ratio(hits, hits + falseNegatives, 'the test rows hold no positive row'),
      f1: ratio(2 * hits, 2 * hits + falsePositives + falseNegatives, 'no positive row, true or answered'),
      ...averages(perClass),
      ...ranking,
      logLoss: { value: binaryLogLoss(isPositive, probability) },
      brier: { value: binaryBrier(isPositive, probability) },
      calibrationError: { value: calibrationError(calibrationCurve(groups)) },
      positiveShare: { value: groups.positiveRows / rows },
      meanProbability: { value: mean(probability) },
    }),
    perClass,
    confusion: confusionOf(counts, classes),
  };
};

export interface BinaryCurves {
  readonly roc: readonly CurvePoint[];
  readonly precisionRecall: readonly CurvePoint[];
  readonly calibration: readonly CalibrationBin[];
}

/** The curves of a binary model, at most 200 points each. */
export const binaryCurves = ({ isPositive, probability }: BinaryAnswers): BinaryCurves => {
  const groups = groupByScore(isPositive, probability);
  return {
    roc: rocCurve(groups),
    precisionRecall: precisionRecallCurve(groups),
    calibration: calibrationCurve(groups),
  };
};

/** Numbers and curves of a binary model. */
export const evaluateBinary = (input: BinaryAnswers): Measured & { readonly curves: BinaryCurves } => ({
  ...measureBinary(input),
  curves: binaryCurves(input),
});
