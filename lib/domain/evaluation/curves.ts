import { z95 } from './ranking.ts';
import type { ScoreGroups } from './score-groups.ts';

/** Enough for a plot as wide as a phone; a document of a few kilobytes. */
export const maxCurvePoints = 200;

/** At most `limit` items at regular steps, the first and the last always among them. */
export const thin = <T>(items: readonly T[], limit = maxCurvePoints): readonly T[] => {
  if (items.length <= limit) return items;
  const step = (items.length - 1) / (limit - 1);
  return Array.from({ length: limit }, (_, index) => items[Math.round(index * step)] as T);
};

/** Six digits: below a pixel in any plot. */
const short = (value: number): number => Number(value.toPrecision(6));

export interface CurvePoint {
  readonly x: number;
  readonly y: number;
}

/** False-positive rate against true-positive rate, from (0,0) to (1,1); empty when a class is absent. */
export const rocCurve = (groups: ScoreGroups): readonly CurvePoint[] => {
  if (groups.positiveRows === 0 || groups.negativeRows === 0) return [];
  const points: CurvePoint[] = [{ x: 0, y: 0 }];
  let positives = 0;
  let negatives = 0;
  for (let g = 0; g < groups.scores.length; g++) {
    positives += groups.positives[g] as number;
    negatives += groups.negatives[g] as number;
    points.push({ x: short(negatives / groups.negativeRows), y: short(positives / groups.positiveRows) });
  }
  return thin(points);
};

/** Recall against precision, by falling threshold; empty without positives. */
export const precisionRecallCurve = (groups: ScoreGroups): readonly CurvePoint[] => {
  if (groups.positiveRows === 0) return [];
  const points: CurvePoint[] = [];
  let positives = 0;
  let answered = 0;
  for (let g = 0; g < groups.scores.length; g++) {
    positives += groups.positives[g] as number;
    answered += (groups.positives[g] as number) + (groups.negatives[g] as number);
    points.push({ x: short(positives / groups.positiveRows), y: short(positives / answered) });
  }
  return thin(points);
};

/** Rows of neighbouring probabilities: what the model said on average, and how often it came true. */
export interface CalibrationBin {
  readonly rows: number;
  readonly meanProbability: number;
  readonly observedShare: number;
  /** 95 % Wilson interval of the observed share. */
  readonly low: number;
  readonly high: number;
}

const calibrationBin = (rows: number, sum: number, positives: number): CalibrationBin => {
  const share = positives / rows;
  const centre = (share + z95 ** 2 / (2 * rows)) / (1 + z95 ** 2 / rows);
  const half =
    (z95 / (1 + z95 ** 2 / rows)) * Math.sqrt((share * (1 - share)) / rows + z95 ** 2 / (4 * rows ** 2));
  return {
    rows,
    meanProbability: sum / rows,
    observedShare: share,
    low: Math.max(0, centre - half),
    high: Math.min(1, centre + half),
  };
};

// Fewer rows in a bin than this, and chance alone looks like bad calibration.
const minBinRows = 20;

/**
 * Bins of equal mass, by rising probability: ten, or as many as leave 20 rows in each. Equal mass and not equal width: a rare class would leave most equal
 * widths empty. Rows of one probability stay together, so a bin can hold more than a tenth, and there can be fewer.
 */
export const calibrationCurve = (groups: ScoreGroups): readonly CalibrationBin[] => {
  const total = groups.positiveRows + groups.negativeRows;
  const maxBins = Math.max(1, Math.min(10, Math.floor(total / minBinRows)));
  const bins: CalibrationBin[] = [];
  let [rows, sum, positives, seen] = [0, 0, 0, 0];
  for (let g = groups.scores.length - 1; g >= 0; g--) {
    const inGroup = (groups.positives[g] as number) + (groups.negatives[g] as number);
    rows += inGroup;
    seen += inGroup;
    sum += inGroup * (groups.scores[g] as number);
    positives += groups.positives[g] as number;
    if (g > 0 && seen * maxBins < total * (Math.floor(((seen - rows) * maxBins) / total) + 1)) continue;
    bins.push(calibrationBin(rows, sum, positives));
    [rows, sum, positives] = [0, 0, 0];
  }
  return bins;
};

/** Expected calibration error: the mean distance between said and observed over the bins, weighted by rows. */
export const calibrationError = (bins: readonly CalibrationBin[]): number => {
  const rows = bins.reduce((sum, bin) => sum + bin.rows, 0);
  return bins.reduce((sum, b) => sum + (b.rows / rows) * Math.abs(b.meanProbability - b.observedShare), 0);
};
