import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { presenceBins } from '../../../lib/domain/drift/index.ts';
import { writeModelMonitorFiles } from '../../../lib/domain/model-monitor-files/index.ts';
import { baselineOf, columnOf, numbersOf, textsOf, writtenAndRead } from './small-baselines.ts';

describe('a baseline written and read again', () => {
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
