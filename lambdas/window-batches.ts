import type { Batch, Run } from '../lib/domain/registry/index.ts';
import type { Services } from './services.ts';

/** Batches without a run of their own, newest first, back to the newest that was accepted. */
const keptBatches = async (
  model: string,
  runs: readonly Run[],
  limit: number,
  registry: Services['registry'],
): Promise<readonly string[]> => {
  const ofRuns = new Set(runs.map(({ batchId }) => batchId));
  const accepted = new Set(runs.flatMap((run) => (run.datasetVersion === undefined ? [] : [run.batchId])));
  const batches = await registry.listBatches(model, { limit });
  const reach = batches.findIndex(({ batchId }) => accepted.has(batchId));
  const newer = reach === -1 ? batches : batches.slice(0, reach);
  return newer.flatMap(({ batchId }) => (ofRuns.has(batchId) ? [] : [batchId]));
};

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
    /** Also the batches that came after the newest accepted one and started no run: they wait for a retraining. @default false */
    readonly withKept?: boolean;
  },
  registry: Services['registry'],
): Promise<readonly Batch[]> => {
  const { counts = () => true } = window;
  const runs = await registry.listRuns(model, { limit: 1000 });
  const accepted = runs.flatMap((run) =>
    run.datasetVersion !== undefined && run.batchId !== undefined ? [run.batchId] : [],
  );
  const kept = window.withKept === true ? await keptBatches(model, runs, window.batches, registry) : [];
  const found: Batch[] = [];
  for (const batchId of new Set([...kept, ...accepted])) {
    if (found.length >= window.batches) break;
    const batch = batchId === window.notBatch ? undefined : await registry.findBatch(model, batchId);
    if (batch !== undefined && counts(batch)) found.push(batch);
  }
  return found.reverse();
};
