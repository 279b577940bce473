/**
 * Notation: d_i = the baseline's loss minus the model's on row i; mean d ± z·sd(d)/√n is the advantage.
 * Binary models are compared by ranking instead: any constant ranks with an AUC of ½, so the advantage is AUC − ½
 * with DeLong's interval.
 */
import type { Advantage } from '../gates/index.ts';
import type { Judged } from './measure.ts';
import type { Measured } from './measured.ts';
import { surprise } from './probability-metrics.ts';
import { z95 } from './ranking.ts';

// With 5 rows of each class a perfect ranking happens by luck once in C(10,5) = 252 times; below, luck is no rarity.
const minRowsPerClass = 5;
// Below this the normal interval of a mean says too little.
const minRowsPaired = 10;

const rankingAdvantage = (model: Measured): Advantage => {
  const { auc, aucLow, aucHigh } = model.metrics;
  const rarer = Math.min(...model.perClass.map(({ rows }) => rows));
  if (typeof auc !== 'number' || typeof aucLow !== 'number' || typeof aucHigh !== 'number')
    return { because: model.unknown.auc ?? model.unknown.aucLow ?? 'the AUC is not defined' };
  if (rarer < minRowsPerClass)
    return {
      because: `the rarer class has ${rarer} test rows, fewer than ${minRowsPerClass} cannot tell skill from luck`,
    };
  return { measure: 'AUC', value: auc - 0.5, low: aucLow - 0.5, high: aucHigh - 0.5 };
};

const rowLosses = (side: Judged): Float64Array => {
  if (side.task === 'multiclass') {
    const { truth, probabilities, classes } = side.input;
    return Float64Array.from(truth, (index, row) =>
      surprise(probabilities[row * classes.length + index] as number),
    );
  }
  if (side.task === 'regression') {
    const { truth, predicted } = side.input;
    return truth.map((value, row) => (value - (predicted[row] as number)) ** 2);
  }
  const { isPositive, probability } = side.input;
  return Float64Array.from(isPositive, (positive, row) =>
    surprise(positive === 0 ? 1 - (probability[row] as number) : (probability[row] as number)),
  );
};

const pairedAdvantage = (measure: string, model: Float64Array, baseline: Float64Array): Advantage => {
  const rows = model.length;
  if (rows < minRowsPaired)
    return { because: `${rows} test rows, fewer than ${minRowsPaired} cannot tell skill from luck` };
  const differences = baseline.map((loss, row) => loss - (model[row] as number));
  const value = differences.reduce((sum, d) => sum + d, 0) / rows;
  const variance = differences.reduce((sum, d) => sum + (d - value) ** 2, 0) / (rows - 1);
  const half = z95 * Math.sqrt(variance / rows);
  return { measure, value, low: value - half, high: value + half };
};

/** By how much the model beats the baseline on the same rows, with its 95 % interval. */
export const advantageOver = (model: Judged, measured: Measured, baseline: Judged): Advantage => {
  if (model.task === 'binary') return rankingAdvantage(measured);
  const [mine, theirs] = [rowLosses(model), rowLosses(baseline)];
  if (model.task === 'multiclass') return pairedAdvantage('log loss', mine, theirs);
  // Relative to the baseline's mean squared error, because a squared unit tells nobody anything.
  const scale = theirs.reduce((sum, loss) => sum + loss, 0) / theirs.length || 1;
  const relative = (loss: number) => loss / scale;
  return pairedAdvantage('relative squared error', mine.map(relative), theirs.map(relative));
};
