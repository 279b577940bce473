import { describe, expect, test } from 'vitest';
import { profileBuilder } from '../../../lib/domain/drift/index.ts';
import { readModelMonitorFiles } from '../../../lib/domain/model-monitor-files/index.ts';
import { isMillraceError } from '../../../lib/wire/errors.ts';

const buckets = (counts: readonly number[]) =>
  counts.map((count, index) => ({ lower_bound: index, upper_bound: index + 1, count }));

/** Whole numbers from 0 to 10, each once, as the prebuilt container tells of them: 10 is in the last bucket, with 9. */
const stops = {
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
const carrier = {
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

const statisticsOf = (...features: readonly unknown[]) => ({
  version: 0,
  dataset: { item_count: 12 },
  features,
});
const constraintsOf = (...features: readonly unknown[]) => ({
  version: 0,
  features,
  monitoring_config: { evaluate_constraints: 'Enabled', datatype_check_threshold: 1 },
});
const read = (statistics: unknown, constraints: unknown = constraintsOf()) =>
  readModelMonitorFiles({
    statistics: JSON.stringify(statistics),
    constraints: JSON.stringify(constraints),
  });

const refusal = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    if (isMillraceError(error, 'BASELINE_FILE_INVALID')) return error.message;
    throw error;
  }
  throw new Error('nothing was refused');
};

describe('files that Model Monitor wrote', () => {
  test('become columns whose counts the same rows give again, on the bounds of buckets too', () => {
    const { rows, columns, because } = read(statisticsOf(stops, carrier));
    const builder = profileBuilder(columns.map(({ bins }) => bins));
    for (let row = 0; row < 12; row += 1)
      builder.add((index) => (index === 0 ? (row < 11 ? row : undefined) : row < 7 ? 'AA' : 'UA'));

    expect({ rows, because }).toEqual({ rows: 12, because: [] });
    expect(columns.map(({ name, of }) => [name, of])).toEqual([
      ['stops', 'feature'],
      ['carrier', 'feature'],
    ]);
    expect(columns.map(({ counts }) => counts)).toEqual(builder.profile().columns);
    expect(columns[0]?.bins).toMatchObject({ kind: 'number', min: 0, max: 10 });
    expect(columns[1]?.bins).toEqual({
      kind: 'category',
      values: ['AA', 'UA'],
      isClosed: true,
      singletons: 0,
    });
  });

  test('let a column of one value stand in one bin', () => {
    const same = Array.from({ length: 10 }, (_, index) => ({
      lower_bound: 3,
      upper_bound: 3,
      count: index === 9 ? 12 : 0,
    }));
    const [column] = read(
      statisticsOf({
        name: 'constant',
        inferred_type: 'Integral',
        numerical_statistics: {
          common: { num_present: 12, num_missing: 0 },
          distribution: { kll: { buckets: same } },
        },
      }),
    ).columns;

    expect(column?.bins).toEqual({ kind: 'number', edges: [2.9999999999999996], min: 3, max: 3 });
    expect(column?.counts.counts).toEqual([0, 12, 0]);
  });

  test('know the values that constraints.json allows though no row had them', () => {
    const allowed = constraintsOf({
      name: 'carrier',
      inferred_type: 'String',
      completeness: 1,
      string_constraints: { domains: ['AA', 'UA', 'DL'] },
    });
    const [column] = read(statisticsOf(carrier), allowed).columns;

    expect(column?.bins).toMatchObject({ values: ['AA', 'UA', 'DL'], isClosed: true });
    expect(column?.counts.counts).toEqual([7, 5, 0, 0, 0]);
  });

  test('keep the rows of values not listed as other values', () => {
    const common = { num_present: 12, num_missing: 0 };
    const listed = { categorical: { buckets: [{ value: 'AA', count: 7 }] } };
    const [column] = read(
      statisticsOf({ ...carrier, string_statistics: { common, distribution: listed } }),
    ).columns;

    expect(column?.bins).toMatchObject({ values: ['AA'], isClosed: false });
    expect(column?.counts.counts).toEqual([7, 5, 0]);
  });

  test('watch the presence alone of texts without a distribution', () => {
    const [column] = read(
      statisticsOf({
        name: 'remark',
        inferred_type: 'String',
        string_statistics: {
          common: { num_present: 10, num_missing: 2 },
          distinct_count: 9.7,
          distribution: null,
        },
      }),
    ).columns;

    expect(column?.bins).toEqual({ kind: 'category', values: [], isClosed: false, singletons: 0 });
    expect(column?.counts.counts).toEqual([10, 2]);
  });

  test('may hold nulls and fields nobody told us of', () => {
    const odd = {
      ...stops,
      colour: 'blue',
      string_statistics: null,
      numerical_statistics: { ...stops.numerical_statistics, min: null, max: null, median: 5 },
    };

    expect(read({ ...statisticsOf(odd), owner: {} })).toEqual(read(statisticsOf(stops)));
  });

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
