import { accuracy, averages, classMetrics, confusionOf, countConfusion } from './class-metrics.ts';
import { type CalibrationBin, calibrationCurve, calibrationError } from './curves.ts';
import { fileMetrics, type Known, type Measured } from './measured.ts';
import { multiclassBrier, multiclassLogLoss } from './probability-metrics.ts';
import { averagePrecision, rocAuc } from './ranking.ts';
import { requireClassIndices, requireDistributions, requireRows } from './require-evaluable.ts';
import { groupByScore, type ScoreGroups } from './score-groups.ts';

export interface MulticlassAnswers {
  readonly classes: readonly string[];
  /** Indices into `classes`. */
  readonly truth: Int32Array;
  /** Row-major [rows, classes]. */
  readonly probabilities: Float64Array | Float32Array;
  /** The class answered; default the most probable, the first of equals. */
  readonly answers?: Int32Array;
}

/** The most probable class of every row, the first of equals. */
export const mostProbable = (probabilities: Float64Array | Float32Array, classes: number): Int32Array => {
  const best = new Int32Array(probabilities.length / classes);
  for (let row = 0; row < best.length; row++) {
    let winner = 0;
    for (let index = 1; index < classes; index++) {
      const value = probabilities[row * classes + index] as number;
      if (value > (probabilities[row * classes + winner] as number)) winner = index;
    }
    best[row] = winner;
  }
  return best;
};

/** One class against the rest, ranked by its probability. */
export const oneAgainstRest = (
  { classes, truth, probabilities }: MulticlassAnswers,
  index: number,
): ScoreGroups => {
  const score = new Float64Array(truth.length);
  for (let row = 0; row < truth.length; row++)
    score[row] = probabilities[row * classes.length + index] as number;
  return groupByScore(
    Uint8Array.from(truth, (value) => (value === index ? 1 : 0)),
    score,
  );
};

/** How sure the model was of its answer, and whether the answer was right: calibration of what people are told. */
const confidence = (input: MulticlassAnswers, answers: Int32Array): ScoreGroups => {
  const { classes, truth, probabilities } = input;
  const isRight = Uint8Array.from(truth, (value, row) => (value === answers[row] ? 1 : 0));
  const sureness = Float64Array.from(
    answers,
    (answer, row) => probabilities[row * classes.length + answer] as number,
  );
  return groupByScore(isRight, sureness);
};

/** The mean over the classes that have it; a class absent from the test rows cannot be ranked and is left out. */
const macro = (values: readonly Known[]): Known => {
  const known = values.flatMap((entry) => ('value' in entry ? [entry.value] : []));
  if (known.length === 0) return { because: 'the test rows hold only one class' };
  return { value: known.reduce((sum, value) => sum + value, 0) / known.length };
};

/** Every number of a multiclass model on some rows. Precision, recall and F1 are macro means; AUC is one-vs-rest macro. */
export const measureMulticlass = (input: MulticlassAnswers): Measured => {
  const { classes, truth, probabilities } = input;
  const size = classes.length;
  requireRows(truth.length, probabilities.length, size);
  requireDistributions(probabilities, size);
  requireClassIndices(truth, size, 'the truth');
  const answers = input.answers ?? mostProbable(probabilities, size);
  requireRows(truth.length, answers.length);
  requireClassIndices(answers, size, 'the answer');
  const ranked = classes.map((_, index) => {
    const groups = oneAgainstRest(input, index);
    return { auc: rocAuc(groups), precision: averagePrecision(groups) };
  });
  const counts = countConfusion(truth, answers, size);
  const perClass = classMetrics(
    counts,
    classes,
    ranked.map(({ auc }) => auc),
  );
  const means = averages(perClass);
  const missing: Known = { because: 'not measured' };
  return {
    rows: truth.length,
    ...fileMetrics({
      accuracy: { value: accuracy(counts, size) },
      precision: means.macroPrecision ?? missing,
      recall: means.macroRecall ?? missing,
      f1: means.macroF1 ?? missing,
      ...means,
      auc: macro(ranked.map(({ auc }) => auc)),
      averagePrecision: macro(ranked.map(({ precision }) => precision)),
      logLoss: { value: multiclassLogLoss(truth, probabilities, size) },
      brier: { value: multiclassBrier(truth, probabilities, size) },
      calibrationError: { value: calibrationError(calibrationCurve(confidence(input, answers))) },
    }),
    perClass,
    confusion: confusionOf(counts, classes),
  };
};

/** Calibration of the class answered: said against came true. */
export const multiclassCalibration = (input: MulticlassAnswers): readonly CalibrationBin[] =>
  calibrationCurve(
    confidence(input, input.answers ?? mostProbable(input.probabilities, input.classes.length)),
  );

/** Numbers and curves of a multiclass model. */
export const evaluateMulticlass = (
  input: MulticlassAnswers,
): Measured & { readonly curves: { readonly calibration: readonly CalibrationBin[] } } => ({
  ...measureMulticlass(input),
  curves: { calibration: multiclassCalibration(input) },
});
