import { copyFile, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { goldenTable } from '../../../lambdas/evaluate-model/same-rows.ts';
import { openDuckDb } from '../../../lib/adapters/duckdb/open-duckdb.ts';
import { sha256OfFile } from '../../../lib/adapters/shared/sha256-of-file.ts';
import { ModelSpec, type ResolvedSpec } from '../../../lib/domain/model-spec/index.ts';
import { temporaryFolder } from '../../support/index.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

const spec = ModelSpec.parse({ name: 'lamps', task: 'binary', target: 'broken' });
const resolved: ResolvedSpec = {
  spec,
  columns: [
    { name: 'hours', kind: 'number', role: 'feature', because: 'numbers' },
    { name: 'broken', kind: 'category', role: 'target', because: 'the target' },
  ],
  targetName: 'broken',
  classes: ['no', 'yes'],
  positiveClass: 'yes',
};

/** 400 trusted rows, of which so many have hours that are no number, as when the column was text. */
const trusted = async (unread: number, yes = 'yes') => {
  const place = path.join(folder.path, `golden-${unread}-${yes}`);
  await mkdir(place);
  const filePath = path.join(place, 'rows.parquet');
  const database = await openDuckDb({ folder: path.join(place, '.duck'), folders: [place], threads: 1 });
  await database.run(
    `COPY (SELECT CASE WHEN i < ${unread} THEN 'h' || i ELSE i::VARCHAR END AS hours, CASE WHEN i % 3 = 0 THEN '${yes}' ELSE 'no' END AS broken FROM range(400) r(i)) TO '${filePath}' (FORMAT parquet)`,
  );
  database.close();
  const golden = { revision: 1, rows: 400, key: 'rows', sha256: await sha256OfFile(filePath) };
  const services = {
    registry: { latestGoldenSet: async () => golden },
    objects: { download: (_: string, to: string) => copyFile(filePath, to) },
    dataEngine: { memoryLimitMb: 200, threads: 1 },
  } as unknown as Parameters<typeof goldenTable>[4];
  return goldenTable('lamps', place, { resolved }, 1, services);
};

test('a golden set that can be read in part is no golden set: the rest would be a choice', async () => {
  expect(await trusted(4)).toMatchObject({ table: { rows: 396 } });
  expect(await trusted(200)).toEqual({
    because: 'only 200 of the 400 golden rows can be read as this model reads its data: refresh it',
  });
});

test('nor is one whose truth is no class of the model, on which both would be wrong alike', async () => {
  expect(await trusted(0, 'Yes')).toEqual({
    because: 'the truth of 134 of the 400 golden rows is no class of this model: refresh it',
  });
});
