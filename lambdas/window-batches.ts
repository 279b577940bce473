import type { Batch, Run } from '../lib/domain/registry/index.ts';
import { isRetrain } from '../lib/domain/retraining/index.ts';
import type { Services } from './services.ts';

/**
 * Batches without a run of their own that a retraining took in, or, where `withKept` says so, will: newest first. They
 * are looked for among twice as many as the window holds, for batches that were refused lie between them.
 */
const keptBatches = async (
  model: string,
  runs: readonly Run[],
  window: { readonly batches: number; readonly withKept?: boolean },
  registry: Services['registry'],
): Promise<readonly string[]> => {
  const takenIn = runs.find((run) => isRetrain(run) && run.datasetVersion !== undefined)?.batchId;
  if (takenIn === undefined && window.withKept !== true) return [];
  const ofRuns = new Set(runs.map(({ batchId }) => batchId));
  const batches = await registry.listBatches(model, { limit: 2 * window.batches + 1 });
  const from = window.withKept === true ? 0 : batches.findIndex(({ batchId }) => batchId === takenIn);
  if (from === -1) return [];
  return batches.slice(from).flatMap(({ batchId }) => (ofRuns.has(batchId) ? [] : [batchId]));
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
    /** Also the batches that started no run and that no retraining took in yet. @default false */
    readonly withKept?: boolean;
  },
  registry: Services['registry'],
): Promise<readonly Batch[]> => {
  const { counts = () => true } = window;
  const runs = await registry.listRuns(model, { limit: 1000 });
  const accepted = runs.flatMap((run) =>
    run.datasetVersion !== undefined && run.batchId !== undefined ? [run.batchId] : [],
  );
  const kept = await keptBatches(model, runs, window, registry);
  // Ids of batches sort by time; without kept ones the order of the runs stands.
  const order = kept.length === 0 ? accepted : [...kept, ...accepted].toSorted().reverse();
  const found: Batch[] = [];
  for (const batchId of new Set(order)) {
    if (found.length >= window.batches) break;
    const batch = batchId === window.notBatch ? undefined : await registry.findBatch(model, batchId);
    if (batch !== undefined && counts(batch)) found.push(batch);
  }
  return found.reverse();
};
