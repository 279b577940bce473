import { writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { isMillraceError } from '../../../lib/wire/errors.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { csv, houses, preparing, sourceOf } from './preparing.ts';

const { prepare, remove } = preparing();
afterAll(remove);

const failure = async (work: Promise<unknown>): Promise<Error> => {
  try {
    await work;
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('expected a failure');
};

const kindOf = (columns: readonly { name: string; kind: string; role: string }[], name: string) =>
  columns.find((column) => column.name === name);

describe('a file that holds nothing', () => {
  it.each([
    ['rows.csv', ''],
    ['rows.csv', ' \n\n'],
    ['rows.csv', '\n'],
    ['rows.jsonl', ''],
    ['rows.json', '[]'],
    ['rows.parquet', ''],
    ['rows.csv.gz', gzipSync('')],
  ])('says that %s is empty', async (name, content) => {
    const error = await failure(prepare({}, [[name, content]]));

    expect(error.name).toBe('DATA_EMPTY');
    expect(error.message).toContain(`incoming/houses/${name}`);
  });

  it('says that a CSV with a header only has no rows', async () => {
    const error = await failure(prepare({}, [['rows.csv', 'area,sold\n']]));

    expect(error.name).toBe('DATA_EMPTY');
    expect(error.message).toContain('header and no rows');
  });
});

describe('a file that cannot be read', () => {
  it('names a Parquet file that is cut off', async () => {
    const error = await failure(prepare({}, [['rows.parquet', 'PAR1 and then nothing']]));

    expect(error.name).toBe('DATA_UNREADABLE');
    expect(error.message).toContain('incoming/houses/rows.parquet');
  });

  it('names a gzip file that is cut off', async () => {
    const error = await failure(prepare({}, [['rows.csv.gz', gzipSync(houses()).subarray(0, 100)]]));

    expect(error.name).toBe('DATA_UNREADABLE');
    expect(error.message).toContain('gzip');
  });

  it('refuses a file that is not the one announced', async () => {
    const error = await failure(
      prepare({}, [], {
        sources: [
          {
            filePath: import.meta.filename,
            key: 'incoming/houses/rows.csv',
            sha256: '0'.repeat(64),
            format: 'csv',
          },
        ],
      }),
    );

    expect(error.name).toBe('OBJECT_CHANGED');
    expect(isMillraceError(error, 'OBJECT_CHANGED') && error.details.expected).toBe('0'.repeat(64));
  });

  it('notices a file that is replaced while it is read', async () => {
    const folder = temporaryFolder();
    onTestFinished(() => folder.remove());
    const source = sourceOf(folder.path, ['rows.csv', houses()]);
    const replace = ({ phase }: { phase: string }) => {
      if (phase === 'write') writeFileSync(source.filePath, houses(50));
    };

    const error = await failure(prepare({}, [], { sources: [source], onProgress: replace }));

    expect(error.name).toBe('OBJECT_CHANGED');
  });

  it('tells two columns that differ only in case apart from a sound file', async () => {
    const error = await failure(prepare({}, [['rows.csv', 'area,Area,sold\n1,2,yes\n']]));

    expect(error.message).toContain('the columns "area" and "Area"');
  });
});

describe('the wrong encoding', () => {
  it('refuses UTF-16 by name', async () => {
    const bytes = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(houses(), 'utf16le')]);

    const error = await failure(prepare({}, [['rows.csv', bytes]]));

    expect(error.name).toBe('DATA_ENCODING');
    expect(error.message).toContain('UTF-16');
  });

  it('refuses a Latin-1 header, whose names would all be wrong', async () => {
    const error = await failure(prepare({}, [['rows.csv', Buffer.from('fläche,sold\n1,yes\n', 'latin1')]]));

    expect(error.name).toBe('DATA_ENCODING');
  });

  it('sets single Latin-1 rows aside and shows them', async () => {
    const text = `${houses(100)}h100,70,Zürich,no\n`;

    const prepared = await prepare({}, [['rows.csv', Buffer.from(text, 'latin1')]]);

    expect(prepared.outcome).toBe('accepted');
    expect(prepared.quality.reasons).toEqual([{ reason: 'not UTF-8', rows: 1 }]);
    const [row] = await prepared.rowsOf(
      'quarantine.parquet',
      'raw::VARCHAR AS raw, row_number::INTEGER AS n',
    );
    expect(row).toEqual({ raw: '"h100,70,Zürich,no"', n: 101 });
  });

  it('reads UTF-8 with a byte order mark', async () => {
    const prepared = await prepare({}, [['rows.csv', `\uFEFF${houses()}`]]);

    expect(prepared.resolved.columns.map(({ name }) => name)).toEqual(['id', 'area', 'city', 'sold']);
  });
});

