import type { Target } from '../dataset/index.ts';
import type { Predictions } from '../signature/index.ts';

/** What the training rows say before any feature is looked at. */
export type TrainingPriors =
  | { readonly kind: 'classes'; readonly shares: readonly number[] }
  | { readonly kind: 'values'; readonly mean: number };

/** Class shares, or the mean, of the training target. */
export const priorsOf = (target: Target): TrainingPriors => {
  if (target.kind === 'values')
    return {
      kind: 'values',
      mean: target.values.reduce((sum, value) => sum + value, 0) / target.values.length,
    };
  const counts = target.classes.map(() => 0);
  for (const index of target.indices) counts[index] = (counts[index] ?? 0) + 1;
  return { kind: 'classes', shares: counts.map((count) => count / target.indices.length) };
};

/** What the baseline is called in reports. */
export const baselineName = (priors: TrainingPriors): string =>
  priors.kind === 'classes' ? 'always the commonest class' : 'always the mean';

/** Answers every row with the commonest training class at the training shares, or with the training mean. */
export const trivialBaseline = (priors: TrainingPriors, rows: number): Predictions => {
  if (priors.kind === 'values') return { kind: 'values', values: new Float64Array(rows).fill(priors.mean) };
  const { shares } = priors;
  const probabilities = new Float64Array(rows * shares.length);
  for (let row = 0; row < rows; row++) probabilities.set(shares, row * shares.length);
  const commonest = shares.indexOf(Math.max(...shares));
  return { kind: 'classes', probabilities, labels: new Int32Array(rows).fill(commonest) };
};
