import * as z from 'zod';
import { fitIsotonic } from './isotonic.ts';
import type { Unknown } from './known.ts';

const rises = (values: readonly number[], isStrict: boolean): boolean =>
  values.every((value, index) => {
    const before = values[index - 1];
    return before === undefined || (isStrict ? before < value : before <= value);
  });

export const CalibrationMap = z
  .object({
    schemaVersion: z.literal(1),
    /** Labelled rows it was fitted on. */
    rows: z.int().min(1),
    /** What the model said, strictly rising. */
    scores: z.array(z.number()).min(1),
    /** How often that came true; never falls. */
    probabilities: z.array(z.number().min(0).max(1)),
  })
  .refine(({ scores, probabilities }) => scores.length === probabilities.length, {
    error: 'expected one probability a score',
  })
  .refine(({ scores, probabilities }) => rises(scores, true) && rises(probabilities, false), {
    error: 'expected scores that rise and probabilities that never fall',
  });
/** From what a model says to how often that comes true: corners of a rising line, fitted on validation rows. */
export type CalibrationMap = z.infer<typeof CalibrationMap>;

export interface CalibrationInput {
  readonly scores: ArrayLike<number>;
  /** 1 where the row turned out to be of the class, 0 where not, NaN where nobody knows: such rows are left out. */
  readonly outcomes: ArrayLike<number>;
  readonly weights?: ArrayLike<number>;
}

const clip = (value: number): number => Math.min(1, Math.max(0, value));

/** Fits the map. Rows of one class only would make every probability 0 or 1, which no rows can prove: unknown. */
export const fitCalibration = ({ scores, outcomes, weights }: CalibrationInput): CalibrationMap | Unknown => {
  let rows = 0;
  let [lowest, highest] = [Infinity, -Infinity];
  for (let row = 0; row < outcomes.length; row++) {
    const outcome = outcomes[row] as number;
    if (!Number.isFinite(outcome) || !Number.isFinite(scores[row]) || !((weights?.[row] ?? 1) > 0)) continue;
    rows += 1;
    lowest = Math.min(lowest, outcome);
    highest = Math.max(highest, outcome);
  }
  if (rows === 0) return { unknown: 'no labelled row to calibrate on' };
  if (lowest < 0 || highest > 1) throw new RangeError(`outcomes lie in [0, 1], got ${lowest} to ${highest}`);
  if (lowest === highest) return { unknown: `all ${rows} labelled row(s) are of one class` };
  const fit = fitIsotonic({ x: scores, y: outcomes, ...(weights && { weights }) });
  return { schemaVersion: 1, rows, scores: [...fit.x], probabilities: fit.y.map(clip) };
};

/**
 * The map as a function: straight between corners, level outside of them, within [0, 1]. NaN stays NaN: a missing score is
 * missing. O(log corners) a row.
 */
export const calibrator = ({ scores, probabilities }: CalibrationMap): ((score: number) => number) => {
  const x = Float64Array.from(scores);
  const y = Float64Array.from(probabilities, clip);
  const last = x.length - 1;
  return (score) => {
    if (Number.isNaN(score)) return Number.NaN;
    if (score <= (x[0] as number)) return y[0] as number;
    if (score >= (x[last] as number)) return y[last] as number;
    let [low, high] = [0, last];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((x[middle] as number) <= score) low = middle;
      else high = middle;
    }
    const [x0, x1, y0, y1] = [x[low] as number, x[high] as number, y[low] as number, y[high] as number];
    // Rounding could lift the end of a stretch above the next corner, and the map would fall there.
    return Math.min(y1, y0 + (y1 - y0) * ((score - x0) / (x1 - x0)));
  };
};

/** The calibrated probability of every row. */
export const calibrate = (map: CalibrationMap, scores: Float64Array | Float32Array): Float64Array =>
  Float64Array.from(scores, calibrator(map));

/**
 * One map a class, one against the rest, a row divided by its sum: p_k = m_k(s_k) / Σ_j m_j(s_j). A row all maps call
 * impossible is even between the classes (as scikit-learn's `CalibratedClassifierCV`). Calibrates the row in place.
 */
export const rowCalibrator = (maps: readonly CalibrationMap[]): ((row: Float64Array) => void) => {
  const byClass = maps.map(calibrator);
  const size = maps.length;
  return (row) => {
    let sum = 0;
    for (let index = 0; index < size; index++) {
      const p = (byClass[index] as (score: number) => number)(row[index] as number);
      row[index] = p;
      sum += p;
    }
    for (let index = 0; index < size; index++)
      row[index] = sum === 0 ? 1 / size : (row[index] as number) / sum;
  };
};

/** Every row calibrated by `rowCalibrator`. Row-major [rows, classes]. */
export const calibrateClasses = (
  maps: readonly CalibrationMap[],
  scores: Float64Array | Float32Array,
): Float64Array => {
  const size = maps.length;
  if (size === 0 || scores.length % size !== 0)
    throw new RangeError(`${scores.length} scores are not rows of ${size} classes`);
  const calibrateRow = rowCalibrator(maps);
  const calibrated = Float64Array.from(scores);
  for (let start = 0; start < calibrated.length; start += size)
    calibrateRow(calibrated.subarray(start, start + size));
  return calibrated;
};
