import type { Baseline } from '../baseline/index.ts';
import { type BaselineColumn, type Bins, isPresenceOnly, missingOf } from '../drift/index.ts';
import { nextAbove } from './adjacent-number.ts';
import type {
  ConstraintsFile,
  FeatureConstraints,
  FeatureStatistics,
  NumberBucket,
  StatisticsFile,
} from './file-shapes.ts';

type Numbers = Extract<Bins, { kind: 'number' }>;
type Categories = Extract<Bins, { kind: 'category' }>;

/** What Model Monitor itself suggests with a baseline. These limits are its own; ours are not expressible in them. */
const monitoringConfig = {
  evaluate_constraints: 'Enabled',
  emit_metrics: 'Enabled',
  datatype_check_threshold: 1,
  domain_content_threshold: 1,
  distribution_constraints: {
    perform_comparison: 'Enabled',
    comparison_threshold: 0.1,
    comparison_method: 'Robust',
  },
} as const;

export interface ModelMonitorFiles {
  readonly statistics: StatisticsFile;
  readonly constraints: ConstraintsFile & { readonly monitoring_config: typeof monitoringConfig };
}

/** Values a bin holds: neither the missing ones nor those of the wrong kind. */
const presentOf = ({ counts }: BaselineColumn): number =>
  counts.counts.slice(0, -1).reduce((sum, count) => sum + count, 0);

const commonOf = (column: BaselineColumn) => ({
  num_present: presentOf(column),
  num_missing: missingOf(column.counts),
});

const numberBuckets = ({ edges, min, max }: Numbers, counts: readonly number[]): NumberBucket[] => {
  if (min === null || max === null) return [];
  const uppers = edges.map(nextAbove);
  // Where the last edge is the maximum, the bin above it is empty and stands beyond.
  const end = Math.max(max, uppers.at(-1) ?? max);
  return [...uppers, end].map((upper_bound, index) => ({
    lower_bound: uppers[index - 1] ?? min,
    upper_bound,
    count: counts[index] ?? 0,
  }));
};

const numericalStatistics = (column: BaselineColumn, bins: Numbers) => ({
  common: commonOf(column),
  ...(bins.min !== null && { min: bins.min }),
  ...(bins.max !== null && { max: bins.max }),
  distribution: { kll: { buckets: numberBuckets(bins, column.counts.counts) } },
});

const stringStatistics = (column: BaselineColumn, bins: Categories) => {
  if (isPresenceOnly(bins)) return { common: commonOf(column) };
  const buckets = bins.values.map((value, index) => ({ value, count: column.counts.counts[index] ?? 0 }));
  return {
    common: commonOf(column),
    ...(bins.isClosed && { distinct_count: bins.values.length }),
    distribution: { categorical: { buckets } },
  };
};

/** Bins do not tell whole numbers from others, nor what a column is of which only the presence was counted. */
const inferredType = (bins: Bins): 'Fractional' | 'String' | 'Unknown' => {
  if (bins.kind === 'number') return 'Fractional';
  return isPresenceOnly(bins) ? 'Unknown' : 'String';
};

const statisticsOf = (column: BaselineColumn): FeatureStatistics => {
  const { name, bins } = column;
  const named = { name, inferred_type: inferredType(bins) };
  return bins.kind === 'number'
    ? { ...named, numerical_statistics: numericalStatistics(column, bins) }
    : { ...named, string_statistics: stringStatistics(column, bins) };
};

const constraintsOf = (column: BaselineColumn): FeatureConstraints => {
  const { name, bins } = column;
  const present = presentOf(column);
  // Of a column that was never seen nothing is asked.
  const completeness = present === 0 ? 0 : present / (present + missingOf(column.counts));
  const named = { name, inferred_type: inferredType(bins), completeness };
  if (bins.kind === 'number')
    return bins.min === null ? named : { ...named, num_constraints: { is_non_negative: bins.min >= 0 } };
  const isDomain = bins.isClosed && bins.values.length > 0;
  return isDomain ? { ...named, string_constraints: { domains: bins.values } } : named;
};

/**
 * The features of a baseline in the shapes of SageMaker Model Monitor's `statistics.json` and `constraints.json`.
 *
 * Left out, since counts in bins do not know them: mean, sum, std_dev and the KLL sketch; the distinct count and the
 * domain of a column with more values than are counted one by one; values of the wrong kind, which are neither present
 * nor missing here; predictions and labels, which Model Monitor does not look for among the inputs.
 */
export const writeModelMonitorFiles = ({ rows, columns }: Baseline): ModelMonitorFiles => {
  const features = columns.filter(({ of }) => of === 'feature');
  return {
    statistics: { version: 0, dataset: { item_count: rows }, features: features.map(statisticsOf) },
    constraints: {
      version: 0,
      features: features.map(constraintsOf),
      monitoring_config: monitoringConfig,
    },
  };
};
