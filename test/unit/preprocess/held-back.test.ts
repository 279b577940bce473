import { createHash } from 'node:crypto';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { conformRows } from '../../../lib/adapters/duckdb/conform-rows.ts';
import type { BesideChampion, CountedBatch } from '../../../lib/adapters/duckdb/prepare-dataset.ts';
import { sampleRows } from '../../../lib/adapters/duckdb/sample-rows.ts';
import { csv, type Drop, type Prepared, preparing, rowsIn } from './preparing.ts';

const { prepare, remove, path } = preparing();
afterAll(remove);

const sha256Of = (content: string) => createHash('sha256').update(content).digest('hex');

/** Houses seen at ten to the hour; `from` on, so that no two files repeat one. */
const houses = (count: number, from: number, day: (i: number) => string): string =>
  csv('id,area,garden,city,seen,sold', count, (index) => {
    const i = from + index;
    return [
      `h${i}`,
      50 + ((i * 37) % 997),
      i % 3 === 0 ? 'yes' : 'no',
      `city ${i % 5}`,
      day(i),
      i % 4 === 0 ? 'yes' : 'no',
    ];
  });
const minute = (i: number) => `2025-01-${String(1 + Math.floor(i / 100)).padStart(2, '0')} 12:00:${i % 60}`;

const old = houses(600, 0, minute);
const fresh = houses(200, 600, minute);
const files: readonly Drop[] = [
  ['old.csv', old, 'earlier'],
  ['fresh.csv', fresh],
];
const beside = (hold: BesideChampion['hold'] = () => [], columns: BesideChampion['columns'] = []) => ({
  beside: {
    newBatches: [{ batchId: 'fresh', sources: [sha256Of(fresh)], isToJudge: true }],
    columns,
    hold,
  },
});

const idsIn = async (prepared: Prepared, part: string): Promise<readonly string[]> =>
  (await prepared.rowsOf(`${part}.parquet`, 'id')).map(({ id }) => String(id));
const written = ['train', 'validation', 'test', 'recent'] as const;
const allIn = async (prepared: Prepared) => Promise.all(written.map((part) => idsIn(prepared, part)));
const bytesOf = (prepared: Prepared) =>
  written.map((part) => readFileSync(join(prepared.folder, `${part}.parquet`)));
const from = (first: number, count: number) => Array.from({ length: count }, (_, i) => `h${first + i}`);

