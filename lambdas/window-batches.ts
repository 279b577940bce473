import type { Batch } from '../lib/domain/registry/index.ts';
import type { Services } from './services.ts';

/**
 * The newest batches that runs have accepted, oldest first: what the data window draws on. Batches whose data was
 * refused never join a later dataset.
 */
export const windowBatches = async (
  model: string,
  window: {
    readonly batches: number;
    readonly notBatch?: string;
    /** @default - every batch takes up a place in the window */
    readonly counts?: (batch: Batch) => boolean;
  },
  registry: Services['registry'],
): Promise<readonly Batch[]> => {
  const { counts = () => true } = window;
  const runs = await registry.listRuns(model, { limit: 1000 });
  const accepted = runs.flatMap((run) =>
    run.datasetVersion !== undefined && run.batchId !== undefined ? [run.batchId] : [],
  );
  const found: Batch[] = [];
  for (const batchId of new Set(accepted)) {
    if (found.length >= window.batches) break;
    const batch = batchId === window.notBatch ? undefined : await registry.findBatch(model, batchId);
    if (batch !== undefined && counts(batch)) found.push(batch);
  }
  return found.reverse();
};
