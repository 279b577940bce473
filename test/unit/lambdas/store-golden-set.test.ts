import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { storeGoldenSet } from '../../../lambdas/store-golden-set.ts';
import { folderObjectStore } from '../../../lib/adapters/local/folder-object-store.ts';
import { temporaryFolder } from '../../support/index.ts';
import { freshRegistry } from '../registry/support/fresh-registry.ts';

const rows = (text: string) => {
  const body = new TextEncoder().encode(text);
  return { body, sha256: createHash('sha256').update(body).digest('hex') };
};

const setOf = (sha256: string) => ({
  model: 'penguins',
  sha256,
  rows: 400,
  label: { Adelie: 1 },
  from: { kind: 'file' as const, of: 'checked.csv' },
  by: 'ada',
  why: 'checked by hand',
});

test('done again after a crash it is the same revision; rows that another began to write are passed over', async () => {
  const folder = temporaryFolder();
  const { registry } = freshRegistry();
  const objects = folderObjectStore({ root: folder.path });
  const [mine, theirs] = [rows('mine'), rows('theirs')];

  // Dead after its rows, and taken up again.
  await objects.putIfAbsent('golden/penguins/1/rows.parquet', mine.body);
  const first = await storeGoldenSet(mine.body, setOf(mine.sha256), { objects, registry });
  // Somebody's refresh died after its rows: they are in force nowhere, and nobody's record names them.
  await objects.putIfAbsent('golden/penguins/2/rows.parquet', theirs.body);
  const next = await storeGoldenSet(mine.body, setOf(mine.sha256), { objects, registry });

  expect(first).toMatchObject({ revision: 1, key: 'golden/penguins/1/rows.parquet' });
  expect(next).toMatchObject({ revision: 3, sha256: mine.sha256 });
  expect((await registry.listGoldenSets('penguins')).map(({ revision }) => revision)).toEqual([3, 1]);
  folder.remove();
});
