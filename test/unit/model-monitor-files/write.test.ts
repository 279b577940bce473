import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Baseline,
  type BaselineColumn,
  type Bins,
  type Cell,
  categoryBins,
  numberBins,
  presenceBins,
  profileBuilder,
} from '../../../lib/domain/drift/index.ts';
import {
  readModelMonitorFiles,
  writeModelMonitorFiles,
} from '../../../lib/domain/model-monitor-files/index.ts';

const columnOf = (name: string, bins: Bins, cells: readonly Cell[]): BaselineColumn => {
  const builder = profileBuilder([bins]);
  for (const cell of cells) builder.add(() => cell);
  const [counts] = builder.profile().columns;
  return { name, of: 'feature', bins, counts: counts as BaselineColumn['counts'] };
};

const numbersOf = (name: string, cells: readonly (number | undefined)[]) =>
  columnOf(name, numberBins(Float64Array.from(cells, (cell) => cell ?? Number.NaN)), cells);

const textsOf = (name: string, cells: readonly (string | undefined)[]) => {
  const counts = new Map<string, number>();
  for (const cell of cells) if (cell !== undefined) counts.set(cell, (counts.get(cell) ?? 0) + 1);
  return columnOf(name, categoryBins(counts), cells);
};

const baselineOf = (rows: number, columns: readonly BaselineColumn[]): Baseline => ({
  schemaVersion: 1,
  model: 'delays',
  datasetVersion: 'd1',
  rows,
  columns: [...columns],
  label: { ...textsOf('late', []), of: 'label' },
});

const writtenAndRead = (baseline: Baseline) => {
  const { statistics, constraints } = writeModelMonitorFiles(baseline);
  return readModelMonitorFiles({
    statistics: JSON.stringify(statistics),
    constraints: JSON.stringify(constraints),
  });
};

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

  test('names no domain where more values came than are counted one by one', () => {
    const many = Array.from({ length: 101 }, (_, index) => `v${index}`);
    const column = textsOf('tail', many);
    const { statistics, constraints } = writeModelMonitorFiles(baselineOf(101, [column]));
    const read = writtenAndRead(baselineOf(101, [column])).columns[0];

    expect(statistics.features[0]?.string_statistics).not.toHaveProperty('distinct_count');
    expect(constraints.features[0]).not.toHaveProperty('string_constraints');
    expect(read?.counts).toEqual(column.counts);
    expect(read?.bins).toMatchObject({
      values: (column.bins as { values: string[] }).values,
      isClosed: false,
    });
  });

  test('asks nothing of columns that were never filled', () => {
    const empty = baselineOf(2, [
      numbersOf('n', [undefined, undefined]),
      textsOf('t', [undefined, undefined]),
    ]);

    expect(writeModelMonitorFiles(empty).constraints.features).toEqual([
      { name: 'n', inferred_type: 'Fractional', completeness: 0 },
      { name: 't', inferred_type: 'String', completeness: 0 },
    ]);
    expect(writtenAndRead(empty)).toEqual({ rows: 2, columns: empty.columns, because: [] });
  });

  test('comes back with the same bins and counts, whatever the values', () => {
    const number = fc.oneof(
      fc.integer({ min: -4, max: 4 }),
      // Zero has one sign in JSON.
      fc.double({ noNaN: true, min: -1e300, max: 1e300 }).map((value) => value + 0),
    );
    const row = fc.tuple(
      fc.option(number, { nil: undefined }),
      fc.option(fc.string({ maxLength: 2 }), { nil: undefined }),
    );
    fc.assert(
      fc.property(fc.array(row, { maxLength: 60 }), (rows) => {
        const numbers = rows.map(([value]) => value);
        const texts = rows.map(([, value]) => value);
        const columns = [numbersOf('n', numbers), textsOf('t', texts), columnOf('p', presenceBins, texts)];

        expect(writtenAndRead(baselineOf(rows.length, columns))).toEqual({
          rows: rows.length,
          columns,
          because: [],
        });
      }),
    );
  });
});
