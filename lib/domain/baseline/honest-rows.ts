import { shownNumber } from '../prediction/index.ts';
import {
  type CalibrationMap,
  calibrator,
  type ErrorModel,
  fitCalibration,
  isKnown,
  leafOf,
  rowCalibrator,
  type Unknown,
} from '../quality/index.ts';
import type { Predictions, Signature } from '../signature/index.ts';
import type { BinnedRows } from './binned-rows.ts';
import { fitErrorModel, thinned } from './fit-error-model.ts';

/** Rows that calibration maps are fitted on, over all classes: the sort of more takes seconds. */
const maxCalibrationRows = 150_000;

type ClassPredictions = Extract<Predictions, { kind: 'classes' }>;

/** The classes whose probability is calibrated: of two, the positive one alone. */
export const calibratedClasses = ({ classes = [], positiveClass }: Signature): readonly number[] => {
  const positive = positiveClass === undefined ? -1 : classes.indexOf(positiveClass);
  return classes.length === 2 && positive >= 0 ? [positive] : [...classes.keys()];
};

export interface ClassRows {
  readonly predictions: ClassPredictions;
  readonly truth: Int32Array;
  readonly signature: Signature;
}

/**
 * The map of a class that no row is of, among several: it never came true. In n rows its share is below 3/n nineteen times
 * of twenty, which moves no estimate; without it one rare class would leave all of them unknown.
 */
const neverTrue = (rows: number): CalibrationMap => ({
  schemaVersion: 1,
  rows,
  scores: [0.5],
  probabilities: [0],
});

/** One map a calibrated class, fitted on some of the rows; or why a class has none. Scores as answers show them. */
export const fitMaps = (
  { predictions, truth, signature }: ClassRows,
  rows: Uint32Array,
): CalibrationMap[] | Unknown => {
  const { classes = [] } = signature;
  const calibrated = calibratedClasses(signature);
  const used = thinned(rows, Math.ceil(maxCalibrationRows / calibrated.length));
  const labelled = used.filter((row) => (truth[row] as number) >= 0);
  const maps: CalibrationMap[] = [];
  for (const index of calibrated) {
    const outcomes = Float64Array.from(labelled, (row) => Number(truth[row] === index));
    if (calibrated.length > 1 && labelled.length > 0 && !outcomes.includes(1)) {
      maps.push(neverTrue(labelled.length));
      continue;
    }
    const scores = Float64Array.from(labelled, (row) =>
      shownNumber(predictions.probabilities[row * classes.length + index] as number),
    );
    const map = fitCalibration({ scores, outcomes });
    if (!isKnown(map)) return { unknown: `"${classes[index]}" cannot be calibrated: ${map.unknown}` };
    maps.push(map);
  }
  return maps;
};

/** Calibrates the class answered in a row: of two classes by the one map there is, else one class against the rest. */
const answeredProbability = (
  { predictions, signature }: ClassRows,
  maps: readonly CalibrationMap[],
): ((row: number) => number) => {
  const { labels, probabilities } = predictions;
  const width = signature.classes?.length ?? 0;
  const scoreOf = (row: number, index: number) => shownNumber(probabilities[row * width + index] as number);
  const calibrated = calibratedClasses(signature);
  const [positive = 0] = calibrated;
  if (calibrated.length === 1) {
    const calibratedScore = calibrator(maps[0] as CalibrationMap);
    return (row) => {
      const p = calibratedScore(scoreOf(row, positive));
      return labels[row] === positive ? p : 1 - p;
    };
  }
  const scores = new Float64Array(width);
  const calibrateRow = rowCalibrator(maps);
  return (row) => {
    for (let index = 0; index < width; index += 1) scores[index] = scoreOf(row, index);
    calibrateRow(scores);
    return scores[labels[row] as number] as number;
  };
};

/**
 * Every row of an order estimated by what was fitted on the other half of them (every second row): an estimate of rows it
 * was fitted on would flatter itself. Rows that are in no half are NaN.
 */
const crossFitted = <Fit>(
  rows: number,
  order: Uint32Array,
  learn: (half: Uint32Array) => Exclude<Fit, Unknown> | Unknown,
  estimate: (fitted: Exclude<Fit, Unknown>) => (row: number) => number,
): Float64Array | Unknown => {
  const filled = new Float64Array(rows).fill(Number.NaN);
  for (const side of [0, 1]) {
    const fitted = learn(order.filter((_, place) => place % 2 !== side));
    if (!isKnown(fitted)) return fitted as Unknown;
    const estimateRow = estimate(fitted as Exclude<Fit, Unknown>);
    for (let place = side; place < order.length; place += 2) {
      const row = order[place] as number;
      filled[row] = estimateRow(row);
    }
  }
  return filled;
};

/** The chance that each answer is right, by maps fitted on other rows. */
export const honestProbabilities = (rows: ClassRows, order: Uint32Array): Float64Array | Unknown =>
  crossFitted<CalibrationMap[]>(
    rows.truth.length,
    order,
    (half) => fitMaps(rows, half),
    (maps) => answeredProbability(rows, maps),
  );

/** The error expected in each row, by trees fitted on other rows. */
export const honestErrors = (
  binned: BinnedRows,
  errors: Float64Array,
  order: Uint32Array,
): Float64Array | Unknown =>
  crossFitted<ErrorModel>(
    binned.rows,
    order,
    (half) => fitErrorModel(binned, errors, half),
    (model) => (row) => estimatedError(model, binned, row),
  );

const estimatedError = ({ start, trees }: ErrorModel, { places, width }: BinnedRows, row: number): number => {
  const placeOf = (column: number) => places[row * width + column] as number;
  return trees.reduce((sum, tree) => sum + (tree.value[leafOf(tree, placeOf)] as number), start);
};
