import * as z from 'zod';

const Count = z.int().min(0);

const Common = z.object({ num_present: Count, num_missing: Count });

const NumberBucket = z
  .object({ lower_bound: z.number(), upper_bound: z.number(), count: Count })
  .refine(({ lower_bound, upper_bound }) => lower_bound <= upper_bound, 'lower_bound is above upper_bound');
export type NumberBucket = z.infer<typeof NumberBucket>;

const isAscending = (buckets: readonly NumberBucket[]): boolean =>
  buckets.every(({ upper_bound }, index) => upper_bound >= (buckets[index - 1]?.upper_bound ?? upper_bound));

const NumberBuckets = z.array(NumberBucket).refine(isAscending, 'buckets are not in ascending order');

/** As much of it as can be read or written without the rows: mean, sum, std_dev and the sketch are passed over. */
const NumericalStatistics = z.object({
  common: Common,
  min: z.number().nullish(),
  max: z.number().nullish(),
  distribution: z.object({ kll: z.object({ buckets: NumberBuckets }).nullish() }).nullish(),
});
export type NumericalStatistics = z.infer<typeof NumericalStatistics>;

const StringStatistics = z.object({
  common: Common,
  distinct_count: z.number().min(0).nullish(),
  distribution: z
    .object({
      categorical: z.object({ buckets: z.array(z.object({ value: z.string(), count: Count })) }).nullish(),
    })
    .nullish(),
});
export type StringStatistics = z.infer<typeof StringStatistics>;

const isEachNamedOnce = (features: readonly { readonly name: string }[]): boolean =>
  new Set(features.map(({ name }) => name)).size === features.length;

/** Both files say 0, which Model Monitor's own containers write as 0.0. */
const version = z.literal(0).nullish();
const twice = 'a feature is named twice';

const FeatureStatistics = z.object({
  name: z.string(),
  inferred_type: z.string(),
  numerical_statistics: NumericalStatistics.nullish(),
  string_statistics: StringStatistics.nullish(),
});
export type FeatureStatistics = z.infer<typeof FeatureStatistics>;

const rowsOf = ({ numerical_statistics, string_statistics }: FeatureStatistics): number => {
  const common = (numerical_statistics ?? string_statistics)?.common;
  return common ? common.num_present + common.num_missing : 0;
};

/** `statistics.json`: what each column of a dataset looked like. */
export const StatisticsFile = z
  .object({
    version,
    dataset: z.object({ item_count: Count }),
    features: z.array(FeatureStatistics).refine(isEachNamedOnce, twice),
  })
  .refine(({ dataset, features }) => features.every((one) => rowsOf(one) <= dataset.item_count), {
    path: ['dataset', 'item_count'],
    message: 'a feature counts more rows than these',
  });
export type StatisticsFile = z.infer<typeof StatisticsFile>;

const FeatureConstraints = z.object({
  name: z.string(),
  inferred_type: z.string(),
  completeness: z.number().min(0).max(1).nullish(),
  num_constraints: z.object({ is_non_negative: z.boolean().nullish() }).nullish(),
  string_constraints: z.object({ domains: z.array(z.string()).nullish() }).nullish(),
});
export type FeatureConstraints = z.infer<typeof FeatureConstraints>;

/** `constraints.json`: what is asked of data that comes later. How Model Monitor judges it (`monitoring_config`) is its own affair. */
export const ConstraintsFile = z.object({
  version,
  features: z.array(FeatureConstraints).refine(isEachNamedOnce, twice),
});
export type ConstraintsFile = z.infer<typeof ConstraintsFile>;
