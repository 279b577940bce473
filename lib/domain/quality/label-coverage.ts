import { isKnown, type Measure, type Unknown } from './known.ts';

/** From this share of labelled rows on a window is judged at once. */
export const minCoverage = 0.8;

/** Of the labels that came, this share came within the delay a window waits. */
export const delayQuantile = 0.95;

/**
 * How long labels take: the 95th percentile of the delays seen, by nearest rank, so that it is one of them. A label that
 * was there before its prediction (a clock ran ahead) counts as no delay. Delays of labels yet to come are not among
 * them: take predictions old enough to have had their chance.
 */
export const labelDelayMs = (delaysMs: Float64Array): Measure => {
  const known = delaysMs
    .filter(Number.isFinite)
    .map((delay) => Math.max(0, delay))
    .sort();
  if (known.length === 0) return { unknown: 'no label has come yet' };
  return known[Math.ceil(delayQuantile * known.length) - 1] as number;
};

export interface LabelledWindow {
  /** Predictions made in the window, each once. */
  readonly rows: number;
  /** Those whose truth is known by now. A row without a label is not a negative: it is in no measure. */
  readonly labelledRows: number;
  /** When the youngest prediction can have been made. */
  readonly windowEndMs: number;
  readonly nowMs: number;
  readonly delayMs: Measure;
}

export interface LabelCoverage {
  readonly coverage: Measure;
  /** `wait` for more labels; `judge` those that came; `unknown` when none came and none is expected any more. */
  readonly outcome: 'judge' | 'wait' | 'unknown';
  readonly because: string;
}

const percent = (share: number): string => `${Math.floor(share * 100)} %`;

/** Whether the labelled rows of a window may be judged: at 80 % coverage, or past the 95th percentile of the label delay. */
export const judgeCoverage = (window: LabelledWindow): LabelCoverage => {
  const { rows, labelledRows, windowEndMs, nowMs, delayMs } = window;
  if (!(labelledRows >= 0 && labelledRows <= rows))
    throw new RangeError(`${labelledRows} labelled rows of ${rows}`);
  if (rows === 0) return { coverage: nothing, outcome: 'unknown', because: nothing.unknown };
  const coverage = labelledRows / rows;
  if (coverage >= minCoverage)
    return { coverage, outcome: 'judge', because: `${percent(coverage)} of the rows have their label` };
  if (!isKnown(delayMs) || nowMs - windowEndMs <= delayMs)
    return {
      coverage,
      outcome: 'wait',
      because: `${percent(coverage)} of the rows have their label, and more are due`,
    };
  if (labelledRows === 0) return { coverage, outcome: 'unknown', because: 'no label came in the usual time' };
  return {
    coverage,
    outcome: 'judge',
    because: `${percent(coverage)} of the rows have their label, and the usual time is over`,
  };
};

const nothing: Unknown = { unknown: 'no prediction was made' };
