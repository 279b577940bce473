import { mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import {
  type BesideChampion,
  type PreparedDataset,
  prepareDataset,
} from '../../lib/adapters/duckdb/prepare-dataset.ts';
import { type DatasetManifest, dataSpecHashOf, datasetVersionOf } from '../../lib/domain/dataset/index.ts';
import type { GoldenSet } from '../../lib/domain/golden/index.ts';
import type { ModelSpec } from '../../lib/domain/model-spec/index.ts';
import type { BatchJudgement } from '../../lib/domain/registry/index.ts';
import type { NewBatchJudgement } from '../../lib/registry/index.ts';
import { isMillraceError, type MillraceError } from '../../lib/wire/errors.ts';
import type { Step } from '../../lib/wire/house.ts';
import { latestColumns } from '../latest-columns.ts';
import { measured } from '../measured.ts';
import { putOnce } from '../put-once.ts';
import { boundedReasons } from '../reasons.ts';
import type { RunSource } from '../run-sources.ts';
import type { Services } from '../services.ts';
import { type Facts, gatherFacts, nothingRemains } from './facts.ts';
import { besideChampion, type Judged, judgementsToKeep } from './judge-batches.ts';
import { leftOutOf, tellQuarantined, writeBatchGates } from './quarantined.ts';
import { recordDataset, storeDataset, storeQuarantine } from './store-dataset.ts';

const Input = z.object({ model: z.string(), runId: z.string() });
type Input = z.infer<typeof Input>;
type Needs = Pick<
  Services,
  'objects' | 'registry' | 'notifier' | 'clock' | 'withScratchFolder' | 'dataEngine' | 'onProgress' | 'signal'
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

const fetchGolden = async (
  golden: GoldenSet | undefined,
  folder: string,
  { objects }: Needs,
): Promise<{ readonly goldenPath?: string }> => {
  if (golden === undefined) return {};
  const goldenPath = path.join(folder, 'golden.parquet');
  await objects.download(golden.key, goldenPath);
  return { goldenPath };
};

/** Names what is beyond files and spec: which rows are held back as recent, and which for being trusted. */
const withHeldBack = (
  manifest: DatasetManifest,
  { recent, golden }: PreparedDataset['rows'],
  beside: BesideChampion | undefined,
  goldenSet: GoldenSet | undefined,
): DatasetManifest => ({
  ...manifest,
  ...(recent !== undefined && beside && { recentOf: beside.newBatches.flatMap(({ sources }) => sources) }),
  ...(golden !== undefined && golden > 0 && goldenSet && { goldenSha256: goldenSet.sha256 }),
});

const storeRefused = async (
  { model, runId }: Input,
  outputFolder: string,
  manifest: DatasetManifest,
  prepared: PreparedDataset,
  services: Needs,
): Promise<void> => {
  const place = `quarantine/${model}/${datasetVersionOf(manifest)}/${runId}`;
  const quality = await readFile(path.join(outputFolder, 'quality.json'), 'utf8');
  await putOnce(services.objects, `${place}.quality.json`, quality);
  await storeQuarantine(outputFolder, `${place}.rows.parquet`, prepared, services);
};

const keepJudgements = async (
  judgements: readonly NewBatchJudgement[],
  { registry }: Needs,
): Promise<void> => {
  for (const judgement of judgements) await registry.recordBatchJudgement(judgement);
};

/** The batches that are new beside the champion, as what is on record says. */
const newJudgements = async (
  model: string,
  { newBatches }: BesideChampion,
  { registry }: Needs,
): Promise<readonly BatchJudgement[]> => {
  const known = await registry.listBatchJudgements(model);
  return known.filter((one) => newBatches.some(({ batchId }) => batchId === one.batchId));
};

const prepareFiles = async (
  { run, spec, sources, golden }: Facts,
  beside: BesideChampion | undefined,
  folder: string,
  services: Needs,
): Promise<PreparedDataset> => {
  const { clock, dataEngine, onProgress, signal } = services;
  const columns = await latestColumns(spec.name, services);
  const outputFolder = path.join(folder, 'dataset');
  await mkdir(outputFolder);
  return prepareDataset({
    spec,
    sources: await download(sources, folder, services),
    ...(columns && { previousColumns: columns }),
    ...(beside && { beside }),
    ...(await fetchGolden(golden, folder, services)),
    outputFolder,
    now: new Date(clock.now()).toISOString(),
    ...dataEngine,
    ...(signal && { signal }),
    onProgress: (progress) => onProgress({ ...progress, model: spec.name, runId: run.runId }),
  });
};

/** One attempt at a dataset of everything that is not in quarantine; `again` when more had to be put there. */
const attempt = async (
  input: Input,
  folder: string,
  facts: Facts,
  services: Needs,
): Promise<Prepared | 'again'> => {
  const { run, spec, sources, champion, golden, judgements } = facts;
  const leftOut = leftOutOf(run, judgements);
  await tellQuarantined(leftOut, services);
  const nothing = nothingRemains(facts);
  if (nothing !== undefined) {
    if (leftOut.length > 0) await writeBatchGates(input, leftOut, {}, services);
    return { verdict: 'refused', because: boundedReasons(nothing) };
  }
  const judged: Judged = new Map();
  const beside = champion && besideChampion({ spec, sources, champion, golden, judgements }, judged);
  const prepared = await prepareFiles(facts, beside, folder, services);
  const said = judgementsToKeep(prepared, { ...input, version: champion?.version }, sources, judged);
  if (prepared.held.length > 0) {
    await keepJudgements(
      said.filter(({ state }) => state === 'quarantined'),
      services,
    );
    return 'again';
  }
  const outputFolder = path.join(folder, 'dataset');
  const manifest = manifestOf(spec, sources);
  if (prepared.outcome === 'refused') {
    await storeRefused(input, outputFolder, manifest, prepared, services);
    return { verdict: 'refused', because: boundedReasons(prepared.quality.because) };
  }
  await keepJudgements(said, services);
  const complete = withHeldBack(manifest, prepared.rows, beside, golden);
  if (beside) {
    const facts = {
      datasetVersion: datasetVersionOf(complete),
      ...(golden && { goldenRevision: golden.revision }),
    };
    await writeBatchGates(input, await newJudgements(input.model, beside, services), facts, services);
  }
  const datasetVersion = await storeDataset(outputFolder, complete, prepared, services);
  await recordDataset(run.runId, complete, prepared.rows, services);
  return { verdict: 'accepted', datasetVersion, rows: prepared.rows };
};

/** Each attempt ends it or puts a batch more into quarantine, and kinds and splits are then found without its rows. */
const prepare = async (input: Input, folder: string, spec: ModelSpec, services: Needs): Promise<Prepared> => {
  const run = await services.registry.getRun(input.runId);
  for (;;) {
    const place = path.join(folder, 'attempt');
    await mkdir(place);
    const outcome = await attempt(input, place, await gatherFacts(run, spec, services), services);
    if (outcome !== 'again') return outcome;
    await rm(place, { recursive: true, force: true });
  }
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
