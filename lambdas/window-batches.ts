import type { Batch } from '../lib/domain/registry/index.ts';
import type { Services } from './services.ts';

/**
 * The newest batches that runs have accepted, oldest first: what the data window draws on. Batches whose data was
 * refused never join a later dataset.
 */
export const windowBatches = async (
  model: string,
  window: { readonly batches: number; readonly notBatch?: string },
  registry: Services['registry'],
): Promise<readonly Batch[]> => {
  const runs = await registry.listRuns(model, { limit: 1000 });
  const accepted = runs.flatMap((run) =>
    run.datasetVersion !== undefined && run.batchId !== undefined ? [run.batchId] : [],
  );
  const batchIds = [...new Set(accepted)]
    .filter((batchId) => batchId !== window.notBatch)
    .slice(0, window.batches);
  const batches = await Promise.all(batchIds.map((batchId) => registry.findBatch(model, batchId)));
  return batches.filter((batch) => batch !== undefined).reverse();
};
