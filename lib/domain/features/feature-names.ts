import type { FittedFeatures, NumberRule } from './fitted-features.ts';

/** One column of the feature matrix. */
export interface FeatureSource {
  readonly name: string;
  /** The raw columns it is computed from. */
  readonly columns: readonly string[];
}

/** Name and origin of every column of the matrix, in order: numbers, target means, "was missing", one-hot. */
export const featureSources = (fitted: FittedFeatures): readonly FeatureSource[] => {
  const means = fitted.targetMeans.flatMap(({ names, column }) => {
    return names.map((name) => ({ name, columns: [column] }));
  });
  const numbers = fitted.numbers.map(({ name, rule }) => ({ name, columns: sourcesOf(rule) }));
  const gaps = fitted.numbers
    .filter(({ scaling }) => scaling?.hasIndicator)
    .map(({ name, rule }) => ({ name: `${name} is missing`, columns: sourcesOf(rule) }));
  const oneHots = fitted.oneHots.flatMap(({ column, values, hasMissing }) => {
    const named = values.map((value) => `${column}=${value}`);
    const rest = hasMissing ? [`${column} is other`, `${column} is missing`] : [`${column} is other`];
    return [...named, ...rest].map((name) => ({ name, columns: [column] }));
  });
  return unique([...numbers, ...means, ...gaps, ...oneHots]);
};

/** The raw columns a rule reads. */
export const sourcesOf = (rule: NumberRule): readonly string[] =>
  rule.kind === 'ratio' ? [...new Set([rule.numerator, rule.denominator])] : [rule.column];

/** A raw column may happen to be called as a derived feature: later ones get a number. */
const unique = (sources: readonly FeatureSource[]): FeatureSource[] => {
  const taken = new Set<string>();
  return sources.map(({ name, columns }) => {
    let free = name;
    for (let copy = 2; taken.has(free); copy++) free = `${name} (${copy})`;
    taken.add(free);
    return { name: free, columns };
  });
};
