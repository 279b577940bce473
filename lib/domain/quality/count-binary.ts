import { type CalibrationMap, calibrator } from './calibration.ts';
import { share } from './known.ts';
import {
  addTo,
  type EstimatedQuality,
  fromParts,
  probabilityIn,
  type RowCounter,
  toParts,
} from './row-counter.ts';

/** Over one bin of scores the calibrated probability rises by no more than this. */
const maxRise = 1 / 1024;

/**
 * Where bins of the raw score begin: at the corners of the map, and so often between them that no bin spans more than
 * `maxRise`. Where the map is level one bin does as well as none: equal probabilities rank as chance does.
 */
const binStarts = ({ scores, probabilities }: CalibrationMap): Float64Array =>
  Float64Array.from(
    scores.flatMap((from, index) => {
      const to = scores[index + 1];
      if (to === undefined) return [from];
      const rise = (probabilities[index + 1] as number) - (probabilities[index] as number);
      const steps = Math.max(1, Math.ceil(rise / maxRise));
      const starts = Array.from({ length: steps }, (_, step) => from + ((to - from) * step) / steps);
      // Corners a few digits apart have no room for so many.
      return starts.filter(
        (start, step) => start < to && (step === 0 || start > (starts[step - 1] as number)),
      );
    }),
  );

/** 0 for a score below all starts, else 1 + the last start that is not above it. */
const binOf = (score: number, starts: Float64Array): number => {
  let [low, high] = [0, starts.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((starts[middle] as number) <= score) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** Sums before those of the bins. */
const head = { answered: 0, hits: 1, variance: 2 } as const;
const headSize = 3;

interface Binned {
  readonly rows: Float64Array;
  readonly positives: Float64Array;
}

/**
 * Expected AUC of binned rows, ties worth half: Σ_g N_g (P_above + P_g/2) / (P·N), as `expectedAuc` has it for single
 * rows. Of n rows in a bin over which p rises by δ, the order was worth at most n²δ/8 more.
 */
const binnedAuc = ({ rows, positives }: Binned, rises: Float64Array) => {
  let [above, negatives, pairs, lost] = [0, 0, 0, 0];
  for (let bin = rows.length - 1; bin >= 0; bin--) {
    const count = rows[bin] as number;
    const p = fromParts(positives[bin] as number);
    pairs += (count - p) * (above + p / 2);
    lost += (count * count * (rises[bin] as number)) / 8;
    above += p;
    negatives += count - p;
  }
  if (above === 0) return { auc: { unknown: 'no positive row is expected' } };
  if (negatives === 0) return { auc: { unknown: 'no negative row is expected' } };
  return { auc: pairs / (above * negatives), aucTolerance: lost / (above * negatives) };
};

/**
 * `estimateBinary` row by row, in memory that does not grow with the rows. Accuracy, precision, recall and F1 are the
 * same to 1e−8; the AUC is off by no more than `aucTolerance`.
 */
export const binaryCounter = (map: CalibrationMap, positiveClass: string): RowCounter => {
  const calibrated = calibrator(map);
  const starts = binStarts(map);
  const bins = starts.length + 1;
  const rises = Float64Array.from({ length: bins }, (_, bin) =>
    bin === 0 || bin === bins - 1
      ? 0
      : calibrated(starts[bin] as number) - calibrated(starts[bin - 1] as number),
  );
  const sumsOf = (sums: Float64Array): Binned => ({
    rows: sums.subarray(headSize, headSize + bins),
    positives: sums.subarray(headSize + bins),
  });
  return {
    size: headSize + 2 * bins,
    add: (sums, { output }) => {
      const score = probabilityIn(output.probability);
      if (Number.isNaN(score) || typeof output.label !== 'string') return false;
      const p = calibrated(score);
      const parts = toParts(p);
      const bin = headSize + binOf(score, starts);
      addTo(sums, bin, 1);
      addTo(sums, bin + bins, parts);
      addTo(sums, head.variance, toParts(p * (1 - p)));
      if (output.label !== positiveClass) return true;
      addTo(sums, head.answered, 1);
      addTo(sums, head.hits, parts);
      return true;
    },
    estimate: (sums, rows): EstimatedQuality => {
      const noRows = 'no row has a probability';
      const binned = sumsOf(sums);
      const positives = fromParts(binned.positives.reduce((sum, value) => sum + value, 0));
      const answered = sums[head.answered] as number;
      const hits = fromParts(sums[head.hits] as number);
      return {
        measure: 'accuracy',
        value: share(rows - answered - positives + 2 * hits, rows, noRows),
        sd: share(Math.sqrt(fromParts(sums[head.variance] as number)), rows, noRows),
        precision: share(hits, answered, 'the model never answers the positive class'),
        recall: share(hits, positives, 'no positive row is expected'),
        f1: share(2 * hits, answered + positives, 'no positive row is expected or answered'),
        ...(rows < 2 ? { auc: { unknown: `${rows} row(s) cannot be ranked` } } : binnedAuc(binned, rises)),
      };
    },
  };
};
