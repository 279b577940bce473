import { describe, expect, test } from 'vitest';
import { profileBuilder } from '../../../lib/domain/drift/index.ts';
import { carrier, constraintsOf, read, statisticsOf, stops } from './container-files.ts';

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
});