describe('the newest of the new rows', () => {
  test('are 30 % of them by event time, in no other part, and the split by time cuts what remains', async () => {
    const spec = { key: ['id'], eventTime: 'seen', split: { by: 'time' as const } };

    const prepared = await prepare(spec, files, beside());

    const [train = [], validation = [], held = [], recent = []] = await allIn(prepared);
    expect(prepared.rows).toMatchObject({ in: 800, kept: 800, recent: 60 });
    // The sixty of the last hundred whose seconds are the greatest, the later row first among equals.
    expect(new Set(recent).size).toBe(60);
    expect(recent.every((id) => Number(id.slice(1)) >= 700)).toBe(true);
    expect(new Set([...train, ...validation, ...held, ...recent]).size).toBe(800);
    expect(Math.min(train.length, validation.length, held.length)).toBeGreaterThan(70);
    const columns = (name: string) => prepared.rowsOf(name, '*').then(([row]) => Object.keys(row ?? {}));
    expect(await columns('recent.parquet')).toEqual(await columns('test.parquet'));
  });

  test('without times are the last rows of the last batch, the same bytes every time', async () => {
    const [first, again] = [
      await prepare({ key: ['id'] }, files, beside()),
      await prepare({ key: ['id'] }, files, { ...beside(), threads: 1 }),
    ];

    expect(await idsIn(first, 'recent')).toEqual(from(740, 60));
    expect(bytesOf(again)).toEqual(bytesOf(first));
  });

  test('without times are not learned from either where an earlier file that is as new had them already', async () => {
    const [header = '', ...lines] = fresh.trim().split('\n');
    const fixed = [header, ...lines.map((line) => line.replace('city 0', 'city 9'))].join('\n');
    const sources = [sha256Of(fresh), sha256Of(fixed)];
    const spec = { columns: { id: 'category' as const } };

    const prepared = await prepare(spec, [...files, ['fixed.csv', fixed]], {
      beside: { newBatches: [{ batchId: 'fresh', sources, isToJudge: true }], columns: [], hold: () => [] },
    });

    const ids = async (part: string) =>
      (await prepared.rowsOf(part, 'id, city')).map((row) => JSON.stringify(row));
    const recent = new Set(await ids('recent.parquet'));
    const learned = [...(await ids('train.parquet')), ...(await ids('validation.parquet'))];
    expect(recent.size).toBe(120);
    expect(learned.filter((row) => recent.has(row))).toEqual([]);
    expect(prepared.rows).toMatchObject({ kept: 1000, recent: 120 });
  });

  test('of one moment are those that stand last', async () => {
    const flat = houses(200, 600, () => '2025-03-01 10:00:00');
    const batch = { batchId: 'flat', sources: [sha256Of(flat)], isToJudge: false };

    const prepared = await prepare(
      { key: ['id'], eventTime: 'seen' },
      [
        ['old.csv', old, 'earlier'],
        ['flat.csv', flat],
      ],
      {
        beside: { newBatches: [batch], columns: [], hold: () => [] },
      },
    );

    expect(await idsIn(prepared, 'recent')).toEqual(from(740, 60));
  });

  test('are held back beside a champion only, and only where something is new', async () => {
    const alone = await prepare({ key: ['id'] }, files);
    const nothingNew = await prepare({ key: ['id'] }, files, {
      beside: { newBatches: [], columns: [], hold: () => [] },
    });

    expect(alone.rows).not.toHaveProperty('recent');
    expect(nothingNew.rows).toEqual(alone.rows);
  });
});

