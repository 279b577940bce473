import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { conformRows } from '../lib/adapters/duckdb/conform-rows.ts';
import { type SampledRows, sampleRows } from '../lib/adapters/duckdb/sample-rows.ts';
import { sha256OfFile } from '../lib/adapters/shared/sha256-of-file.ts';
import { sourceFormatOf } from '../lib/domain/dataset/index.ts';
import { minGoldenRows } from '../lib/domain/gates/index.ts';
import type { GoldenSet } from '../lib/domain/golden/index.ts';
import type { ResolvedSpec } from '../lib/domain/model-spec/index.ts';
import { MillraceError } from '../lib/wire/errors.ts';
import { canonicalJson } from '../lib/wire/json.ts';
import { objectKeys } from '../lib/wire/object-keys.ts';
import type { Services } from './services.ts';
import { storeGoldenSet } from './store-golden-set.ts';
import { batchesIn } from './window-batches.ts';

/** Enough to bound a loss of 2 % where the models differ on every third row, and read in a second. */
export const maxSampledRows = 10_000;
const maxFileRows = 100_000;
const mostForeignShare = 0.01;

export interface GoldenRequest {
  readonly model: string;
  /** `freeze` makes the first golden set of a model, `refresh` the next: a person's decision. */
  readonly action: 'freeze' | 'refresh';
  /** @default - the test rows of the champion's dataset, or, to refresh, of the newest */
  readonly filePath?: string;
  readonly by: string;
  readonly why: string;
}

type Needs = Pick<Services, 'objects' | 'registry' | 'withScratchFolder'>;

const requireAction = async ({ model, action }: GoldenRequest, { registry }: Needs): Promise<void> => {
  const latest = await registry.latestGoldenSet(model);
  if (action === 'freeze' && latest !== undefined)
    throw new MillraceError(
      'GOLDEN_SET_EXISTS',
      `"${model}" has a golden set, revision ${latest.revision}, frozen ${latest.at} by ${latest.by}`,
      { model, revision: latest.revision },
    );
  if (action === 'refresh' && latest === undefined)
    throw new MillraceError('GOLDEN_SET_MISSING', `"${model}" has no golden set that could be refreshed`, {
      model,
    });
};

/** The contents of batches that are in quarantine by now. */
const quarantinedContents = async (
  model: string,
  { registry }: Pick<Services, 'registry'>,
): Promise<ReadonlySet<string>> => {
  const contents = new Set<string>();
  for (const batchId of batchesIn('quarantined', await registry.listBatchJudgements(model)))
    for (const { sha256 } of (await registry.findBatch(model, batchId))?.arrivals ?? [])
      if (sha256 !== undefined) contents.add(sha256);
  return contents;
};

/** Newest first, and none with rows that nobody trusts any more. */
const newestTrusted = async (model: string, services: Needs): Promise<string | undefined> => {
  const held = await quarantinedContents(model, services);
  const datasets = await services.registry.listDatasets(model, { limit: 100 });
  return datasets.find(({ sources }) => !sources.some(({ sha256 }) => held.has(sha256)))?.datasetVersion;
};

/**
 * The dataset whose columns, and without a file whose test rows, are taken: the champion's, or to refresh the newest. What
 * one holds that was put into quarantine since must not become what is right.
 */
const datasetOf = async ({ model, action }: GoldenRequest, services: Needs): Promise<string> => {
  const { registry } = services;
  const { champion } = await registry.getRoute(model);
  const ofChampion =
    champion === undefined ? undefined : (await registry.getVersion(model, champion)).datasetVersion;
  const isOfChampion = action === 'freeze' && ofChampion !== undefined;
  const found = isOfChampion ? ofChampion : await newestTrusted(model, services);
  if (found !== undefined) return found;
  throw new MillraceError('RUN_INCOMPLETE', `"${model}" has no dataset yet to take rows or columns from`, {
    model,
  });
};