describe('ragged CSV', () => {
  it('sets short, long and badly quoted rows aside with their number, and keeps the rest', async () => {
    const lines = houses(200).trimEnd().split('\n');
    lines.splice(11, 0, 'h,1', 'h,1,Bern,no,more', 'h,1,"Bern"x,no');

    const prepared = await prepare({}, [['rows.csv', lines.join('\r\n')]]);

    expect(prepared.rows).toMatchObject({ in: 203, kept: 200, quarantined: 3 });
    const rows = await prepared.rowsOf(
      'quarantine.parquet',
      'source, row_number::INTEGER AS n, reasons[1] AS reason',
    );
    expect(rows).toEqual([
      { source: 'incoming/houses/rows.csv', n: 11, reason: 'fewer fields than the header' },
      { source: 'incoming/houses/rows.csv', n: 12, reason: 'more fields than the header' },
      { source: 'incoming/houses/rows.csv', n: 13, reason: 'text after a closing quote' },
    ]);
  });

  it('loses one line, not the rest of the file, to a quote that never closes', async () => {
    const lines = houses(200).trimEnd().split('\n');
    lines[50] = 'h49,50,"Bern,no';

    const prepared = await prepare({}, [['rows.csv', lines.join('\n')]]);

    expect(prepared.rows).toMatchObject({ in: 200, kept: 199, quarantined: 1 });
  });

  it('loses one line to it also where lines end with CR alone', async () => {
    const lines = houses(200).trimEnd().split('\n');
    lines[50] = 'h49,50,"Bern,no';

    const prepared = await prepare({}, [['rows.csv', lines.join('\r')]]);

    expect(prepared.rows).toMatchObject({ in: 200, kept: 199, quarantined: 1 });
  });

  it('refuses a batch with too many of them, with the numbers', async () => {
    const ragged = `${houses(90)}${'1,2\n'.repeat(10)}`;

    const prepared = await prepare({}, [['rows.csv', ragged]]);

    expect(prepared.outcome).toBe('refused');
    expect(prepared.quality.because).toEqual([
      '10 of 100 rows (10.0 %) are bad, at most 5.00 % may be: fewer fields than the header (10)',
    ]);
    expect(prepared.rows).toEqual({ in: 100, kept: 90, quarantined: 10, train: 0, validation: 0, test: 0 });
  });

  it('refuses rather than crashes when no row is sound', async () => {
    const prepared = await prepare({}, [['rows.csv', `area,sold\n${'1\n'.repeat(100)}`]]);

    expect(prepared.outcome).toBe('refused');
    expect(prepared.rows).toMatchObject({ in: 100, kept: 0, quarantined: 100 });
  });
});

describe('the target', () => {
  it('must be a column, and a name that differs in case is suggested', async () => {
    const error = await failure(prepare({ target: 'Sold' }, [['rows.csv', houses()]]));

    expect(error.name).toBe('TARGET_MISSING');
    expect(error.message).toContain('expected "sold", which differs in case only');
  });

  it('needs two classes', async () => {
    const error = await failure(prepare({}, [['rows.csv', csv('area,sold', 100, (index) => [index, 'no'])]]));

    expect(error.name).toBe('ONE_CLASS_TARGET');
    expect(error.message).toContain('only no (100)');
  });

  it('of a binary task has no third class', async () => {
    const error = await failure(prepare({ target: 'city' }, [['rows.csv', houses()]]));

    expect(error.name).toBe('TOO_MANY_CLASSES');
    expect(error.message).toContain('3 classes (Basel (33), Bern (34), Biel (33)');
  });

  it('costs the rows where it is missing', async () => {
    const prepared = await prepare({}, [['rows.csv', `${houses(100)}x,1,Bern,\ny,1,Bern,NA\n`]]);

    expect(prepared.quality.reasons).toEqual([{ reason: 'target missing', rows: 2 }]);
    expect(prepared.rows).toMatchObject({ in: 102, kept: 100, quarantined: 2 });
  });

  it('has class names in one spelling', async () => {
    const spelled = ['True', 'false', 'TRUE', 'False'];

    const prepared = await prepare({}, [
      ['rows.csv', csv('area,sold', 100, (index) => [index % 7, spelled[index % 4] ?? ''])],
    ]);

    expect(prepared.resolved).toMatchObject({ classes: ['false', 'true'], positiveClass: 'true' });
  });

  it('names the positive class by rarity when no class is called true', async () => {
    const prepared = await prepare({}, [['rows.csv', houses()]]);

    expect(prepared.resolved).toMatchObject({ classes: ['no', 'yes'], positiveClass: 'yes' });
  });
});