describe('rows of the golden set', () => {
  const golden = async (
    spec: Parameters<typeof prepare>[0],
    name: string,
    drops: readonly Drop[] = [['old.csv', old]],
  ) => {
    const first = await prepare(spec, drops);
    const goldenPath = join(path, `${name}.parquet`);
    copyFileSync(join(first.folder, 'train.parquet'), join(first.folder, 'sampled.parquet'));
    const outputPath = join(first.folder, 'golden.parquet');
    const inputPath = join(first.folder, 'sampled.parquet');
    await sampleRows({ inputPath, outputPath, seed: 1, maxRows: 100 });
    copyFileSync(outputPath, goldenPath);
    return { first, goldenPath };
  };

  test.each([
    ['by key', { key: ['id'] }],
    ['by all their values', { columns: { id: 'category' as const } }],
    ['by time as well', { columns: { id: 'category' as const }, eventTime: 'seen' }],
  ])('are learned from in no part, found %s, and counted', async (name, spec) => {
    const { goldenPath } = await golden(spec, name);

    const prepared = await prepare(spec, files, { ...beside(), goldenPath });

    const trusted = new Set((await rowsIn(path, `${name}.parquet`, 'id')).map(({ id }) => String(id)));
    const [train = [], validation = [], held = [], recent = []] = await allIn(prepared);
    expect(trusted.size).toBe(100);
    expect([...train, ...validation, ...recent].filter((id) => trusted.has(id))).toEqual([]);
    expect(prepared.rows).toMatchObject({ in: 800, kept: 800, golden: 100 });
    expect(train.length + validation.length + held.length + recent.length).toBe(700);
    expect(prepared.profile.rows).toBe(700);
    const quality = JSON.parse(readFileSync(join(prepared.folder, 'quality.json'), 'utf8'));
    expect(quality.rows).toMatchObject({ kept: 800, golden: 100 });
  });

  test('stay in the test part, which a split by hash would lose to them', async () => {
    const first = await prepare({ key: ['id'] }, [['old.csv', old]]);
    const goldenPath = join(path, 'of-test.parquet');
    copyFileSync(join(first.folder, 'test.parquet'), goldenPath);

    const again = await prepare({ key: ['id'] }, [['old.csv', old]], { goldenPath });

    expect(again.rows).toEqual({ ...first.rows, golden: 0 });
    expect(readFileSync(join(again.folder, 'train.parquet'))).toEqual(
      readFileSync(join(first.folder, 'train.parquet')),
    );
  });

  test('that look like many others take as many out of each file as they are, and never all of their kind', async () => {
    const rooms = csv('size,garden,sold', 900, (i) => [
      1 + (i % 3),
      i % 2 === 0 ? 'yes' : 'no',
      i % 7 < 3 ? 'yes' : 'no',
    ]);
    const [header = '', ...lines] = rooms.trim().split('\n');
    const dropped = { 'first.csv': rooms, 'second.csv': [header, ...lines.toReversed()].join('\n') };
    const first = await prepare({}, Object.entries(dropped));
    const filePath = join(path, 'rooms.csv');
    writeFileSync(filePath, [header, ...lines.slice(0, 50)].join('\n'));
    const sha256 = sha256Of(readFileSync(filePath, 'utf8'));
    const source = { filePath, key: 'rooms.csv', sha256, format: 'csv' as const };
    const goldenPath = join(path, 'rooms.parquet');
    await conformRows({ source, resolved: first.resolved, outputPath: goldenPath });

    const again = await prepare({}, Object.entries(dropped), { goldenPath });

    const { train, validation, golden: leftOut = 0 } = again.rows;
    expect(leftOut).toBeGreaterThan(30);
    expect(leftOut).toBeLessThanOrEqual(100);
    expect(train + validation + leftOut).toBe(first.rows.train + first.rows.validation);
  });

  test('that people dropped as text are the same rows', async () => {
    const first = await prepare({}, [['old.csv', old]]);
    const filePath = join(path, 'trusted.csv');
    const [header = '', ...lines] = old.trim().split('\n');
    writeFileSync(filePath, `${[header, ...lines.slice(0, 50)].join('\n')}\n`);
    const source = {
      filePath,
      key: 'trusted.csv',
      sha256: sha256Of(readFileSync(filePath, 'utf8')),
      format: 'csv' as const,
    };
    const goldenPath = join(path, 'conformed.parquet');
    await conformRows({ source, resolved: first.resolved, outputPath: goldenPath });

    const again = await prepare({}, [['old.csv', old]], { goldenPath });

    const { train, validation, test: held, golden: leftOut = 0 } = again.rows;
    expect(leftOut).toBeGreaterThan(30);
    expect(train + validation + held + leftOut).toBe(600);
    expect(leftOut).toBeLessThanOrEqual(50);
  });
});

describe('new batches', () => {
  const area = { kind: 'number' as const, edges: [100, 200, 300], min: 50, max: 449 };
  const columns = [
    {
      name: 'area',
      of: 'feature' as const,
      bins: area,
      counts: { counts: [0, 0, 0, 0, 0], outside: 0, wrong: 0 },
    },
  ];

  test('are shown counted, and one that is held refuses the dataset whatever its quality', async () => {
    let shown: readonly CountedBatch[] = [];
    const hold = (batches: readonly CountedBatch[]) => {
      shown = batches;
      return ['fresh'];
    };

    const prepared = await prepare({ key: ['id'] }, files, beside(hold, columns));

    expect(prepared).toMatchObject({ outcome: 'refused', held: ['fresh'], quality: { verdict: 'accepted' } });
    expect(prepared.sourceRows).toEqual([
      { rows: 600, labels: { no: 450, yes: 150 } },
      { rows: 200, labels: { no: 150, yes: 50 } },
    ]);
    const [batch] = shown;
    expect(batch).toMatchObject({ batchId: 'fresh', rows: 200, labels: { no: 150, yes: 50 } });
    expect(batch?.profile?.columns[0]?.counts.reduce((sum, count) => sum + count, 0)).toBe(200);
  });
});
