import { type ColumnCounts, type ComparedRows, judgeWindow } from '../drift/index.ts';
import {
  isKnown,
  judgeEstimatedErrors,
  judgeEstimatedQuality,
  judgeRealisedErrors,
  judgeRealisedQuality,
  type QualityReference,
  type Unknown,
} from '../quality/index.ts';
import type { LanePromise } from './baseline.ts';
import type { BuiltQuality } from './build-quality.ts';

/** The lanes that can ring falsely while rows come; freshness rings when they do not. */
export const simulatedLanes = ['data-quality', 'drift', 'estimated-quality', 'realised-quality'] as const;
export type SimulatedLane = (typeof simulatedLanes)[number] & LanePromise['lane'];

export type LaneScores = Readonly<Record<SimulatedLane, number[]>>;

export const noScores = (): LaneScores => ({
  'data-quality': [],
  drift: [],
  'estimated-quality': [],
  'realised-quality': [],
});

/** Sums of what is known of some rows one by one. */
export interface RowSums {
  /** Rows with an estimate, and their sum. */
  readonly estimated: number;
  readonly estimate: number;
  /** Rows with an error, their sum and that of the squares. */
  readonly labelled: number;
  readonly error: number;
  readonly squares: number;
}

export const sumRows = ({ estimates, errors }: BuiltQuality, rows: Uint32Array): RowSums => {
  let [estimated, estimate, labelled, error, squares] = [0, 0, 0, 0, 0];
  for (const row of rows) {
    const value = isKnown(estimates) ? (estimates[row] as number) : Number.NaN;
    if (Number.isFinite(value)) {
      estimated += 1;
      estimate += value;
    }
    const wrong = errors[row] as number;
    if (!Number.isFinite(wrong)) continue;
    labelled += 1;
    error += wrong;
    squares += wrong * wrong;
  }
  return { estimated, estimate, labelled, error, squares };
};

export const without = (all: RowSums, some: RowSums): RowSums => ({
  estimated: all.estimated - some.estimated,
  estimate: all.estimate - some.estimate,
  labelled: all.labelled - some.labelled,
  error: all.error - some.error,
  squares: all.squares - some.squares,
});

const momentsOf = ({ labelled, error, squares }: RowSums) => {
  const mean = error / labelled;
  const variance = labelled < 2 ? 0 : Math.max(0, squares - labelled * mean * mean) / (labelled - 1);
  return { rows: labelled, mean, variance };
};

/** A window as it might come, and what it is compared with. */
export interface SimulatedWindow {
  readonly compared: ComparedRows;
  readonly rows: number;
  readonly columns: readonly ColumnCounts[];
  readonly sums: RowSums;
  readonly referenceSums: RowSums;
  readonly reference: QualityReference | Unknown;
  readonly kind: 'classes' | 'values';
}

/** Judges a window in every lane, as the monitor would, and adds the scores to those before; a lane that is unknown gets none. */
export const judgeLanes = (window: SimulatedWindow, scores: LaneScores): void => {
  const { compared, rows, columns, sums, referenceSums, reference, kind } = window;
  const { dataQuality, drift } = judgeWindow(compared, { rows, columns });
  scores['data-quality'].push(dataQuality.score);
  if (drift) scores.drift.push(drift.score);
  const mean = sums.estimated === 0 ? { unknown: 'no estimate' } : sums.estimate / sums.estimated;
  const isClasses = kind === 'classes';
  const estimated = (isClasses ? judgeEstimatedQuality : judgeEstimatedErrors)(mean, reference);
  if (isKnown(estimated)) scores['estimated-quality'].push(estimated.score);
  const realised = isClasses
    ? judgeRealisedQuality(
        { rows: referenceSums.labelled, errors: referenceSums.error },
        { rows: sums.labelled, errors: sums.error },
      )
    : judgeRealisedErrors(momentsOf(referenceSums), momentsOf(sums));
  if (isKnown(realised)) scores['realised-quality'].push(realised.score);
};
