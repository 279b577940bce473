import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDuckDb } from '../../../lib/adapters/duckdb/open-duckdb.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { csv, type Drop, houses, preparing } from './preparing.ts';

const { prepare, remove } = preparing();
afterAll(remove);

const sha256 = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');
const parts = ['train', 'validation', 'test'] as const;

/** The same hundred houses in every format. */
const inFormats = async (): Promise<Readonly<Record<string, Uint8Array>>> => {
  const lines = houses().trimEnd().split('\n').slice(1);
  const objects = lines.map((line) => {
    const [id, area, city, sold] = line.split(',');
    return { id, area: Number(area), city, sold };
  });
  const folder = temporaryFolder();
  const database = await openDuckDb({ folder: folder.path, threads: 1 });
  const values = objects
    .map(({ id, area, city, sold }) => `('${id}', ${area}::BIGINT, '${city}', '${sold}')`)
    .join(', ');
  const path = join(folder.path, 'houses.parquet');
  await database.run(`COPY (SELECT * FROM (VALUES ${values}) AS v(id, area, city, sold)) TO '${path}'`);
  database.close();
  const parquet = readFileSync(path);
  folder.remove();
  return {
    'rows.csv': Buffer.from(houses()),
    'rows.tsv': Buffer.from(houses().replaceAll(',', '\t')),
    'rows.jsonl': Buffer.from(objects.map((object) => JSON.stringify(object)).join('\n')),
    'rows.json': Buffer.from(JSON.stringify(objects, null, 2)),
    'rows.parquet': parquet,
  };
};

describe('every format, plain and gzipped', () => {
  let files: Readonly<Record<string, Uint8Array>>;
  beforeAll(async () => {
    files = await inFormats();
  });
  const content = (name: string): Uint8Array => files[name] ?? new Uint8Array();

  it.each(['rows.csv', 'rows.tsv', 'rows.jsonl', 'rows.json', 'rows.parquet'])(
    '%s gives the same dataset',
    async (name) => {
      const spec = { key: ['id'] };
      const expected = await prepare(spec, [['rows.csv', content('rows.csv')]]);

      const plain = await prepare(spec, [[name, content(name)]]);
      const packed = await prepare(spec, [[`${name}.gz`, gzipSync(content(name))]]);

      for (const prepared of [plain, packed]) {
        expect(prepared.rows).toEqual(expected.rows);
        expect(prepared.profile).toEqual(expected.profile);
        for (const part of parts)
          expect(await prepared.rowsOf(`${part}.parquet`)).toEqual(await expected.rowsOf(`${part}.parquet`));
      }
    },
  );

  it('joins files of different formats and columns by name', async () => {
    const other = csv('city,garden,sold,area', 100, (i) => [
      'Chur',
      i % 2 ? 'true' : 'false',
      i % 3 ? 'no' : 'yes',
      60,
    ]);

    const prepared = await prepare({}, [
      ['a.parquet', content('rows.parquet')],
      ['b.csv', other],
      ['c.jsonl', content('rows.jsonl')],
    ]);

    expect(prepared.rows).toMatchObject({ in: 300, kept: 300 });
    const garden = prepared.profile.columns.find(({ name }) => name === 'garden');
    expect(garden).toMatchObject({ kind: 'boolean', missing: 200 });
    expect(prepared.profile.columns.find(({ name }) => name === 'area')).toMatchObject({
      kind: 'number',
      missing: 0,
    });
  });

  it('sets JSON lines aside that are no objects', async () => {
    const lines = `${Buffer.from(content('rows.jsonl')).toString()}\n{"id": "h100", \n[1]\nnull\n`;

    const prepared = await prepare({}, [['rows.jsonl', lines]]);

    expect(prepared.rows).toMatchObject({ in: 103, kept: 100, quarantined: 3 });
    expect(prepared.quality.reasons).toEqual([{ reason: 'not a JSON object', rows: 3 }]);
  });

  it('keeps line breaks, quotes and delimiters inside fields', async () => {
    const text = `${houses()}"h\n""100""",70,"Bern, Bümpliz",yes\n`;

    const prepared = await prepare({ key: ['id'] }, [['rows.csv', text]]);

    const found = await Promise.all(parts.map((part) => prepared.rowsOf(`${part}.parquet`, 'id, city')));
    expect(found.flat()).toContainEqual({ id: 'h\n"100"', city: 'Bern, Bümpliz' });
  });
});

