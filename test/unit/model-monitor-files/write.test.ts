import { describe, expect, test } from 'vitest';
import { presenceBins } from '../../../lib/domain/drift/index.ts';
import { writeModelMonitorFiles } from '../../../lib/domain/model-monitor-files/index.ts';
import { baselineOf, columnOf, numbersOf, textsOf } from './small-baselines.ts';

describe('a baseline in the files of Model Monitor', () => {
  const small = baselineOf(5, [
    // Four values and one missing: the edges are 0, 1, 2 and 4, and nothing lies above the last.
    numbersOf('stops', [0, 1, 2, 4, undefined]),
    textsOf('carrier', ['AA', 'AA', 'UA', undefined, 'AA']),
    columnOf('remark', presenceBins, ['x', undefined, 'y', 'z', undefined]),
    { ...textsOf('predicted class', ['yes']), of: 'prediction' },
  ]);

  test('says what a person counts by hand', () => {
    const { statistics } = writeModelMonitorFiles(small);

    expect(statistics).toEqual({
      version: 0,
      dataset: { item_count: 5 },
      features: [
        {
          name: 'stops',
          inferred_type: 'Fractional',
          numerical_statistics: {
            common: { num_present: 4, num_missing: 1 },
            min: 0,
            max: 4,
            distribution: {
              kll: {
                buckets: [
                  { lower_bound: 0, upper_bound: 5e-324, count: 1 },
                  { lower_bound: 5e-324, upper_bound: 1.0000000000000002, count: 1 },
                  { lower_bound: 1.0000000000000002, upper_bound: 2.0000000000000004, count: 1 },
                  { lower_bound: 2.0000000000000004, upper_bound: 4.000000000000001, count: 1 },
                  { lower_bound: 4.000000000000001, upper_bound: 4.000000000000001, count: 0 },
                ],
              },
            },
          },
        },
        {
          name: 'carrier',
          inferred_type: 'String',
          string_statistics: {
            common: { num_present: 4, num_missing: 1 },
            distinct_count: 2,
            distribution: {
              categorical: {
                buckets: [
                  { value: 'AA', count: 3 },
                  { value: 'UA', count: 1 },
                ],
              },
            },
          },
        },
        {
          name: 'remark',
          inferred_type: 'Unknown',
          string_statistics: { common: { num_present: 3, num_missing: 2 } },
        },
      ],
    });
  });

  test('asks of later data what its own rows kept to', () => {
    const { constraints } = writeModelMonitorFiles(small);

    expect(constraints.features).toEqual([
      {
        name: 'stops',
        inferred_type: 'Fractional',
        completeness: 0.8,
        num_constraints: { is_non_negative: true },
      },
      {
        name: 'carrier',
        inferred_type: 'String',
        completeness: 0.8,
        string_constraints: { domains: ['AA', 'UA'] },
      },
      { name: 'remark', inferred_type: 'Unknown', completeness: 0.6 },
    ]);
    expect(constraints.monitoring_config.evaluate_constraints).toBe('Enabled');
  });
});
