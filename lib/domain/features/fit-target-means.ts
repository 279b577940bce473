import type { Target } from '../dataset/index.ts';
import type { CategoryValues } from './common-values.ts';
import type { TargetMeanFeature } from './fitted-features.ts';

/**
 * symbol   meaning
 * n_v      training rows with value v
 * s_v      sum of the target among them (of 0 and 1 for a class)
 * p        the prior: mean of the target over all rows
 * m        pseudo-rows of the prior
 *
 *     mean_v = (s_v + m p) / (n_v + m)
 *
 * Where the values do not differ by more than chance (an F test), every mean is p: trees see only the order of the
 * means, which smoothing keeps, and an order made by chance is learned by heart.
 */
const pseudoRows = 20;

/** What the target is averaged of: itself, or 0 and 1 for each class that is told apart. */
export interface TargetSeries {
  readonly name: string;
  readonly targetOf: (row: number) => number;
}

/** One series for numbers and for two classes (the second carries what the first would say), else one a class. */
export const targetSeries = (target: Target, positiveClass: string | undefined): TargetSeries[] => {
  if (target.kind === 'values') return [{ name: 'mean', targetOf: (row) => target.values[row] as number }];
  const ofClass = (label: string, index: number): TargetSeries => ({
    name: label,
    targetOf: (row) => (target.indices[row] === index ? 1 : 0),
  });
  if (target.classes.length > 2) return target.classes.map(ofClass);
  const positive = target.classes.indexOf(positiveClass ?? '');
  const index = positive === -1 ? target.classes.length - 1 : positive;
  return [ofClass(target.classes[index] ?? '', index)];
};

/** Learns the smoothed target means of a category. Unless `isGapKept`, missing counts as a value of its own. */
export const fitTargetMeans = (
  name: string,
  column: readonly string[],
  { values }: CategoryValues,
  series: readonly TargetSeries[],
  isGapKept: boolean,
): TargetMeanFeature => {
  const other = values.length;
  const missing = other + 1;
  const positions = new Map(values.map((value, position) => [value, position]));
  positions.set('', missing);
  const groups = Int32Array.from(column, (value) => positions.get(value) ?? other);
  const means = series.map(({ targetOf }) => smoothedMeans(groups, missing + 1, targetOf));
  const meansOf = (group: number) => means.map((each) => each[group] as number);
  return {
    names: series.map((each) => `${name}~${each.name}`),
    column: name,
    values,
    means: values.map((_, group) => meansOf(group)),
    other: meansOf(other),
    missing: isGapKept ? null : meansOf(missing),
  };
};

const smoothedMeans = (
  groups: Int32Array,
  size: number,
  targetOf: TargetSeries['targetOf'],
): Float64Array => {
  const sums = new Float64Array(size);
  const rows = new Float64Array(size);
  let total = 0;
  let squares = 0;
  groups.forEach((group, row) => {
    const value = targetOf(row);
    sums[group] = (sums[group] as number) + value;
    rows[group] = (rows[group] as number) + 1;
    total += value;
  });
  const prior = total / Math.max(groups.length, 1);
  groups.forEach((_, row) => {
    squares += (targetOf(row) - prior) ** 2;
  });
  if (!doMeansDiffer({ sums, rows, prior, squares })) return sums.fill(prior);
  return sums.map((sum, group) => (sum + pseudoRows * prior) / ((rows[group] as number) + pseudoRows));
};

/** F of G groups is near 1 with deviation √(2/(G − 1)) when they do not differ; three deviations above, they do. */
const doMeansDiffer = (groups: {
  readonly sums: Float64Array;
  readonly rows: Float64Array;
  readonly prior: number;
  readonly squares: number;
}): boolean => {
  const { sums, rows, prior, squares } = groups;
  let between = 0;
  let filled = 0;
  let all = 0;
  rows.forEach((count, group) => {
    if (count === 0) return;
    between += count * ((sums[group] as number) / count - prior) ** 2;
    filled += 1;
    all += count;
  });
  const within = Math.max(0, squares - between);
  const f = between / (filled - 1) / (within / (all - filled)); // NaN for one group, or one row a group
  return f > 1 + 3 * Math.sqrt(2 / (filled - 1));
};

/** The mean a row of each value gets, for one of the names: what standardising is learned from. */
export const targetMeanValues = (
  feature: TargetMeanFeature,
  column: readonly string[],
  series: number,
): Float64Array => {
  const means = new Map(feature.values.map((value, index) => [value, feature.means[index]?.[series]]));
  means.set('', feature.missing?.[series]);
  return Float64Array.from(column, (value) =>
    means.has(value) ? (means.get(value) ?? Number.NaN) : (feature.other[series] ?? Number.NaN),
  );
};