describe('kinds', () => {
  it('are inferred from the values, and written down with the reason', async () => {
    const text = csv('n,flag,day,city,note,code,constant,sold', 100, (i) => [
      (i * 7) % 50,
      i % 2 ? 'yes' : 'no',
      `2025-03-${String(1 + (i % 28)).padStart(2, '0')}T10:00:00+02:00`,
      i % 3 ? 'Bern' : 'Biel',
      `house number ${i} has a garden and a view of the lake`,
      `X${i}`,
      'same',
      i % 2 ? 'a' : 'b',
    ]);

    const { resolved } = await prepare(
      { features: [{ name: 'words', transform: 'wordCount', column: 'note' }] },
      [['rows.csv', text]],
    );

    const told = Object.fromEntries(
      resolved.columns.map(({ name, kind, role, because }) => [name, `${kind} ${role}: ${because}`]),
    );
    expect(told).toEqual({
      n: 'number feature: all values are numbers',
      flag: 'boolean feature: all values are words for true and false',
      day: 'datetime ignored: all values are datetimes (iso); a datetime is no feature by itself: name date parts of it under features',
      city: 'category feature: text with about 2 different values',
      note: 'text source: prose, 51 characters on average; used by the features named in model.json',
      code: 'text ignored: about 100 of 100 values differ; free text is no feature by itself: name textLength or wordCount under features, or force it to category',
      constant: 'category ignored: one value only',
      sold: 'category target: the target in model.json',
    });
  });

  it('honours the offset of a datetime', async () => {
    const text = csv('day,n,sold', 100, (i) => ['2025-03-01T00:30:00+02:00', i, i % 2 ? 'a' : 'b']);

    const { rowsOf } = await prepare({ features: [{ name: 'hour', transform: 'hour', column: 'day' }] }, [
      ['rows.csv', text],
    ]);

    const [row] = await rowsOf('train.parquet', 'min(day)::VARCHAR AS day');
    expect(row).toEqual({ day: '2025-02-28 22:30:00' });
  });

  it('reads a time without a zone as UTC, whatever zone other rows name', async () => {
    const days = ['2025-03-01 00:30:00', '2025-03-01 00:30:00 America/Los_Angeles', '2025-03-01T00:30:00Z'];
    const text = csv('day,n,sold', 99, (i) => [days[i % 3] ?? '', i, i % 2 ? 'a' : 'b']);

    const { rowsOf } = await prepare(
      {
        gates: { slices: ['n'] },
        eventTime: 'day',
        features: [{ name: 'hour', transform: 'hour', column: 'day' }],
      },
      [['rows.csv', text]],
    );

    const found = await Promise.all(
      parts.map((part) => rowsOf(`${part}.parquet`, '(n % 3)::INTEGER AS which, day::VARCHAR AS day')),
    );
    const told = new Set(found.flat().map(({ which, day }) => `${which} ${day}`));
    expect([...told].toSorted()).toEqual([
      '0 2025-03-01 00:30:00',
      '1 2025-03-01 08:30:00',
      '2 2025-03-01 00:30:00',
    ]);
  });

  it('finds the one value among thousands that does not fit, and the one that is no finite number', async () => {
    const text = csv('day,x,sold', 3000, (i) => [
      i === 2900 ? 'soon' : `2025-01-${10 + (i % 20)}`,
      i === 2950 ? 'inf' : i === 2960 ? 'about 7' : i / 2,
      i % 3 ? 'a' : 'b',
    ]);

    const { rows, quality } = await prepare({ gates: { slices: ['day'] } }, [['rows.csv', text]]);

    expect(rows).toMatchObject({ in: 3000, kept: 2998 });
    expect(quality.reasons).toEqual([
      { reason: 'day: not a datetime', rows: 1 },
      { reason: 'x: not a number', rows: 1 },
    ]);
    expect(quality.checks.find(({ name }) => name === 'NaN and infinity')).toMatchObject({ observed: 1 });
  });

  it('are forced by model.json, and what does not fit is quarantined', async () => {
    const text = csv('zip,when,sold', 100, (i) => [
      3000 + (i % 5),
      i === 7 ? 'soon' : 1735689600 + i,
      i % 2 ? 'a' : 'b',
    ]);

    const prepared = await prepare(
      { columns: { zip: 'category', when: 'datetime' }, quality: { maxBadShare: 1, minRows: 10 } },
      [['rows.csv', text]],
    );

    expect(prepared.resolved.columns.find(({ name }) => name === 'zip')).toMatchObject({
      kind: 'category',
      role: 'feature',
    });
    expect(prepared.quality.reasons[0]).toMatchObject({ reason: 'when: not a datetime' });
  });
});

