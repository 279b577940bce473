import * as z from 'zod';
import { GoldenSet } from '../../lib/domain/golden/index.ts';
import { objectKeys } from '../../lib/wire/object-keys.ts';
import type { Services } from '../services.ts';
import { storeGoldenSet } from '../store-golden-set.ts';

const Offered = GoldenSet.pick({ sha256: true, rows: true, label: true, from: true });

/**
 * Freezes what the evaluation laid ready, when the run's version serves and the model has no golden set yet. It stands
 * before the end of the run: what died in between is done again.
 */
export const freezeFirstGoldenSet = async (
  { model, runId }: { readonly model: string; readonly runId: string },
  services: Pick<Services, 'objects' | 'registry'>,
): Promise<void> => {
  const { objects, registry } = services;
  if ((await registry.latestGoldenSet(model)) !== undefined) return;
  const offerKey = objectKeys.run(model, runId, 'golden-set.json');
  if ((await objects.head(offerKey)) === undefined) return;
  const offered = z.parse(Offered, JSON.parse(new TextDecoder().decode(await objects.get(offerKey))));
  const rows = await objects.get(objectKeys.run(model, runId, 'golden-set.parquet'));
  const { modelVersion } = await registry.getRun(runId);
  await storeGoldenSet(
    rows,
    { model, ...offered, by: 'millrace', why: `frozen with version ${modelVersion}` },
    services,
  );
};
