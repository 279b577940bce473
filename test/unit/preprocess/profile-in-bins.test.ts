import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DuckDb, openDuckDb } from '../../../lib/adapters/duckdb/open-duckdb.ts';
import { profileDropped, profileParquet } from '../../../lib/adapters/duckdb/profile-in-bins.ts';
import { quoteText } from '../../../lib/adapters/duckdb/sql-text.ts';
import { type SourceFormat, sourceFormatOf } from '../../../lib/domain/dataset/index.ts';
import {
  type Bins,
  type Cell,
  categoryBins,
  numberBins,
  presenceBins,
  profileBuilder,
} from '../../../lib/domain/drift/index.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const folder = temporaryFolder();
const path = join(folder.path, 'rows.parquet');
let database: DuckDb;
beforeAll(async () => {
  database = await openDuckDb({ folder: join(folder.path, 'work'), folders: [folder.path], threads: 2 });
});
afterAll(() => {
  database.close();
  folder.remove();
});

/** Few values, so that they meet edges, ends and each other. */
const few = [-1e300, -3, -0, 0, 0.1, 0.30000000000000004, 1 / 3, 7, 2 ** 53, 1e22];
const number = fc.option(fc.constantFrom(...few, Number.NaN, Number.POSITIVE_INFINITY, -Infinity), {
  nil: undefined,
});
const whole = fc.option(fc.constantFrom(0n, 1n, -5n, 9007199254740993n, 2n ** 62n), { nil: undefined });
const text = fc.option(fc.constantFrom('', 'a', 'b', "o'clock", 'Ä', 'z\0', 'true'), { nil: undefined });
const flag = fc.option(fc.boolean(), { nil: undefined });
const rows = fc.array(fc.record({ x: number, id: whole, city: text, fast: flag, seen: flag }), {
  maxLength: 40,
});
type Row = Readonly<Record<'x' | 'id' | 'city' | 'fast' | 'seen', unknown>>;

const literal = (value: unknown, type: string): string => {
  if (value === undefined) return `NULL::${type}`;
  const spelled = Object.is(value, -0) ? '-0.0' : String(value);
  return `(${quoteText(spelled).replaceAll('\0', "' || chr(0) || '")})::${type}`;
};

const write = (table: readonly Row[]): Promise<void> => {
  const selects = table.map(
    ({ x, id, city, fast, seen }) =>
      `SELECT ${literal(x, 'DOUBLE')} AS x, ${literal(id, 'BIGINT')} AS id, ${literal(city, 'VARCHAR')} AS city, ${literal(fast, 'BOOLEAN')} AS fast, ${seen === undefined ? 'NULL::TIMESTAMP' : "TIMESTAMP '2025-01-01'"} AS seen`,
  );
  const none = `SELECT NULL::DOUBLE AS x, NULL::BIGINT AS id, NULL::VARCHAR AS city, NULL::BOOLEAN AS fast, NULL::TIMESTAMP AS seen WHERE false`;
  return database.run(
    `COPY (${[none, ...selects].join(' UNION ALL ')}) TO ${quoteText(path)} (FORMAT parquet)`,
  );
};

const counts = (values: readonly string[]): ReadonlyMap<string, number> => {
  const counted = new Map<string, number>();
  for (const value of values) counted.set(value, (counted.get(value) ?? 0) + 1);
  return counted;
};

const present = (table: readonly Row[], name: keyof Row): readonly string[] =>
  table.flatMap((row) => (row[name] === undefined || row[name] === '' ? [] : [String(row[name])]));

const finite = (table: readonly Row[], name: keyof Row): Float64Array =>
  Float64Array.from(table, (row) => Number(row[name])).filter(Number.isFinite);

/** Bins as a baseline of these rows has them. */
const binsOf = (table: readonly Row[]): readonly { name: string; bins: Bins }[] => [
  { name: 'x', bins: numberBins(finite(table, 'x')) },
  { name: 'id', bins: numberBins(finite(table, 'id')) },
  { name: 'id', bins: categoryBins(counts(present(table, 'id'))) },
  { name: 'city', bins: categoryBins(counts(present(table, 'city'))) },
  { name: 'fast', bins: categoryBins(counts(present(table, 'fast'))) },
  { name: 'seen', bins: presenceBins },
  { name: 'gone', bins: numberBins(finite(table, 'x')) },
];

const cellOf = (row: Row, name: string, bins: Bins): Cell => {
  const value = row[name as keyof Row];
  if (value === undefined || value === '' || Number.isNaN(value)) return undefined;
  return bins.kind === 'number' ? Number(value) : String(value);
};

describe('rows counted in the bins of a baseline', () => {
  test('by the column store are counted as one by one', async () => {
    await fc.assert(
      fc.asyncProperty(rows, rows, async (known, table) => {
        await write(table);
        const columns = binsOf(known);
        const builder = profileBuilder(columns.map(({ bins }) => bins));
        for (const row of table)
          builder.add((index) => {
            const column = columns[index];
            return column && cellOf(row, column.name, column.bins);
          });

        expect(await profileParquet(path, columns, { database })).toEqual(builder.profile());
      }),
      { numRuns: 40, seed: 7 },
    );
  });

  test('a hundred thousand rows fill the bins of the rows they repeat a thousandfold', async () => {
    await database.run(
      `COPY (SELECT (i % 100)::DOUBLE AS x, 'c' || (i % 7) AS city FROM range(100000) t(i)) TO ${quoteText(path)} (FORMAT parquet)`,
    );
    const x = numberBins(Float64Array.from({ length: 100 }, (_, index) => index));
    const city = categoryBins(
      new Map([
        ['c0', 5],
        ['c6', 2],
      ]),
    );

    const profile = await profileParquet(path, [
      { name: 'x', bins: x },
      { name: 'CITY', bins: city },
    ]);

    expect(profile.columns[0]).toEqual({
      counts: [...new Array(10).fill(10_000), 0],
      outside: 0,
      wrong: 0,
    });
    expect(profile.columns[1]).toEqual({ counts: [14_286, 14_285, 71_429, 0], outside: 71_429, wrong: 0 });
  });

  test.each([
    ['rows.csv', 'x,fast,city\n1,yes,Bern\n12.5,FALSE,NA\nabc,maybe,Basel\n-,,\n1,2\n'],
    [
      'rows.jsonl',
      '{"x":1,"fast":true,"city":"Bern"}\n{"x":12.5,"fast":false}\n{"x":"abc","fast":"maybe","city":"Basel"}\n{"x":null,"city":""}\n{"broken\n',
    ],
  ])('a dropped file is read as every dropped file is: %s', async (name, content) => {
    const filePath = join(folder.path, name);
    writeFileSync(filePath, content);
    const sha256 = createHash('sha256').update(content).digest('hex');
    const format = sourceFormatOf(name) as SourceFormat;

    const profile = await profileDropped({ filePath, key: name, sha256, format }, [
      { name: 'x', bins: { kind: 'number', edges: [1, 5], min: 0, max: 10 } },
      { name: 'fast', bins: { kind: 'category', values: ['false', 'true'], isClosed: true, singletons: 0 } },
      { name: 'city', bins: { kind: 'category', values: ['Bern'], isClosed: false, singletons: 0 } },
    ]);

    expect(profile).toEqual({
      rows: 4,
      unreadableRows: 1,
      columns: [
        { counts: [1, 0, 1, 1], outside: 1, wrong: 1 },
        { counts: [1, 1, 1, 1], outside: 1, wrong: 0 },
        { counts: [1, 1, 2], outside: 0, wrong: 0 },
      ],
    });
  });
});