describe('keys', () => {
  it('quarantine a later repeat, and keep the first that is sound', async () => {
    const text = `${houses(100)}h5,1,Bern,no\nh200,1,Bern,\nh200,1,Bern,no\n,1,Bern,no\n`;

    const prepared = await prepare({ key: ['id'] }, [['rows.csv', text]]);

    expect(prepared.rows).toMatchObject({ in: 104, kept: 101, quarantined: 3 });
    expect(prepared.quality.reasons).toEqual([
      { reason: 'id: key missing', rows: 1 },
      { reason: 'repeats an earlier key', rows: 1 },
      { reason: 'target missing', rows: 1 },
    ]);
  });

  it('may repeat when model.json allows it', async () => {
    const prepared = await prepare({ key: ['id'], quality: { duplicates: 'allow' } }, [
      ['rows.csv', houses().repeat(1)],
      ['b.csv', houses()],
    ]);

    expect(prepared.rows).toMatchObject({ in: 200, kept: 200 });
  });

  it('keep a row in its part whatever comes with it', async () => {
    const first = await prepare({ key: ['id'] }, [['a.csv', houses(300)]]);
    const more: readonly Drop[] = [
      ['b.csv', csv('sold,id,area', 300, (i) => [i % 2 ? 'yes' : 'no', `new${i}`, i])],
      ['a.csv', houses(300)],
    ];

    const second = await prepare({ key: ['id'] }, more);

    for (const part of parts) {
      const before = (await first.rowsOf(`${part}.parquet`, 'id')).map(({ id }) => id);
      const after = new Set((await second.rowsOf(`${part}.parquet`, 'id')).map(({ id }) => id));
      expect(before.length).toBeGreaterThan(20);
      expect(before.every((id) => after.has(id))).toBe(true);
    }
  });

  it('have parts that do not change with a new DuckDB', async () => {
    const prepared = await prepare({ key: ['id'] }, [['a.csv', houses(100)]]);

    const test = await prepared.rowsOf('test.parquet', 'id');

    expect(test.map(({ id }) => id).slice(0, 5)).toEqual(['h8', 'h17', 'h25', 'h30', 'h36']);
  });

  it('are not needed: whole rows have parts that this DuckDB must keep, or rows would move from test to train', async () => {
    const prepared = await prepare({}, [['a.csv', houses(100)]]);

    expect(prepared.rows).toMatchObject({ train: 73, validation: 14, test: 13 });
  });
});

describe('time', () => {
  const days = csv('day,area,sold', 200, (i) => [
    new Date(Date.UTC(2025, 0, 1 + i)).toISOString().slice(0, 10),
    i % 30,
    i % 2 ? 'yes' : 'no',
  ]);
  const spec = { eventTime: 'day', split: { by: 'time' as const } };

  it('splits the oldest rows to train, then validation, the newest to test', async () => {
    const shuffled = [days.split('\n')[0], ...days.trimEnd().split('\n').slice(1).toReversed()].join('\n');

    const prepared = await prepare(spec, [['rows.csv', shuffled]]);

    expect(prepared.rows).toMatchObject({ train: 140, validation: 30, test: 30 });
    const spans = await Promise.all(
      parts.map((part) =>
        prepared.rowsOf(`${part}.parquet`, 'min(day)::VARCHAR AS a, max(day)::VARCHAR AS z'),
      ),
    );
    const [train, validation, test] = spans.map(([span]) => span);
    expect(String(train?.z) < String(validation?.a)).toBe(true);
    expect(String(validation?.z) < String(test?.a)).toBe(true);
  });

  it('refuses a split that leaves a part empty', async () => {
    const oneDay = csv('day,area,sold', 100, (i) => ['2025-01-01', i, i % 2 ? 'yes' : 'no']);

    const prepared = await prepare(spec, [['rows.csv', oneDay]]);

    expect(prepared.outcome).toBe('refused');
    expect(prepared.quality.because).toContain(
      'the split by time gave the test part 0 rows, at least 1 is needed',
    );
  });

  it('keeps only the days of the window, and does not call the others bad', async () => {
    const prepared = await prepare({ ...spec, dataWindow: { days: 99 } }, [['rows.csv', days]]);

    expect(prepared.outcome).toBe('accepted');
    expect(prepared.rows).toMatchObject({ in: 200, kept: 100, quarantined: 100 });
    expect(prepared.quality).toMatchObject({
      badShare: 0,
      reasons: [{ reason: 'outside the data window', rows: 100 }],
    });
  });

  it('refuses a batch that is too old, with its age', async () => {
    const prepared = await prepare({ ...spec, quality: { maxAgeHours: 24 } }, [['rows.csv', days]]);

    expect(prepared.quality.because).toEqual([
      'the newest event (2025-07-19T00:00:00Z) is 4089.0 hours old, at most 24 may pass',
    ]);
  });

  it('quarantines events that have not happened yet and rows without a time', async () => {
    const prepared = await prepare(spec, [['rows.csv', `${days}2031-01-01,3,no\n,3,no\n`]]);

    expect(prepared.quality.reasons).toEqual([
      { reason: 'day: event time in the future', rows: 1 },
      { reason: 'day: event time missing', rows: 1 },
    ]);
  });
});

