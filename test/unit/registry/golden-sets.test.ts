import { expect, test } from 'vitest';
import { freshRegistry } from './support/fresh-registry.ts';

const frozen = {
  model: 'penguins',
  revision: 1,
  key: 'golden/penguins/1/rows.parquet',
  sha256: 'a'.repeat(64),
  rows: 400,
  label: { Adelie: 0.5, Gentoo: 0.5 },
  from: { kind: 'test-rows' as const, of: 'd'.repeat(64) },
  by: 'millrace',
  why: 'frozen with version 1',
};

test('a golden set is kept once, with one line in the audit, however often it is recorded', async () => {
  const { registry, clock } = freshRegistry();

  const first = await registry.recordGoldenSet(frozen);
  await clock.advance(1000);
  const again = await registry.recordGoldenSet({ ...frozen, why: 'said again after a crash' });

  expect(first).toMatchObject({ isNew: true, goldenSet: { ...frozen, at: '2026-01-05T09:00:00.000Z' } });
  expect(again).toEqual({ isNew: false, goldenSet: first.goldenSet });
  expect(await registry.listAudit({ model: 'penguins' })).toMatchObject([
    { action: 'golden-set-frozen', by: 'millrace', details: { revision: 1, rows: 400 } },
  ]);
});

test('the newest revision is in force, and the earlier ones stay', async () => {
  const { registry } = freshRegistry();
  expect(await registry.latestGoldenSet('penguins')).toBeUndefined();

  for (const revision of [1, 2, 10]) await registry.recordGoldenSet({ ...frozen, revision, by: 'ada' });

  expect(await registry.latestGoldenSet('penguins')).toMatchObject({ revision: 10, by: 'ada' });
  expect((await registry.listGoldenSets('penguins')).map(({ revision }) => revision)).toEqual([10, 2, 1]);
  expect((await registry.listAudit({ model: 'penguins' })).map(({ action }) => action)).toEqual([
    'golden-set-refreshed',
    'golden-set-refreshed',
    'golden-set-frozen',
  ]);
});
