import { createHash } from 'node:crypto';
import type { GoldenSet } from '../lib/domain/golden/index.ts';
import type { ObjectBody } from '../lib/ports/object-store.ts';
import { objectKeys } from '../lib/wire/object-keys.ts';
import type { Services } from './services.ts';

/** What a golden set is made of, wherever its rows come from. */
export type GoldenRows = Pick<GoldenSet, 'sha256' | 'rows' | 'label' | 'from'>;

/** Whether the key now holds these rows: it may have been written before, by somebody who died or was first. */
const isStoredAs = async (
  key: string,
  body: ObjectBody,
  sha256: string,
  { objects }: Pick<Services, 'objects'>,
): Promise<boolean> => {
  const { created } = await objects.putIfAbsent(key, body);
  if (created) return true;
  const stored = createHash('sha256').update(await objects.get(key));
  return stored.digest('hex') === sha256;
};

/**
 * Keeps rows as the next revision of a model's golden set: rows first, then the manifest, then the record, which alone
 * puts it in force. A revision whose rows somebody else has begun to write is passed over.
 */
export const storeGoldenSet = async (
  body: ObjectBody,
  set: GoldenRows & Pick<GoldenSet, 'model' | 'by' | 'why'>,
  services: Pick<Services, 'objects' | 'registry'>,
): Promise<GoldenSet> => {
  const { objects, registry } = services;
  const { model } = set;
  for (let revision = ((await registry.latestGoldenSet(model))?.revision ?? 0) + 1; ; revision += 1) {
    const key = objectKeys.goldenSet(model, revision, 'rows.parquet');
    if (!(await isStoredAs(key, body, set.sha256, services))) continue;
    const manifest = { ...set, revision, key };
    await objects.putIfAbsent(
      objectKeys.goldenSet(model, revision, 'manifest.json'),
      JSON.stringify(manifest, null, 2),
    );
    return (await registry.recordGoldenSet(manifest)).goldenSet;
  }
};