describe('quality rules', () => {
  it('quarantine what breaks them, each with its reason', async () => {
    const text = `${houses(100)}x1,1000,Bern,no\nx2,1,Bern,no\nx3,60,Genf,no\n5,60,Bern,no\nh7,60,Bern,no\n`;
    const columns = {
      area: { min: 10, max: 500 },
      city: { oneOf: ['Bern', 'Basel', 'Biel'] },
      id: { matches: '[hx]\\d+', unique: true },
    };

    const prepared = await prepare({ quality: { columns } }, [['rows.csv', text]]);

    expect(prepared.quality.reasons.toSorted((a, b) => (a.reason < b.reason ? -1 : 1))).toEqual([
      { reason: 'area: above 500', rows: 1 },
      { reason: 'area: below 10', rows: 1 },
      { reason: 'city: not one of the values allowed', rows: 1 },
      { reason: 'id: does not match the pattern', rows: 1 },
      { reason: 'id: value seen before', rows: 1 },
    ]);
  });

  it('refuse a batch above the share of missing values', async () => {
    const text = csv('area,sold', 100, (i) => [i < 30 ? '' : i, i % 2 ? 'yes' : 'no']);

    const prepared = await prepare({ quality: { columns: { area: { maxNullShare: 0.1 } } } }, [
      ['rows.csv', text],
    ]);

    expect(prepared.quality.because).toEqual(['30.0 % of area is missing, at most 10.0 % may be']);
  });

  it('for a column that is not there are unknown, and unknown is not fine', async () => {
    const prepared = await prepare({ quality: { columns: { price: { min: 0 } } } }, [['rows.csv', houses()]]);

    expect(prepared.quality.because).toEqual(['price has rules and is not in the data']);
  });

  it('refuse a pattern that is none', async () => {
    const work = prepare({ quality: { columns: { id: { matches: '(' } } } }, [['rows.csv', houses()]]);

    await expect(work).rejects.toThrow('quality.columns.id.matches is "(", expected an RE2 pattern');
  });

  it('refuse too few rows', async () => {
    const prepared = await prepare({}, [['rows.csv', houses(40)]]);

    expect(prepared.quality.because).toEqual(['40 rows were kept, at least 50 are needed']);
  });
});

describe('the files written', () => {
  it('are the same bytes for the same data', async () => {
    const drops: readonly Drop[] = [['rows.csv', houses(5000)]];
    const spec = { key: ['id'] };

    const [one, two] = [await prepare(spec, drops), await prepare(spec, drops)];

    for (const name of [
      ...parts.map((part) => `${part}.parquet`),
      'profile.json',
      'quality.json',
      'model.resolved.json',
    ])
      expect(sha256(join(one.folder, name))).toBe(sha256(join(two.folder, name)));
  });

  it('leave nothing else behind', async () => {
    const prepared = await prepare({}, [['rows.csv', houses()]]);

    expect(existsSync(join(prepared.folder, '.work'))).toBe(false);
  });

  it('hold each column with its type, the target last', async () => {
    const prepared = await prepare({ gates: { slices: ['city'] }, columns: { city: 'ignore' } }, [
      ['rows.csv', houses()],
    ]);

    const rows = await prepared.rowsOf(
      'train.parquet',
      'typeof(area) AS area, typeof(city) AS city, typeof(__target) AS target',
    );
    expect(rows[0]).toEqual({ area: 'DOUBLE', city: 'VARCHAR', target: 'VARCHAR' });
  });
});

describe('no row is lost', () => {
  const field = fc.oneof(
    fc.constantFrom(
      '1',
      '2.5',
      '',
      'NA',
      'yes',
      'no',
      'Bern',
      '"quoted, comma"',
      '"line\nbreak"',
      '"open',
      'a"b',
      'é',
      '2025-01-01',
    ),
    fc.integer().map(String),
  );
  const record = fc.array(field, { minLength: 1, maxLength: 5 }).map((fields) => fields.join(','));
  const lines = fc.array(record, { minLength: 1, maxLength: 40 });
  const ending = fc.constantFrom('\n', '\r\n', '\r');

  it('whatever a CSV file holds: rows in = rows kept + rows quarantined', { timeout: 60_000 }, async () => {
    const law = fc.asyncProperty(lines, ending, async (records, end) => {
      const text = ['a,b,sold', ...records, '1,2,yes', '3,4,no'].join(end);

      const { rows, rowsOf, profile } = await prepare({ quality: { maxBadShare: 1 } }, [['rows.csv', text]]);

      const [quarantined] = await rowsOf('quarantine.parquet', 'count(*)::INTEGER AS n');
      expect(rows.in).toBeGreaterThanOrEqual(2);
      expect(rows.kept + rows.quarantined).toBe(rows.in);
      expect(quarantined).toEqual({ n: rows.quarantined });
      expect(profile.rows).toBe(rows.kept);
    });
    await fc.assert(law, { numRuns: 15 });
  });
});
