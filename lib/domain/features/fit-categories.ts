import type { Target } from '../dataset/index.ts';
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
 * The mean of a value contains the very rows it is later used on. The m pseudo-rows and the least number of rows
 * keep what one row tells about itself below 1/(10 + 20) of the range of the target.
 */
const pseudoRows = 20;

/** Above this many values the rarest join "other": bounds the model file at about half a megabyte a column. */
const maxValues = 20_000;

/** Rows a value needs to stand by itself: 1 % of the table, at least 2, at most 10. */
const minRowsOf = (rows: number): number => Math.max(2, Math.min(10, Math.ceil(rows / 100)));

export interface CategoryValues {
  /** The values that stand by themselves, in code-unit order. */
  readonly values: readonly string[];
  readonly hasMissing: boolean;
}

/** Which values of a category are common enough to be told apart. */
export const commonValues = (column: readonly string[]): CategoryValues => {
  const counts = new Map<string, number>();
  for (const value of column) counts.set(value, (counts.get(value) ?? 0) + 1);
  const hasMissing = counts.delete('');
  const minRows = minRowsOf(column.length);
  const common = [...counts].filter(([, rows]) => rows >= minRows);
  if (common.length > maxValues) common.sort(([a, rowsA], [b, rowsB]) => rowsB - rowsA || (a < b ? -1 : 1));
  return {
    values: common
      .slice(0, maxValues)
      .map(([value]) => value)
      .sort(),
    hasMissing,
  };
};

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

const smoothedMeans = (groups: Int32Array, size: number, targetOf: (row: number) => number): Float64Array => {
  const sums = new Float64Array(size);
  const rows = new Float64Array(size);
  let total = 0;
  groups.forEach((group, row) => {
    const value = targetOf(row);
    sums[group] = (sums[group] as number) + value;
    rows[group] = (rows[group] as number) + 1;
    total += value;
  });
  const prior = total / Math.max(groups.length, 1);
  return sums.map((sum, group) => (sum + pseudoRows * prior) / ((rows[group] as number) + pseudoRows));
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
