import { type CalibrationMap, rowCalibrator } from './calibration.ts';
import { share } from './known.ts';
import { addTo, fromParts, probabilityIn, type RowCounter, toParts } from './row-counter.ts';

const head = { right: 0, variance: 1 } as const;

const recordIn = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};

/** `estimateMulticlass` row by row, of accuracy: Σ p_ŷ / n, p calibrated one class against the rest. The same to 1e−8. */
export const multiclassCounter = (
  maps: readonly CalibrationMap[],
  classes: readonly string[],
): RowCounter => {
  const row = new Float64Array(classes.length);
  const calibrateRow = rowCalibrator(maps);
  return {
    size: 2,
    add: (sums, { output }) => {
      const answer = classes.indexOf(String(output.label));
      const given = recordIn(output.probabilities);
      classes.forEach((name, index) => {
        row[index] = probabilityIn(given[name]);
      });
      if (answer < 0 || row.some(Number.isNaN)) return false;
      calibrateRow(row);
      const p = row[answer] as number;
      addTo(sums, head.right, toParts(p));
      addTo(sums, head.variance, toParts(p * (1 - p)));
      return true;
    },
    estimate: (sums, rows) => {
      const noRows = 'no row has a probability of every class';
      return {
        measure: 'accuracy',
        value: share(fromParts(sums[head.right] as number), rows, noRows),
        sd: share(Math.sqrt(fromParts(sums[head.variance] as number)), rows, noRows),
      };
    },
  };
};
