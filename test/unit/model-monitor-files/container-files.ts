import { readModelMonitorFiles } from '../../../lib/domain/model-monitor-files/index.ts';

export const buckets = (counts: readonly number[]) =>
  counts.map((count, index) => ({ lower_bound: index, upper_bound: index + 1, count }));

/** Whole numbers from 0 to 10, each once, as the prebuilt container tells of them: 10 is in the last bucket, with 9. */
export const stops = {
  name: 'stops',
  inferred_type: 'Integral',
  numerical_statistics: {
    common: { num_present: 11, num_missing: 1 },
    mean: 5,
    sum: 55,
    std_dev: 3.1622776601683795,
    min: 0,
    max: 10,
    distribution: {
      kll: {
        buckets: buckets([1, 1, 1, 1, 1, 1, 1, 1, 1, 2]),
        sketch: { parameters: { c: 0.64, k: 2048 }, data: [[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]] },
      },
    },
  },
};
export const carrier = {
  name: 'carrier',
  inferred_type: 'String',
  string_statistics: {
    common: { num_present: 12, num_missing: 0 },
    distinct_count: 2,
    distribution: {
      categorical: {
        buckets: [
          { value: 'UA', count: 5 },
          { value: 'AA', count: 7 },
        ],
      },
    },
  },
};

export const statisticsOf = (...features: readonly unknown[]) => ({
  version: 0,
  dataset: { item_count: 12 },
  features,
});
export const constraintsOf = (...features: readonly unknown[]) => ({
  version: 0,
  features,
  monitoring_config: { evaluate_constraints: 'Enabled', datatype_check_threshold: 1 },
});
export const read = (statistics: unknown, constraints: unknown = constraintsOf()) =>
  readModelMonitorFiles({
    statistics: JSON.stringify(statistics),
    constraints: JSON.stringify(constraints),
  });
