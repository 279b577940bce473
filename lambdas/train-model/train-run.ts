import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { ResolvedSpec } from '../../lib/domain/model-spec/index.ts';
import { type DatasetObject, objectKeys } from '../../lib/wire/object-keys.ts';
import { missingRunFact } from '../missing-run-fact.ts';
import type { Services } from '../services.ts';

/** A training that takes longer than Lambda allows belongs on other compute. */
const longestSeconds = 14 * 60;

const needed: readonly DatasetObject[] = ['train.parquet', 'validation.parquet', 'model.resolved.json'];

export interface TrainedFolder {
  readonly artifactFolder: string;
  readonly artifactSha256: string;
  readonly resolved: ResolvedSpec;
}

/** Trains what a run's record describes, in a local folder: its dataset, its spec revision, its seed. Writes no record. */
export const trainRun = async (
  { model, runId }: { readonly model: string; readonly runId: string },
  folder: string,
  services: Pick<Services, 'objects' | 'registry' | 'trainer' | 'onProgress' | 'signal' | 'remainingMs'>,
): Promise<TrainedFolder> => {
  const {
    objects,
    registry,
    trainer,
    onProgress,
    signal,
    remainingMs = () => Number.POSITIVE_INFINITY,
  } = services;
  const { datasetVersion = missingRunFact(runId, 'datasetVersion'), specRevision } =
    await registry.getRun(runId);
  const [datasetFolder, artifactFolder] = [path.join(folder, 'dataset'), path.join(folder, 'artifact')];
  await Promise.all([mkdir(datasetFolder), mkdir(artifactFolder)]);
  for (const name of needed)
    await objects.download(objectKeys.dataset(model, datasetVersion, name), path.join(datasetFolder, name));
  const stored: ResolvedSpec = JSON.parse(
    await readFile(path.join(datasetFolder, 'model.resolved.json'), 'utf8'),
  );
  // A dataset outlives changes of the trainer's parameters: those of the run's own revision count.
  const { spec } = await registry.getSpec(model, specRevision);
  const resolved = { ...stored, spec };
  const timeoutSeconds = Math.min(longestSeconds, Math.floor(remainingMs() / 1000));
  await trainer.train(
    { runId, spec: resolved, datasetFolder, artifactFolder, seed: spec.trainer.seed, timeoutSeconds },
    (progress) => onProgress({ ...progress, model, runId }),
    signal,
  );
  const bytes = await readFile(path.join(artifactFolder, 'model.onnx'));
  return { artifactFolder, artifactSha256: createHash('sha256').update(bytes).digest('hex'), resolved };
};
