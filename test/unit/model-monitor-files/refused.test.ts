import { describe, expect, test } from 'vitest';
import { readModelMonitorFiles } from '../../../lib/domain/model-monitor-files/index.ts';
import { isMillraceError } from '../../../lib/wire/errors.ts';
import { buckets, constraintsOf, read, statisticsOf, stops } from './container-files.ts';

const refusal = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    if (isMillraceError(error, 'BASELINE_FILE_INVALID')) return error.message;
    throw error;
  }
  throw new Error('nothing was refused');
};

describe('files with faults', () => {
  test('name each column that cannot be read, and why', () => {
    const { common } = stops.numerical_statistics;
    const lost = { kll: { buckets: buckets([4, 4]) } };
    const twice = { categorical: { buckets: [{ value: 'AA', count: 13 }] } };
    const { columns, because } = read(
      statisticsOf(
        { name: 'bare', inferred_type: 'Fractional', numerical_statistics: { common } },
        {
          name: 'lost',
          inferred_type: 'Fractional',
          numerical_statistics: { common, distribution: lost },
        },
        {
          name: 'twice',
          inferred_type: 'String',
          string_statistics: { common, distribution: twice },
        },
        { name: 'nothing', inferred_type: 'Unknown' },
      ),
      constraintsOf({ name: 'gone', inferred_type: 'String' }),
    );

    expect(columns).toEqual([]);
    expect(because).toEqual([
      'bare: its numbers come without distribution.kll.buckets',
      'lost: its buckets hold 8 values where num_present is 11',
      'twice: its values were counted 2 times more than num_present says',
      'nothing: statistics.json has no statistics of it (type Unknown)',
      'gone: statistics.json does not name it',
    ]);
  });

  test.each([
    ['text that is no JSON', '{"features": [}', 'statistics.json is not JSON at line 1, column 15'],
    ['another thing', '[]', 'statistics.json at (root)'],
    ['no features', '{"dataset":{"item_count":1}}', 'statistics.json at features'],
    ['half a row', '{"dataset":{"item_count":1.5},"features":[]}', 'statistics.json at dataset.item_count'],
    [
      'a later version',
      '{"version":1,"dataset":{"item_count":1},"features":[]}',
      'statistics.json at version',
    ],
  ])('are refused when they hold %s', (_, statistics, where) => {
    expect(refusal(() => readModelMonitorFiles({ statistics, constraints: '{"features":[]}' }))).toContain(
      where,
    );
  });

  test('are refused when they contradict themselves', () => {
    const withBuckets = (given: readonly unknown[]) =>
      statisticsOf({
        ...stops,
        numerical_statistics: { ...stops.numerical_statistics, distribution: { kll: { buckets: given } } },
      });
    const [first, second] = buckets([5, 6]);
    const at = 'features.0.numerical_statistics.distribution.kll.buckets';

    expect(refusal(() => read(statisticsOf(stops, stops)))).toContain('a feature is named twice');
    expect(refusal(() => read({ ...statisticsOf(stops), dataset: { item_count: 3 } }))).toContain(
      'a feature counts more rows than these',
    );
    expect(refusal(() => read(withBuckets([second, first])))).toContain(
      `${at}: buckets are not in ascending`,
    );
    expect(refusal(() => read(withBuckets([{ ...first, lower_bound: 9 }])))).toContain(
      `${at}.0: lower_bound`,
    );
    expect(refusal(() => read(withBuckets([{ ...first, count: -1 }])))).toContain(`${at}.0.count`);
    expect(
      refusal(() => read(statisticsOf(stops), constraintsOf({ name: 'stops', completeness: 2 }))),
    ).toContain('constraints.json at features.0');
  });
});
