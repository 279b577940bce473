import { expectedAuc } from './expected-auc.ts';
import { isKnown, type Measure, share } from './known.ts';

export interface MulticlassEstimateInput {
  readonly classes: number;
  /** Calibrated, each row summing to 1 (`calibrateClasses`): row-major [rows, classes]. Rows with a NaN are left out. */
  readonly probabilities: Float64Array;
  /** The class answered, as an index. */
  readonly answers: ArrayLike<number>;
  /** What the model said before calibration, row-major: each class is ranked by its own. */
  readonly scores: Float64Array | Float32Array;
}

export interface MulticlassEstimate {
  readonly rows: number;
  readonly missingRows: number;
  readonly accuracy: Measure;
  readonly macroPrecision: Measure;
  readonly macroRecall: Measure;
  readonly macroF1: Measure;
  /** One against the rest, mean over the classes that can be ranked. */
  readonly macroAuc: Measure;
  readonly accuracySd: Measure;
}

/** Of one class: expected hits, expected rows, rows answered. */
interface ClassSums {
  readonly hits: Float64Array;
  readonly expected: Float64Array;
  readonly answered: Float64Array;
}

const add = (to: Float64Array, index: number, value: number): void => {
  to[index] = (to[index] as number) + value;
};

const tally = ({ classes, probabilities, answers }: MulticlassEstimateInput) => {
  const zeros = () => new Float64Array(classes);
  const sums: ClassSums = { hits: zeros(), expected: zeros(), answered: zeros() };
  let [rows, right, variance] = [0, 0, 0];
  for (let row = 0; row < answers.length; row++) {
    const given = probabilities.subarray(row * classes, (row + 1) * classes);
    if (given.some(Number.isNaN)) continue;
    const answer = answers[row] as number;
    const p = given[answer];
    if (p === undefined) throw new RangeError(`row ${row}: answer ${answer} of ${classes} classes`);
    if (given.some((value) => value < 0 || value > 1))
      throw new RangeError(`row ${row}: probabilities ${given.join(', ')}, expected 0 to 1`);
    rows += 1;
    right += p;
    variance += p * (1 - p);
    add(sums.hits, answer, p);
    add(sums.answered, answer, 1);
    for (let index = 0; index < classes; index++) add(sums.expected, index, given[index] as number);
  }
  return { rows, right, variance, sums };
};

const meanOf = (values: readonly Measure[], unknown: string): Measure => {
  const known = values.filter(isKnown);
  return share(
    known.reduce((sum, value) => sum + value, 0),
    known.length,
    unknown,
  );
};

const columnOf = (values: Float64Array | Float32Array, classes: number, index: number): Float64Array =>
  Float64Array.from({ length: values.length / classes }, (_, row) => values[row * classes + index] as number);

/** Classes neither expected nor answered are left out; one never answered has precision 0, as in `evaluation`. */
const macroMeasures = ({ hits, expected, answered }: ClassSums, unknown: string) => {
  const seen = [...hits.keys()].filter((index) => (expected[index] ?? 0) + (answered[index] ?? 0) > 0);
  const mean = (whole: (index: number) => number, times = 1) =>
    meanOf(
      seen.map((index) => (whole(index) === 0 ? 0 : (times * (hits[index] as number)) / whole(index))),
      unknown,
    );
  const [e, a] = [(index: number) => expected[index] as number, (index: number) => answered[index] as number];
  return { macroPrecision: mean(a), macroRecall: mean(e), macroF1: mean((index) => e(index) + a(index), 2) };
};

/**
 * Quality of a multiclass model without labels, one class against the rest: with p_k calibrated and ŷ answered,
 *
 *     accuracy = Σ p_ŷ / n      sd = √(Σ p_ŷ(1−p_ŷ)) / n
 *     hits_k = Σ_{ŷ=k} p_k      precision_k = hits_k / #{ŷ=k}      recall_k = hits_k / Σ p_k      F1_k = 2·hits_k / (#{ŷ=k} + Σ p_k)
 *
 * and the macro measures are means over classes. Holds under covariate shift only, as `estimateBinary` does.
 */
export const estimateMulticlass = (input: MulticlassEstimateInput): MulticlassEstimate => {
  const { classes, probabilities, answers, scores } = input;
  if (probabilities.length !== answers.length * classes || scores.length !== probabilities.length)
    throw new RangeError(
      `${probabilities.length} probabilities and ${scores.length} scores for ${answers.length} answers of ${classes} classes`,
    );
  const { rows, right, variance, sums } = tally(input);
  const noRows = 'no row has a probability of every class';
  const aucs = [...sums.hits.keys()].map((index) =>
    expectedAuc(columnOf(probabilities, classes, index), columnOf(scores, classes, index)),
  );
  return {
    rows,
    missingRows: answers.length - rows,
    accuracy: share(right, rows, noRows),
    ...macroMeasures(sums, noRows),
    macroAuc: meanOf(aucs, 'no class can be ranked'),
    accuracySd: share(Math.sqrt(variance), rows, noRows),
  };
};
