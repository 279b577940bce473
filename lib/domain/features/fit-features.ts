import type { Column, ColumnTable, Target } from '../dataset/index.ts';
import { missingDatetime } from '../dataset/index.ts';
import type { ResolvedSpec } from '../model-spec/index.ts';
import { commonValues, oneHotRows, targetMeanRows } from './common-values.ts';
import { fitScaling } from './fit-scaling.ts';
import { fitTargetMeans, targetMeanValues, targetSeries } from './fit-target-means.ts';
import type { FittedFeatures, NumberFeature, OneHotFeature, TargetMeanFeature } from './fitted-features.ts';
import { type PlannedNumber, planFeatures } from './plan-features.ts';
import { columnOf, stringsOf } from './table-column.ts';
import { transformValues } from './transform-values.ts';

/** Up to this many values a linear model gets a weight for each; above, the smoothed target mean. */
const maxOneHotValues = 64;

export interface FitOptions {
  /** Training rows only: validation and test rows must not be seen here. */
  readonly table: ColumnTable;
  readonly target: Target;
  readonly resolved: ResolvedSpec;
}

/**
 * Learns what the feature graph needs from the training rows. Deterministic: same table, same spec, same result.
 * Throws NO_FEATURES, MODEL_SPEC_INVALID (a transform that does not fit its column) or INPUT_INVALID (no such column).
 */
export const fitFeatures = ({ table, target, resolved }: FitOptions): FittedFeatures => {
  const plan = planFeatures(resolved);
  const isLinear = resolved.spec.trainer.kind === 'linear';
  const columns = plan.columns.map(({ name, kind }) => {
    return { name, kind, isNullable: hasMissing(columnOf(table, name)) };
  });
  const numbers = plan.numbers.map((number) => (isLinear ? scaledNumber(number, table) : number));
  const categories = plan.categories.map((name) => fitCategory(name, { table, target, resolved }));
  return {
    schemaVersion: 1,
    columns,
    numbers,
    targetMeans: categories.filter((each) => 'means' in each),
    oneHots: categories.filter((each) => 'hasMissing' in each),
  };
};

const scaledNumber = (number: PlannedNumber, table: ColumnTable): NumberFeature => ({
  ...number,
  scaling: fitScaling(transformValues(number.rule, table)),
});

const fitCategory = (
  name: string,
  { table, target, resolved }: FitOptions,
): TargetMeanFeature | OneHotFeature => {
  const column = stringsOf(table, name);
  const isLinear = resolved.spec.trainer.kind === 'linear';
  if (isLinear) {
    const common = commonValues(column, oneHotRows);
    if (common.values.length <= maxOneHotValues) return { column: name, ...common };
  }
  const common = commonValues(column, targetMeanRows);
  const series = targetSeries(target, resolved.positiveClass);
  const feature = fitTargetMeans(name, column, common, series, !isLinear);
  if (!isLinear) return feature;
  return { ...feature, scalings: series.map((_, i) => fitScaling(targetMeanValues(feature, column, i))) };
};

const hasMissing = (column: Column): boolean => {
  switch (column.kind) {
    case 'number':
    case 'boolean':
      return column.values.some(Number.isNaN);
    case 'datetime':
      return column.values.includes(missingDatetime);
    default:
      return column.values.includes('');
  }
};
