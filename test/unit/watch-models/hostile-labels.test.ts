import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { run as receiveObject } from '../../../lambdas/receive-object/handler.ts';
import { run as watch } from '../../../lambdas/watch-models/handler.ts';
import { takeLabels } from '../../../lambdas/watch-models/take-labels.ts';
import { withOwnDuckDb } from '../../../lib/adapters/duckdb/open-duckdb.ts';
import { readSource } from '../../../lib/adapters/duckdb/source-bytes.ts';
import { temporaryFolder } from '../../support/index.ts';
import { intakeWorld } from './intake-world.ts';

const jsonl = (...rows: readonly object[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('');

const parquetOf = async (select: string): Promise<Buffer> => {
  const folder = temporaryFolder();
  onTestFinished(folder.remove);
  const file = path.join(folder.path, 'engine', 'a.parquet');
  return withOwnDuckDb({ folder: path.dirname(file) }, async (database) => {
    await database.run(`COPY (${select}) TO '${file}' (FORMAT parquet)`);
    return readFileSync(file);
  });
};

/** Parquet whose end, which is read first, is whole. */
const tornInside = async (select: string): Promise<Buffer> => (await parquetOf(select)).fill(0xff, 8, 60);

/** A good file, and one that came beside it; what became of the two. */
const takenBeside = async (
  name: string,
  content: (id: string) => Promise<Uint8Array> | Uint8Array | string,
) => {
  const world = await intakeWorld();
  await world.promote();
  await world.drop(
    'good.jsonl',
    jsonl(...['Adelie', 'Gentoo'].map((label) => ({ predictionId: world.predictionId(), label }))),
  );
  await world.drop(name, await content(world.predictionId()));
  await world.take();
  const files = await world.registry.listTakenLabelFiles('penguins');
  const of = (end: string) => files.find(({ key }) => key.endsWith(end));
  return { good: of('good.jsonl'), bad: of(name), refused: await world.refused() };
};

describe('a file of labels that DuckDB fails over', () => {
  it.each([
    [
      'with a page that is torn inside',
      'bad.parquet',
      (id: string) =>
        tornInside(`SELECT '${id}' AS "predictionId", repeat('x', 99) AS label FROM range(999)`),
      'cannot be read',
    ],
    [
      'with a column that has the name of DuckDB’s own',
      'bad.parquet',
      (id: string) => parquetOf(`SELECT '${id}' AS "predictionId", 'Adelie' AS label, 1 AS file_row_number`),
      'a column "file_row_number"',
    ],
    [
      'with a zero in a name',
      'bad.jsonl',
      (id: string) => jsonl({ predictionId: id, label: 'Adelie', 'la\0bel': 1 }),
      'a column "la\\u0000bel"',
    ],
    [
      'with a name that is none',
      'bad.jsonl',
      (id: string) => jsonl({ predictionId: id, label: 'Adelie', '': 1 }),
      'a column ""',
    ],
    [
      'with names of its own in every row',
      'bad.jsonl',
      (id: string) =>
        jsonl(
          ...Array.from({ length: 300 }, (_, row) => ({
            predictionId: id,
            label: 'Adelie',
            ...Object.fromEntries(Array.from({ length: 100 }, (__, at) => [`c${row}_${at}`, 1])),
          })),
        ),
      'more than 20000 columns',
    ],
    [
      'with more columns than a label needs',
      'bad.csv',
      () => `${Array.from({ length: 1001 }, (_, at) => `c${at}`).join(',')}\n${',1'.repeat(1000)}\n`,
      'more than 1000 columns',
    ],
  ])('%s is told of, and stops no other', async (_, name, content, because) => {
    const { good, bad } = await takenBeside(name, content);

    expect(good).toMatchObject({ taken: 2, refused: 0 });
    expect(bad).toMatchObject({ taken: 0, because: expect.stringContaining(because) });
    expect(bad?.because).not.toContain('/engine/');
  });

  it.each([
    ['half a character', (id: string) => jsonl({ predictionId: id, label: '\ud800' }), 'half a character'],
    [
      'half a character before a whole one',
      (id: string) => `{"predictionId":"${id}","label":"\\ud83d\\ud83d\\ude00"}\n`,
      'half a character',
    ],
    [
      'a name that is there twice',
      (id: string) => `{"predictionId":"${id}","label":"Adelie", "la\\u0062el" : "Gentoo"}\n`,
      'a name that is there twice',
    ],
  ])('loses only the row with %s', async (_, content, because) => {
    const { good, bad, refused } = await takenBeside(
      'bad.jsonl',
      (id) =>
        content(id) + jsonl({ predictionId: id, label: 'Adelie', note: '\\ud800 "note": {"note": "😀"}' }),
    );

    expect(good).toMatchObject({ taken: 2, refused: 0 });
    expect(bad).toMatchObject({ rows: 2, taken: 1, refused: 1 });
    expect(refused).toEqual([[1, expect.stringContaining(because)]]);
  });

  it('is unpacked as far as it may be, and no further', async () => {
    const folder = temporaryFolder();
    onTestFinished(folder.remove);
    const filePath = path.join(folder.path, 'bomb.gz');
    writeFileSync(filePath, gzipSync(Buffer.alloc(50_000_000)));
    const sha256 = createHash('sha256').update(readFileSync(filePath)).digest('hex');
    const source = { filePath, key: 'labels/penguins/bomb.csv.gz', sha256, format: 'csv' as const };
    const limits = { unpackedBytes: 3_000_000, rows: 10, columns: 10 };
    let bytes = 0;

    const reading = readSource({ ...source, limits }, async (chunks) => {
      for await (const chunk of chunks) bytes += chunk.byteLength;
    });

    await expect(reading).rejects.toThrow('more than 3000000 bytes when it is unpacked');
    expect(bytes).toBeLessThanOrEqual(3_000_000);
  });

  it('keeps no window from being judged', async () => {
    const world = await intakeWorld();
    await world.promote();
    const broken = { ...world.services, alarms: {}, metrics: {}, stuckAfterHours: 24 };
    const looked: string[] = [];
    const registry = {
      ...world.registry,
      pendingLabelFiles: () => Promise.reject(new Error('no labels today')),
      listReigns: async (model: string) => {
        looked.push(model);
        return [];
      },
    };

    const watched = watch({}, { ...broken, registry } as unknown as Parameters<typeof watch>[1]);

    await expect(watched).rejects.toThrow('no labels today');
    expect(looked).toEqual(['penguins']);
  });

  it('or any number of them take some minutes of a look, and the next goes on', async () => {
    const world = await intakeWorld();
    await world.promote();
    const row = () => jsonl({ predictionId: world.predictionId(), label: 'Adelie' });
    const { head } = await world.services.objects.putIfAbsent('labels/penguins/large.jsonl', row());
    await receiveObject({ ...head, sizeBytes: 2e9 }, world.services);
    world.clock.advance(1000);
    await world.drop('another.jsonl', row());
    const slow = {
      ...world.services,
      registry: {
        ...world.registry,
        closeLabelIntake: async (...taken: Parameters<typeof world.registry.closeLabelIntake>) => {
          world.clock.advance(9 * 60_000);
          await world.registry.closeLabelIntake(...taken);
        },
      },
    };

    expect(await takeLabels('penguins', slow)).toMatchObject({ files: 1 });
    expect(await takeLabels('penguins', slow)).toMatchObject({ files: 1 });
  });

  it('taken in by two at once are taken once', async () => {
    const world = await intakeWorld();
    await world.promote();
    const row = () => ({ predictionId: world.predictionId(), label: 'Adelie' });
    for (const name of ['a.jsonl', 'b.jsonl', 'c.jsonl']) await world.drop(name, jsonl(row(), row()));

    await Promise.all([world.take(), world.take()]);

    expect(await world.taken()).toHaveLength(6);
    expect(await world.registry.listTakenLabelFiles('penguins')).toMatchObject([
      { taken: 2 },
      { taken: 2 },
      { taken: 2 },
    ]);
    expect((await world.take()).files).toBe(0);
  });
});
