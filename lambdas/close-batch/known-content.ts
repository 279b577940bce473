import { batchesOf } from '../../lib/domain/retraining/index.ts';
import type { Services } from '../services.ts';
import { windowBatches } from '../window-batches.ts';

/**
 * Whether a batch brings nothing that the last good run of the model has not had: the same bytes, under the same
 * model.json. After a run that failed or was refused, the same content may be tried again.
 */
export const isKnownContent = async (
  model: string,
  batchId: string,
  files: readonly { readonly sha256?: string | undefined }[],
  registry: Services['registry'],
): Promise<boolean> => {
  const [{ revision, spec }, runs] = await Promise.all([
    registry.getSpec(model),
    registry.listRuns(model, { limit: 50 }),
  ]);
  if (runs.some((run) => batchesOf(run).includes(batchId))) return false;
  const last = runs.find((run) => run.datasetVersion !== undefined);
  if (last === undefined || last.specRevision !== revision || last.status === 'failed') return false;
  const window = { batches: spec.dataWindow.batches + 1, withAccepted: false };
  const batches = await windowBatches(model, window, registry);
  const known = new Set(batches.flatMap((batch) => batch.arrivals.map((arrival) => arrival.sha256)));
  return files.every(({ sha256 }) => sha256 !== undefined && known.has(sha256));
};
