import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openDuckDb } from '../../../lib/adapters/duckdb/open-duckdb.ts';
import { quoteText } from '../../../lib/adapters/duckdb/sql-text.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { type Drop, preparing } from './preparing.ts';

const folder = temporaryFolder();
const { prepare, remove } = preparing();
afterAll(() => {
  remove();
  folder.remove();
});

/** 400 flights: typed columns, an integer, a decimal, a name and a moment. */
const flights = `SELECT TIMESTAMP '2026-01-01 00:00:00' + to_minutes(i * 7) AS date, (i * 13 % 900)::BIGINT AS distance,
  (i % 17) + 0.5 AS wind, 'city-' || (i % 5) AS origin, CASE WHEN i * 31 % 10 < 4 THEN 'yes' ELSE 'no' END AS sold
  FROM range(400) t(i)`;
/** The same as JSON tells them: text and numbers. */
const told = `SELECT strftime(date, '%Y-%m-%dT%H:%M:%SZ') AS date, distance, wind, origin, sold FROM (${flights})`;

const written = async (name: string, select: string, format: string): Promise<Uint8Array> => {
  const database = await openDuckDb({ folder: join(folder.path, '.work'), folders: [folder.path] });
  const path = join(folder.path, name);
  await database.run(`COPY (${select}) TO ${quoteText(path)} (FORMAT ${format})`);
  database.close();
  return readFileSync(path);
};

const parquet = (name: string, rows: string): Promise<Uint8Array> =>
  written(name, `${flights} WHERE ${rows}`, 'parquet');
const json = (name: string, rows: string): Promise<Uint8Array> =>
  written(name, `SELECT * FROM (${told}) WHERE ${rows}`, 'json');

const spec = { eventTime: 'date', quality: { columns: { distance: { max: 880 } } } } as const;
const parts = ['train', 'validation', 'test'];

describe('a small file of text beside files that store types', () => {
  it('makes the dataset that files of one kind make', async () => {
    const early = await parquet('a.parquet', 'i < 300');
    const typed: readonly Drop[] = [
      ['a.parquet', early],
      ['b.parquet', await parquet('b.parquet', 'i >= 300')],
    ];
    const mixed: readonly Drop[] = [
      ['a.parquet', early],
      ['b.jsonl', await json('b.jsonl', "date >= '2026-01-02T11:00:00Z'")],
    ];

    const [expected, found] = [await prepare(spec, typed), await prepare(spec, mixed)];

    expect(found.rows).toEqual(expected.rows);
    expect(found.resolved).toEqual(expected.resolved);
    expect(found.profile).toEqual(expected.profile);
    expect(found.quality.checks).toEqual(expected.quality.checks);
    for (const part of parts)
      expect(readFileSync(join(found.folder, `${part}.parquet`))).toEqual(
        readFileSync(join(expected.folder, `${part}.parquet`)),
      );
  });

  it('sets rows aside as they came, and not as they were read', async () => {
    const drops: readonly Drop[] = [
      ['a.parquet', await parquet('a.parquet', 'i < 300')],
      [
        'b.jsonl',
        '{"date":"2026-01-04T06:00:00Z","distance":900,"wind":1.5,"origin":"city-1","sold":"yes"}\n',
      ],
    ];

    const found = await prepare(spec, drops);

    const rows = await found.rowsOf('quarantine.parquet', 'source, raw');
    expect(rows.filter(({ source }) => source === 'incoming/houses/b.jsonl')).toEqual([
      {
        source: 'incoming/houses/b.jsonl',
        raw: '{"date":"2026-01-04T06:00:00Z","distance":"900","wind":"1.5","origin":"city-1","sold":"yes"}',
      },
    ]);
  });

  it.each([
    ['a number with leading zeros', 'distance', '"007"', '7.0'],
    ['a number that is not whole among whole ones', 'distance', '7.25', '7.25'],
    ['a word for a missing number', 'wind', '"NA"', null],
    ['a moment with an offset', 'date', '"2026-01-04T06:00:00+02:00"', '2026-01-04 04:00:00'],
  ])('reads %s', async (_what, name, told, value) => {
    const usual = {
      date: '"2026-01-04T06:00:00Z"',
      distance: '7',
      wind: '1.5',
      origin: '"city-1"',
      sold: '"yes"',
    };
    const line = Object.entries({ ...usual, [name]: told }).map(([key, text]) => `"${key}":${text}`);
    const drops: readonly Drop[] = [
      ['a.parquet', await parquet('a.parquet', 'i < 300')],
      ['b.jsonl', `{${line.join(',')}}\n`],
    ];

    const found = await prepare({ eventTime: 'date', split: { by: 'time' } }, drops);

    // It is the latest.
    const [row] = await found.rowsOf(
      'test.parquet',
      `list("${name}"::VARCHAR ORDER BY date DESC)[1] AS value`,
    );
    expect(found.rows).toMatchObject({ in: 301, kept: 301 });
    expect(row?.value).toBe(value);
  });
});
