import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { missingDatetime } from '../../../lib/domain/dataset/index.ts';
import { parseDatetime, parseRows, type Signature } from '../../../lib/domain/signature/index.ts';

const flight: Signature = {
  schemaVersion: 1,
  task: 'binary',
  target: 'late',
  columns: [
    { name: 'distance', kind: 'number', isNullable: false },
    { name: 'date', kind: 'datetime', isNullable: true },
    { name: 'origin', kind: 'category', isNullable: true },
    { name: 'international', kind: 'boolean', isNullable: true },
  ],
  inputs: [],
  outputs: { probabilities: 'probabilities' },
  classes: ['false', 'true'],
};

const issuesOf = (rows: readonly unknown[], limits = {}): unknown => {
  try {
    parseRows(rows, flight, limits);
  } catch (error) {
    expect(error).toHaveProperty('name', 'PREDICTION_INPUT_INVALID');
    return (error as { details: { issues: unknown } }).details.issues;
  }
  throw new Error('the rows were accepted');
};

describe('rows that fit the signature', () => {
  test('become a table, column by column', () => {
    const { rows, columns } = parseRows(
      [
        { distance: 500.5, date: '2001-03-01 06:30', origin: 'SFO', international: true },
        { distance: 0, date: 983_428_200_000, origin: 10, international: false },
      ],
      flight,
    );

    expect(rows).toBe(2);
    expect(Object.fromEntries(columns)).toEqual({
      distance: { kind: 'number', values: Float64Array.of(500.5, 0) },
      date: { kind: 'datetime', values: BigInt64Array.of(983_428_200_000n, 983_428_200_000n) },
      origin: { kind: 'category', values: ['SFO', '10'] },
      international: { kind: 'boolean', values: Float64Array.of(1, 0) },
    });
  });

  test('may leave nullable columns out, or send null or an empty string', () => {
    const { columns } = parseRows(
      [{ distance: 1 }, { distance: 1, date: null, origin: '', international: null }],
      flight,
    );

    expect(columns.get('date')?.values).toEqual(BigInt64Array.of(missingDatetime, missingDatetime));
    expect(columns.get('origin')?.values).toEqual(['', '']);
    expect(columns.get('international')?.values).toEqual(Float64Array.of(Number.NaN, Number.NaN));
  });
});

describe('rows that do not fit', () => {
  test('are answered with every problem at once: where, what was expected, what came', () => {
    const issues = issuesOf([
      { distance: '500', date: 'yesterday', gate: 'A1' },
      { distance: Number.NaN, origin: 1.5, international: 1 },
      { date: '2001-02-29' },
      'not a row',
    ]);

    const expectedDate = 'an ISO 8601 datetime or epoch milliseconds, or null';
    expect(issues).toEqual([
      {
        row: 0,
        column: 'gate',
        expected: 'only the columns distance, date, origin, international',
        came: 'a column the model does not know',
      },
      { row: 3, expected: 'an object of columns', came: 'the string "not a row"' },
      { row: 0, column: 'distance', expected: 'a finite number', came: 'the string "500"' },
      { row: 1, column: 'distance', expected: 'a finite number', came: 'the number NaN' },
      { row: 2, column: 'distance', expected: 'a finite number', came: 'nothing' },
      { row: 0, column: 'date', expected: expectedDate, came: 'the string "yesterday"' },
      { row: 2, column: 'date', expected: expectedDate, came: 'the string "2001-02-29"' },
      {
        row: 1,
        column: 'origin',
        expected: 'a string of at most 100000 characters, or null',
        came: 'the number 1.5',
      },
      { row: 1, column: 'international', expected: 'true or false, or null', came: 'the number 1' },
    ]);
  });

  test('a thousand wrong rows are answered with twenty problems', () => {
    expect(issuesOf(new Array(1000).fill({ distance: null, a: 1, b: 2 }))).toHaveLength(20);
  });

  test('too many rows, and none, are refused', () => {
    expect(issuesOf([{ distance: 1 }, { distance: 1 }], { maxRows: 1 })).toEqual([
      { row: 1, expected: 'at most 1 rows', came: '2 rows' },
    ]);
    expect(issuesOf([])).toEqual([{ row: 0, expected: 'at least one row', came: '0 rows' }]);
  });

  test('a column named as a property of every object is still missing', () => {
    const signature = {
      ...flight,
      columns: [{ name: 'constructor', kind: 'category', isNullable: false }],
    } as const;

    expect(() => parseRows([{}], signature)).toThrow('column "constructor" expects');
  });

  test('a text beyond the limit is refused without being repeated', () => {
    expect(issuesOf([{ distance: 1, origin: 'x'.repeat(101) }], { maxTextLength: 100 })).toEqual([
      {
        row: 0,
        column: 'origin',
        expected: 'a string of at most 100 characters, or null',
        came: `a string of 101 characters, "${'x'.repeat(40)}…"`,
      },
    ]);
  });
});

