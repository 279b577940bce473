import path from 'node:path';
import type { PreparedDataset } from '../../lib/adapters/duckdb/prepare-dataset.ts';
import { type DatasetManifest, datasetVersionOf } from '../../lib/domain/dataset/index.ts';
import { canonicalJson } from '../../lib/wire/json.ts';
import { type DatasetObject, objectKeys } from '../../lib/wire/object-keys.ts';
import { putOnce } from '../put-once.ts';
import type { Services } from '../services.ts';

const files: readonly DatasetObject[] = [
  'train.parquet',
  'validation.parquet',
  'test.parquet',
  'profile.json',
  'quality.json',
  'model.resolved.json',
];

/** Keeps the rows set aside, where there are any. */
export const storeQuarantine = async (
  folder: string,
  key: string,
  prepared: PreparedDataset,
  { objects }: Pick<Services, 'objects'>,
): Promise<void> => {
  if (prepared.rows.quarantined > 0)
    await putOnce(objects, key, { filePath: path.join(folder, 'quarantine.parquet') });
};

/** Writes a prepared folder under its content address; gives the dataset version. */
export const storeDataset = async (
  folder: string,
  manifest: DatasetManifest,
  prepared: PreparedDataset,
  services: Pick<Services, 'objects'>,
): Promise<string> => {
  const { objects } = services;
  const { model } = manifest;
  const datasetVersion = datasetVersionOf(manifest);
  const recent: readonly DatasetObject[] = prepared.rows.recent === undefined ? [] : ['recent.parquet'];
  for (const name of [...files, ...recent])
    await putOnce(objects, objectKeys.dataset(model, datasetVersion, name), {
      filePath: path.join(folder, name),
    });
  await storeQuarantine(folder, objectKeys.quarantine(model, datasetVersion), prepared, services);
  // The manifest comes last: where it is, the rest is.
  await putOnce(
    objects,
    objectKeys.dataset(model, datasetVersion, 'manifest.json'),
    canonicalJson(JSON.parse(JSON.stringify(manifest))),
  );
  return datasetVersion;
};

/** Records a stored dataset, and that the run is on it. */
export const recordDataset = async (
  runId: string,
  manifest: DatasetManifest,
  rows: PreparedDataset['rows'],
  { registry }: Pick<Services, 'registry'>,
): Promise<void> => {
  const { model } = manifest;
  const datasetVersion = datasetVersionOf(manifest);
  const run = await registry.getRun(runId);
  const keyOf = (name: DatasetObject) => objectKeys.dataset(model, datasetVersion, name);
  await registry.recordDataset({
    model,
    datasetVersion,
    manifestKey: keyOf('manifest.json'),
    batchId: run.batchId,
    specRevision: run.specRevision,
    sources: manifest.sources.map(({ key, sha256, sizeBytes }) => ({ key, sha256, sizeBytes })),
    rows: {
      read: rows.in,
      kept: rows.kept,
      quarantined: rows.quarantined,
      train: rows.train,
      validation: rows.validation,
      test: rows.test,
      ...(rows.recent !== undefined && { recent: rows.recent }),
      ...(rows.golden !== undefined && { golden: rows.golden }),
    },
    profileKey: keyOf('profile.json'),
    qualityKey: keyOf('quality.json'),
    ...(rows.quarantined > 0 && { quarantineKey: objectKeys.quarantine(model, datasetVersion) }),
  });
  await registry.noteRun(runId, { datasetVersion });
};
