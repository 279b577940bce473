import type { ErrorCount, ErrorMoments } from '../quality/index.ts';
import { delaySample } from './delay-sample.ts';
import type { KnownLabel } from './label-table.ts';

/** What labels have told of the rows of a window. */
export interface RealisedCounts {
  readonly rows: number;
  readonly labelledRows: number;
  readonly correctedLabels: number;
  /** From the prediction to the first label of it. */
  readonly delaysMs: Float64Array;
  /** Of the labelled rows: wrong answers of a classifier, absolute errors of a regression. */
  readonly measured: ErrorCount | ErrorMoments;
}

type Output = Readonly<Record<string, unknown>>;

interface Meter {
  readonly add: (label: KnownLabel['label'], output: Output) => void;
  readonly measured: () => RealisedCounts['measured'];
}

/** Labels and answers are compared as text: a class may be called 1. */
const wrongAnswers = (): Meter => {
  let [rows, errors] = [0, 0];
  return {
    add: (label, output) => {
      rows += 1;
      if (String(label) !== String(output.label)) errors += 1;
    },
    measured: () => ({ rows, errors }),
  };
};

/** As `measureErrors`, row by row: Welford's recurrence. */
const absoluteErrors = (): Meter => {
  let [rows, mean, squares] = [0, 0, 0];
  return {
    add: (label, output) => {
      const error = Math.abs(Number(label) - Number(output.value));
      if (!Number.isFinite(error)) return;
      rows += 1;
      const step = error - mean;
      mean += step / rows;
      squares += step * (error - mean);
    },
    measured: () => ({ rows, mean, variance: rows < 2 ? 0 : squares / (rows - 1) }),
  };
};

/** Counts the rows of a window with what is known of their truth. A row without a label is in no measure. */
export const realisedCounter = (task: 'binary' | 'multiclass' | 'regression') => {
  const meter = task === 'regression' ? absoluteErrors() : wrongAnswers();
  const delays = delaySample();
  let [rows, labelledRows, correctedLabels] = [0, 0, 0];
  return {
    add: (row: { readonly output: Output; readonly atMs: number }, label: KnownLabel | undefined): void => {
      rows += 1;
      if (label === undefined) return;
      labelledRows += 1;
      if (label.isCorrected) correctedLabels += 1;
      delays.add(label.firstReceivedMs - row.atMs);
      meter.add(label.label, row.output);
    },
    counts: (): RealisedCounts => ({
      rows,
      labelledRows,
      correctedLabels,
      delaysMs: delays.delays(),
      measured: meter.measured(),
    }),
  };
};
export type RealisedCounter = ReturnType<typeof realisedCounter>;
