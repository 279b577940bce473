import type { BaselineColumn } from '../drift/index.ts';
import { binaryCounter } from './count-binary.ts';
import { multiclassCounter } from './count-multiclass.ts';
import { valueCounter } from './count-values.ts';
import { isKnown, type Unknown } from './known.ts';
import type { QualityBaseline } from './quality-baseline.ts';
import type { AnsweredRow, EstimatedQuality, RowCounter } from './row-counter.ts';

/** What was counted of some rows: numbers that add up, in memory independent of the rows. */
export interface QualityCounts {
  readonly rows: number;
  /** Rows whose answer cannot be used: in none of the sums. */
  readonly missingRows: number;
  readonly sums: Float64Array;
}

export interface QualityParts {
  /** Absent in baselines of an earlier schema: nothing is estimated then. */
  readonly quality?: QualityBaseline | undefined;
  readonly columns: readonly BaselineColumn[];
}

const counterOf = ({ quality, columns }: QualityParts): RowCounter | Unknown => {
  if (quality === undefined)
    return { unknown: 'the baseline knows nothing of quality: it is of an earlier schema' };
  if (quality.kind === 'values') {
    const { errorModel, realised } = quality;
    return isKnown(errorModel) ? valueCounter(errorModel, columns, realised) : errorModel;
  }
  const { maps, classes, positiveClass } = quality;
  if (!isKnown(maps)) return maps;
  const [first] = maps;
  return positiveClass !== undefined && first !== undefined
    ? binaryCounter(first, positiveClass)
    : multiclassCounter(maps, classes);
};

export interface QualityCounter {
  readonly add: (row: AnsweredRow) => void;
  /** What was counted so far; a copy. */
  readonly counts: () => QualityCounts;
  /** Counts of another counter of the same baseline, or those of several (`mergeQualityCounts`), as an estimate. */
  readonly estimate: (counts: QualityCounts) => EstimatedQuality | Unknown;
}

/** Estimates quality without labels, row by row, from what a model was calibrated to. Where that is unknown, so is all of it. */
export const qualityCounter = (parts: QualityParts): QualityCounter => {
  const counter = counterOf(parts);
  const sums = new Float64Array(isKnown(counter) ? counter.size : 0);
  let [rows, missingRows] = [0, 0];
  return {
    add: (row) => {
      if (isKnown(counter) && counter.add(sums, row)) rows += 1;
      else missingRows += 1;
    },
    counts: () => ({ rows, missingRows, sums: sums.slice() }),
    estimate: (counts) => (isKnown(counter) ? counter.estimate(counts.sums, counts.rows) : counter),
  };
};

/** What was counted of two sets of rows together: the same bits in whichever order. Both by the same baseline. */
export const mergeQualityCounts = (a: QualityCounts, b: QualityCounts): QualityCounts => {
  if (a.sums.length !== b.sums.length)
    throw new RangeError(
      `counts of two baselines cannot be added: ${a.sums.length} and ${b.sums.length} sums`,
    );
  return {
    rows: a.rows + b.rows,
    missingRows: a.missingRows + b.missingRows,
    sums: a.sums.map((sum, index) => sum + (b.sums[index] as number)),
  };
};