describe('strange columns', () => {
  it('ignores a column that is all missing, and says so', async () => {
    const prepared = await prepare({}, [
      ['rows.csv', csv('empty,na,area,sold', 100, (i) => ['', 'NA', i % 9, i % 2])],
    ]);

    expect(kindOf(prepared.resolved.columns, 'empty')).toMatchObject({
      role: 'ignored',
      because: 'every value is missing',
    });
    expect(kindOf(prepared.resolved.columns, 'na')).toMatchObject({ role: 'ignored' });
  });

  it('takes 10,000 categories', async () => {
    const text = csv('plant,sold', 30_000, (index) => [`plant ${index % 10_000}`, index % 2]);

    const prepared = await prepare({}, [['rows.csv', text]]);

    expect(kindOf(prepared.resolved.columns, 'plant')).toMatchObject({ kind: 'category', role: 'feature' });
    const profile = prepared.profile.columns.find(({ name }) => name === 'plant');
    expect(profile).toMatchObject({ distinct: 10_000, isDistinctEstimated: false, missing: 0 });
    expect(profile?.kind === 'category' && profile.top.length).toBe(50);
  });

  it('reads thousands separators when the whole column has them', async () => {
    const text = csv('price,mixed,sold', 100, (i) => [
      `"${i + 1},234.5"`,
      i % 2 ? '"1,234"' : '"12,34"',
      i % 2,
    ]);

    const prepared = await prepare({ columns: { mixed: 'category' } }, [['rows.csv', text]]);

    expect(kindOf(prepared.resolved.columns, 'price')).toMatchObject({ kind: 'number', role: 'feature' });
    const price = prepared.profile.columns.find(({ name }) => name === 'price');
    expect(price).toMatchObject({ min: 1234.5, max: 100_234.5, missing: 0 });
  });

  it('counts NaN and infinities as missing, in text and in JSON', async () => {
    const text = csv('x,sold', 100, (i) => [
      i === 3 ? 'NaN' : i === 4 ? 'Infinity' : i === 5 ? '-inf' : i + 0.5,
      i % 2,
    ]);
    const lines = '{"x": NaN, "sold": 1}\n{"x": -Infinity, "sold": 0}\n';

    const prepared = await prepare({}, [
      ['a.csv', text],
      ['b.jsonl', lines],
    ]);

    expect(prepared.rows).toMatchObject({ in: 102, kept: 102 });
    const x = prepared.profile.columns.find(({ name }) => name === 'x');
    expect(x).toMatchObject({ kind: 'number', missing: 5, min: 0.5, max: 99.5 });
    const check = prepared.quality.checks.find(({ name }) => name === 'NaN and infinity');
    expect(check).toMatchObject({ column: 'x', observed: 5, refuses: false });
  });

  it('quarantines missing values of a required column, NaN among them', async () => {
    const text = csv('x,sold', 100, (i) => [i === 3 ? 'NaN' : i, i % 2]);

    const prepared = await prepare({ quality: { columns: { x: { required: true } } } }, [['rows.csv', text]]);

    expect(prepared.quality.reasons).toEqual([{ reason: 'x: missing', rows: 1 }]);
  });

  it('quarantines a few words among numbers', async () => {
    const text = csv('x,sold', 100, (i) => [i === 3 ? 'about 7' : i, i % 2]);

    const prepared = await prepare({}, [['rows.csv', text]]);

    expect(kindOf(prepared.resolved.columns, 'x')).toMatchObject({ kind: 'number' });
    expect(prepared.quality.reasons).toEqual([{ reason: 'x: not a number', rows: 1 }]);
    const [row] = await prepared.rowsOf('quarantine.parquet', 'raw');
    expect(row).toEqual({ raw: '{"x":"about 7","sold":"1"}' });
  });

  it('is not misled by columns named like properties every object has', async () => {
    const text = csv('constructor,toString,sold', 100, (i) => [i % 9, `t${i % 5}`, i % 2]);

    const prepared = await prepare({}, [['rows.csv', text]]);

    expect(kindOf(prepared.resolved.columns, 'constructor')).toMatchObject({
      kind: 'number',
      role: 'feature',
    });
    expect(kindOf(prepared.resolved.columns, 'toString')).toMatchObject({
      kind: 'category',
      role: 'feature',
    });
  });
});

describe('columns against the last dataset', () => {
  const previousColumns = ['id', 'area', 'city', 'sold', 'garden'].map((name) => ({ name }));

  it('refuses a batch that lacks one', async () => {
    const prepared = await prepare({}, [['rows.csv', houses()]], { previousColumns });

    expect(prepared.outcome).toBe('refused');
    expect(prepared.quality.because).toEqual(['garden was in the last dataset and is gone']);
  });

  it('goes on without it when model.json says so, and notes it', async () => {
    const prepared = await prepare({ quality: { onMissingColumn: 'allow' } }, [['rows.csv', houses()]], {
      previousColumns,
    });

    expect(prepared.outcome).toBe('accepted');
    expect(prepared.quality.checks.find(({ column }) => column === 'garden')).toMatchObject({
      status: 'failed',
    });
  });

  it.each([
    ['allow', 'accepted', 'feature'],
    ['ignore', 'accepted', 'ignored'],
    ['refuse', 'refused', 'feature'],
  ] as const)('treats a new one by quality.onNewColumn: %s', async (onNewColumn, outcome, role) => {
    const known = ['id', 'area', 'sold'].map((name) => ({ name }));

    const prepared = await prepare({ quality: { onNewColumn } }, [['rows.csv', houses()]], {
      previousColumns: known,
    });

    expect(prepared.outcome).toBe(outcome);
    expect(kindOf(prepared.resolved.columns, 'city')).toMatchObject({ role });
  });

  it('names a column that model.json needs and the data has not', async () => {
    const error = await failure(prepare({ key: ['ID'] }, [['rows.csv', houses()]]));

    expect(error.name).toBe('COLUMN_MISSING');
    expect(error.message).toContain('key.0 in model.json names "ID"');
  });
});
