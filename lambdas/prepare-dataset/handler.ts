import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { type PreparedDataset, prepareDataset } from '../../lib/adapters/duckdb/prepare-dataset.ts';
import { type DatasetManifest, dataSpecHashOf, datasetVersionOf } from '../../lib/domain/dataset/index.ts';
import type { ModelSpec } from '../../lib/domain/model-spec/index.ts';
import { isMillraceError, type MillraceError } from '../../lib/wire/errors.ts';
import type { Step } from '../../lib/wire/house.ts';
import { latestColumns } from '../latest-columns.ts';
import { measured } from '../measured.ts';
import { putOnce } from '../put-once.ts';
import { boundedReasons } from '../reasons.ts';
import { type RunSource, runSources } from '../run-sources.ts';
import type { Services } from '../services.ts';
import { recordDataset, storeDataset, storeQuarantine } from './store-dataset.ts';

const Input = z.object({ model: z.string(), runId: z.string() });
type Input = z.infer<typeof Input>;
type Needs = Pick<
  Services,
  'objects' | 'registry' | 'clock' | 'withScratchFolder' | 'dataEngine' | 'onProgress' | 'signal'
>;

export type Prepared =
  | { readonly verdict: 'accepted'; readonly datasetVersion: string; readonly rows: PreparedDataset['rows'] }
  | { readonly verdict: 'refused'; readonly because: readonly string[] };

/** Errors that say the data is unfit: outcomes of a run, not faults of ours. */
const isAboutData = (error: unknown): error is MillraceError =>
  isMillraceError(error) &&
  /^(DATA_|TARGET_|COLUMN_|EXPRESSION_INVALID|ONE_CLASS_TARGET|TOO_MANY_CLASSES)/.test(error.name);

const manifestOf = (spec: ModelSpec, sources: readonly RunSource[]): DatasetManifest => ({
  schemaVersion: 1,
  model: spec.name,
  specHash: dataSpecHashOf(spec),
  sources: sources.map(({ key, sha256, sizeBytes, format }) => ({ key, sha256, sizeBytes, format })),
});

/** Fetches the files to the scratch folder; from here on they go by the names they were dropped under. */
const download = async (sources: readonly RunSource[], folder: string, { objects }: Needs) => {
  const fetched = [];
  for (const [index, source] of sources.entries()) {
    const filePath = path.join(folder, `source-${index}`);
    await objects.download(source.key, filePath);
    fetched.push({ ...source, key: source.droppedAs, filePath });
  }
  return fetched;
};

const prepare = async (input: Input, folder: string, spec: ModelSpec, services: Needs): Promise<Prepared> => {
  const { objects, clock, dataEngine, onProgress, signal } = services;
  const found = await runSources(spec, input.runId, services.registry);
  if (found.length === 0)
    return { verdict: 'refused', because: ['there is no data yet: drop a data file beside the model'] };
  const manifest = manifestOf(spec, found);
  const sources = await download(found, folder, services);
  const columns = await latestColumns(spec.name, services);
  const outputFolder = path.join(folder, 'dataset');
  await mkdir(outputFolder);
  const prepared = await prepareDataset({
    spec,
    sources,
    ...(columns && { previousColumns: columns }),
    outputFolder,
    now: new Date(clock.now()).toISOString(),
    ...dataEngine,
    ...(signal && { signal }),
    onProgress: (progress) => onProgress({ ...progress, model: input.model, runId: input.runId }),
  });
  if (prepared.outcome === 'refused') {
    const refusedVersion = datasetVersionOf(manifest);
    const quality = await readFile(path.join(outputFolder, 'quality.json'), 'utf8');
    await putOnce(objects, `quarantine/${spec.name}/${refusedVersion}/${input.runId}.quality.json`, quality);
    await storeQuarantine(
      outputFolder,
      `quarantine/${spec.name}/${refusedVersion}/${input.runId}.rows.parquet`,
      prepared,
      services,
    );
    return { verdict: 'refused', because: boundedReasons(prepared.quality.because) };
  }
  const datasetVersion = await storeDataset(outputFolder, manifest, prepared, services);
  await recordDataset(input.runId, manifest, prepared.rows, services);
  return { verdict: 'accepted', datasetVersion, rows: prepared.rows };
};

/** Turns the files of a run's window into an immutable dataset version, or says why they are unfit. */
export const run = (input: Input, services: Needs): Promise<Prepared> =>
  measured('prepare', input.runId, services, async () => {
    const { specRevision } = await services.registry.getRun(input.runId);
    const { spec } = await services.registry.getSpec(input.model, specRevision);
    try {
      return await services.withScratchFolder((folder) => prepare(input, folder, spec, services));
    } catch (error) {
      if (!isAboutData(error)) throw error;
      return { verdict: 'refused', because: boundedReasons([error.message]) };
    }
  });

export const step: Step<typeof Input, Needs, Prepared> = { input: Input, run };
