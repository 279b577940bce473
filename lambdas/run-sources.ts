import { type DatasetSource, sourceFormatOf } from '../lib/domain/dataset/index.ts';
import type { ModelSpec } from '../lib/domain/model-spec/index.ts';
import type { Batch } from '../lib/domain/registry/index.ts';
import { isOnlyFromLabels, isRetrain } from '../lib/domain/retraining/index.ts';
import { MillraceError } from '../lib/wire/errors.ts';
import { objectKeys, sourceExtension } from '../lib/wire/object-keys.ts';
import { isDoneMark } from './done-mark.ts';
import type { Services } from './services.ts';
import { batchesIn, windowBatches } from './window-batches.ts';

/** A file a run trains on. */
export interface RunSource extends DatasetSource {
  /** The key it was dropped under, which people know it by. */
  readonly droppedAs: string;
  /** The last batch that brought it. */
  readonly batchId: string;
  /** It came with the run's own batch, perhaps with an earlier one as well. */
  readonly isNew: boolean;
}

/** Files of a batch that are not rows: marks, and a model trained elsewhere with its side-car. */
const isNoData = (key: string) => isDoneMark({ key }) || /\.onnx$|(^|\/)signature\.json$/.test(key);

const hasData = (batch: Batch) =>
  batch.arrivals.some(({ key, sha256 }) => sha256 !== undefined && !isNoData(key));

const sourcesOf = (model: string, batch: Batch): Omit<RunSource, 'isNew'>[] =>
  batch.arrivals
    .filter((arrival) => !isNoData(arrival.key))
    .toSorted((a, b) => (a.key < b.key ? -1 : 1))
    .flatMap(({ key, sha256, sizeBytes }) => {
      // Taken away before it was read.
      if (sha256 === undefined) return [];
      const format = sourceFormatOf(key);
      if (format === undefined)
        throw new MillraceError('DATA_FORMAT_UNKNOWN', `${key} has an ending that names no format`, { key });
      const storedKey = objectKeys.source(model, sha256, sourceExtension(key));
      return [{ key: storedKey, droppedAs: key, batchId: batch.batchId, sha256, sizeBytes, format }];
    });

/**
 * The files a run trains on: those of its own batch joined with the batches of the data window, those that waited with
 * it among them, oldest first, each content once. Batches in quarantine are in neither.
 */
export const runSources = async (
  spec: ModelSpec,
  runId: string,
  registry: Services['registry'],
): Promise<readonly RunSource[]> => {
  const run = await registry.getRun(runId);
  const { batchId } = run;
  const quarantined = batchesIn('quarantined', await registry.listBatchJudgements(spec.name));
  const own =
    batchId === undefined || quarantined.has(batchId)
      ? undefined
      : await registry.findBatch(spec.name, batchId);
  // A batch without rows (a model trained elsewhere, dropped alone) takes up no place in the window, nor do labelled predictions.
  const ownPlaces = own !== undefined && hasData(own) && !isOnlyFromLabels(own) ? 1 : 0;
  const older = await windowBatches(
    spec.name,
    {
      batches: spec.dataWindow.batches - ownPlaces,
      counts: hasData,
      // What comes later is new to the run after this one, however often this step is done again.
      ...(isRetrain(run) && { keptUntil: run.startedAt }),
      ...(run.otherBatchIds && { alsoBatches: run.otherBatchIds }),
      ...(batchId !== undefined && { notBatch: batchId }),
    },
    registry,
  );
  const ownSources = own === undefined ? [] : sourcesOf(spec.name, own);
  const sources = [...older.flatMap((batch) => sourcesOf(spec.name, batch)), ...ownSources];
  const ownContents = new Set(ownSources.map(({ sha256 }) => sha256));
  const once = new Map(sources.map((source) => [source.sha256, source]));
  return [...once.values()].map((source) => ({ ...source, isNew: ownContents.has(source.sha256) }));
};
