import type { Target } from '../dataset/index.ts';
import { shownNumber } from '../prediction/index.ts';
import {
  countErrors,
  isKnown,
  type Measure,
  measureErrors,
  minReferenceWindows,
  type QualityBaseline,
  type QualityReference,
  qualityReference,
  share,
  type Unknown,
} from '../quality/index.ts';
import type { Predictions, Signature } from '../signature/index.ts';
import type { BinnedRows } from './binned-rows.ts';
import type { TimedWindow } from './cut-windows.ts';
import { fitErrorModel } from './fit-error-model.ts';
import { type ClassRows, fitMaps, honestErrors, honestProbabilities } from './honest-rows.ts';

export interface QualityRows {
  readonly predictions: Predictions;
  readonly target: Target;
  readonly signature: Signature;
  readonly binned: BinnedRows;
  /** All rows in an order that means nothing: halves are drawn from it. */
  readonly order: Uint32Array;
  /** The windows the rows make in time: what fluctuates by itself is in them. @default - cut from `order` */
  readonly windows?: readonly TimedWindow[] | undefined;
  /** The fewest rows a window of this model is judged with, and the fewest one may ever have. */
  readonly requiredRows: number;
  readonly minRows: number;
}

/** Quality of a baseline, and what it says of its own rows one by one. */
export interface BuiltQuality {
  readonly quality: QualityBaseline;
  /** Chance of being right, or the error expected: by row, fitted on other rows. */
  readonly estimates: Float64Array | Unknown;
  /** 1 where the answer was wrong, or |y − f|; NaN where nobody knows. */
  readonly errors: Float64Array;
}

/**
 * Rows of a reference window that is cut from an order: as the smallest window that is judged has, so that chance is not
 * made smaller than it will be. Where the rows do not make ten of them, shorter ones show more of it, which is on the safe
 * side, down to `minRows`.
 */
const windowRowsOf = ({ order, requiredRows, minRows }: QualityRows): number =>
  Math.max(minRows, Math.min(requiredRows, Math.floor(order.length / minReferenceWindows)));

/** Mean over the rows that have an estimate. */
const meanIn = (estimates: Float64Array, rows: Uint32Array): Measure => {
  let [known, sum] = [0, 0];
  for (const row of rows) {
    const estimate = estimates[row] as number;
    if (Number.isNaN(estimate)) continue;
    known += 1;
    sum += estimate;
  }
  return share(sum, known, 'no row has an estimate');
};

/** What was estimated over windows of so many rows, one after the other. */
export const referenceOver = (
  estimates: Float64Array,
  order: Uint32Array,
  windowRows: number,
): QualityReference | Unknown => {
  const windows = Math.floor(order.length / windowRows);
  if (windows < minReferenceWindows)
    return {
      unknown: `${order.length} validation row(s) make ${windows} window(s) of ${windowRows}, needs ${minReferenceWindows}`,
    };
  return qualityReference(
    Array.from({ length: windows }, (_, index) =>
      meanIn(estimates, order.subarray(index * windowRows, (index + 1) * windowRows)),
    ),
  );
};

/** Over the windows of time where there are any, else over windows drawn by chance. */
const estimatedOver = (estimates: Float64Array | Unknown, rows: QualityRows) => {
  const { order, windows } = rows;
  if (windows === undefined) {
    const windowRows = windowRowsOf(rows);
    return {
      estimated: isKnown(estimates) ? referenceOver(estimates, order, windowRows) : estimates,
      windowRows,
    };
  }
  const windowRows = Math.floor(
    windows.reduce((sum, window) => sum + window.rows.length, 0) / windows.length,
  );
  const estimated = isKnown(estimates)
    ? qualityReference(windows.map((window) => meanIn(estimates, window.rows)))
    : estimates;
  return { estimated, windowRows };
};

const classQuality = (classRows: ClassRows, rows: QualityRows): BuiltQuality => {
  const { predictions, truth, signature } = classRows;
  const { classes = [], positiveClass } = signature;
  const estimates = honestProbabilities(classRows, rows.order);
  const quality: QualityBaseline = {
    kind: 'classes',
    classes: [...classes],
    ...(classes.length === 2 && positiveClass !== undefined && { positiveClass }),
    maps: fitMaps(classRows, rows.order),
    ...estimatedOver(estimates, rows),
    realised: { ...countErrors(truth, predictions.labels) },
  };
  const errors = Float64Array.from(truth, (label, row) =>
    label < 0 ? Number.NaN : Number(label !== predictions.labels[row]),
  );
  return { quality, estimates, errors };
};

const valueQuality = (answers: Float64Array, truth: Float64Array, rows: QualityRows): BuiltQuality => {
  const { binned, order } = rows;
  const errors = Float64Array.from(truth, (value, row) => Math.abs(value - (answers[row] as number)));
  const known = order.filter((row) => Number.isFinite(errors[row]));
  const unknown = { unknown: `${known.length} labelled row(s), needs 2 to learn where errors are large` };
  const isEnough = known.length >= 2;
  const estimates = isEnough ? honestErrors(binned, errors, known) : unknown;
  const quality: QualityBaseline = {
    kind: 'values',
    errorModel: isEnough ? fitErrorModel(binned, errors, known) : unknown,
    ...estimatedOver(estimates, { ...rows, order: known }),
    realised: measureErrors(truth, answers),
  };
  return { quality, estimates, errors };
};

/** What quality was on the validation rows, and how to tell it without labels. */
export const buildQuality = (rows: QualityRows): BuiltQuality => {
  const { predictions, target, signature } = rows;
  if (predictions.kind === 'classes' && target.kind === 'classes')
    return classQuality({ predictions, truth: target.indices, signature }, rows);
  if (predictions.kind === 'values' && target.kind === 'values')
    return valueQuality(predictions.values.map(shownNumber), target.values, rows);
  throw new RangeError(`predictions are ${predictions.kind}, the target is ${target.kind}`);
};