describe('datetimes', () => {
  test('accept dates, minutes, seconds and fractions, with a zone or as UTC', () => {
    const noon = BigInt(Date.UTC(2024, 1, 29, 12));
    const same = [
      '2024-02-29T12:00Z',
      '2024-02-29T12:00',
      '2024-02-29 12:00:00',
      '2024-02-29T12:00:00.000Z',
      '2024-02-29t14:00:00.0009+02:00',
      '2024-02-29T06:30:00-0530',
      '2024-02-29T13:00+01',
    ];

    expect(same.map(parseDatetime)).toEqual(same.map(() => noon));
    expect(parseDatetime('2024-02-29')).toBe(noon - 43_200_000n);
    expect(parseDatetime('0099-01-01')).toBe(BigInt(Date.parse('0099-01-01')));
  });

  test('refuse what no calendar or clock has', () => {
    const wrong = [
      '2023-02-29',
      '2024-13-01',
      '2024-00-10',
      '2024-01-01T24:00',
      '2024-01-01T12:60',
      '2024-01-01T12:00+25:00',
      '01/02/2024',
      '2024-1-1',
      '2024-01-01T',
      '',
      1.5,
      1e300,
      Number.NaN,
    ];

    expect(wrong.filter((value) => parseDatetime(value) !== undefined)).toEqual([]);
  });

  test('mean the same instant to a client and to DuckDB, which reads the training data', async () => {
    const zones = ['', 'Z', '+00:00', '+05:30', '-08:00'];
    const days = fc.date({ min: new Date('0001-01-02'), max: new Date('9998-12-31'), noInvalidDate: true });
    const anyText = fc
      .tuple(days, fc.constantFrom(...zones), fc.constantFrom('T', ' '), fc.constantFrom(10, 16, 19, 23))
      .map(([date, zone, separator, length]) => {
        const text = date.toISOString().slice(0, length).replace('T', separator);
        return length < 19 ? text : text + zone; // DuckDB takes a zone only after seconds
      });
    const texts = [
      '1969-12-31T23:59:59.999Z',
      '1969-12-31 23:59:59.9999',
      '1970-01-01T00:00:00.0009',
      '1969-12-31 23:59:59.99999',
      '1969-12-31 23:59:58.9999',
      '2024-02-29 12:00:00.9999999',
      ...fc.sample(anyText, { numRuns: 300, seed: 7 }),
    ];

    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    await connection.run("SET TimeZone = 'UTC'");
    const list = texts.map((text) => `('${text}')`).join(', ');
    const read = await connection.runAndReadAll(
      `SELECT epoch_ms(CAST(t AS TIMESTAMPTZ)) FROM (VALUES ${list}) v(t)`,
    );
    connection.closeSync();
    instance.closeSync();

    const wrong = read.getRowsJS().flatMap(([ms], row) => {
      const text = texts[row] ?? '';
      return parseDatetime(text) === ms ? [] : [{ text, duckdb: ms, ours: parseDatetime(text) }];
    });
    expect(wrong).toEqual([]);
  });
});