/** Fits a loss that could be told: enough rows, not too many to read each time, and more than one class. */
const requireFit = ({ rows, label }: SampledRows, from: string): void => {
  const classes = Object.keys(label);
  const isFit = rows >= minGoldenRows && rows <= maxFileRows && (classes.length > 1 || 'mean' in label);
  if (isFit) return;
  const what = `${rows} rows with their truth, of ${classes.length === 1 ? `one class ("${classes[0]}")` : `${classes.length} classes`}`;
  throw new MillraceError(
    'GOLDEN_SET_UNFIT',
    `${from} gives ${what}; expected ${minGoldenRows} to ${maxFileRows} rows, and two classes or more`,
    { rows, label },
  );
};

/** A truth that no model of this data can answer would tell nothing: "Yes" where the data has "yes". */
const requireKnownClasses = ({ label }: SampledRows, { classes }: ResolvedSpec, from: string): void => {
  if (classes === undefined) return;
  const foreign = Object.entries(label).filter(([name]) => !classes.includes(name));
  const share = foreign.reduce((sum, [, part]) => sum + part, 0);
  if (share <= mostForeignShare) return;
  throw new MillraceError(
    'GOLDEN_SET_UNFIT',
    `${from} has the classes ${foreign.map(([name]) => `"${name}"`).join(', ')}; expected those of the data: ${classes.map((name) => `"${name}"`).join(', ')}`,
    { label },
  );
};

const conformed = async (filePath: string, resolved: ResolvedSpec, folder: string): Promise<string> => {
  const format = sourceFormatOf(filePath);
  const name = path.basename(filePath);
  if (format === undefined)
    throw new MillraceError('DATA_FORMAT_UNKNOWN', `${name} has an ending that names no format`, { name });
  const outputPath = path.join(folder, 'conformed.parquet');
  const sha256 = await sha256OfFile(filePath);
  await conformRows({ source: { filePath, key: name, sha256, format }, resolved, outputPath });
  return outputPath;
};

const freeze = async (request: GoldenRequest, folder: string, services: Needs): Promise<GoldenSet> => {
  const { objects, registry } = services;
  const { model, filePath, by, why } = request;
  const datasetVersion = await datasetOf(request, services);
  const fetch = async (name: 'test.parquet' | 'model.resolved.json') => {
    const target = path.join(folder, name);
    await objects.download(objectKeys.dataset(model, datasetVersion, name), target);
    return target;
  };
  const stored: ResolvedSpec = JSON.parse(await readFile(await fetch('model.resolved.json'), 'utf8'));
  const resolved = { ...stored, spec: (await registry.getSpec(model)).spec };
  const inputPath =
    filePath === undefined
      ? await fetch('test.parquet')
      : await conformed(path.resolve(filePath), resolved, folder);
  const outputPath = path.join(folder, 'rows.parquet');
  const maxRows = filePath === undefined ? maxSampledRows : maxFileRows + 1;
  const { seed } = resolved.spec.trainer;
  const sampled = await sampleRows({ inputPath, outputPath, seed, maxRows });
  const from: GoldenSet['from'] =
    filePath === undefined
      ? { kind: 'test-rows', of: datasetVersion }
      : { kind: 'file', of: path.basename(filePath) };
  const name = filePath === undefined ? 'the test part' : from.of;
  requireFit(sampled, name);
  // A model.json that asks something else since then has other classes, which no dataset tells yet.
  const isSameQuestion =
    canonicalJson({ target: stored.spec.target }) === canonicalJson({ target: resolved.spec.target });
  if (isSameQuestion) requireKnownClasses(sampled, resolved, name);
  const sha256 = await sha256OfFile(outputPath);
  return storeGoldenSet({ filePath: outputPath }, { model, ...sampled, sha256, from, by, why }, services);
};

/**
 * Freezes trusted rows as the next revision of a model's golden set. Throws MODEL_UNKNOWN, GOLDEN_SET_EXISTS,
 * GOLDEN_SET_MISSING, GOLDEN_SET_UNFIT, RUN_INCOMPLETE, and what `conformRows` throws of a file.
 */
export const freezeGoldenSet = async (request: GoldenRequest, services: Needs): Promise<GoldenSet> => {
  await services.registry.getModel(request.model);
  await requireAction(request, services);
  return services.withScratchFolder(async (scratch) => {
    const folder = path.join(scratch, 'golden');
    await mkdir(folder);
    return freeze(request, folder, services);
  });
};
