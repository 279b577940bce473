import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import type { ResolvedSpec, TrainerSpec } from '../../lib/domain/model-spec/index.ts';
import { missingRunFact } from '../missing-run-fact.ts';
import type { Json } from '../../lib/domain/registry/index.ts';
import type { Step } from '../../lib/wire/house.ts';
import { type DatasetObject, objectKeys } from '../../lib/wire/object-keys.ts';
import { measured } from '../measured.ts';
import { putOnce } from '../put-once.ts';
import type { Services } from '../services.ts';

const Input = z.object({ model: z.string(), runId: z.string() });
type Input = z.infer<typeof Input>;
type Needs = Pick<Services, 'objects' | 'registry' | 'clock' | 'trainer' | 'withScratchFolder' | 'codeVersion' | 'onProgress'>;

export interface Trained {
  readonly artifactSha256: string;
}

/** A training that takes longer than Lambda allows belongs on other compute. */
const timeoutSeconds = 14 * 60;

const needed: readonly DatasetObject[] = ['train.parquet', 'validation.parquet', 'model.resolved.json'];

const parametersOf = ({ kind: _kind, seed: _seed, ...parameters }: TrainerSpec): Record<string, z.infer<typeof Json>> => parameters;

const train = async (input: Input, folder: string, services: Needs): Promise<Trained> => {
  const { objects, registry, trainer, codeVersion, onProgress } = services;
  const { model, runId } = input;
  const { datasetVersion = missingRunFact(runId, 'datasetVersion') } = await registry.getRun(runId);
  const [datasetFolder, artifactFolder] = [path.join(folder, 'dataset'), path.join(folder, 'artifact')];
  await Promise.all([mkdir(datasetFolder), mkdir(artifactFolder)]);
  for (const name of needed) await objects.download(objectKeys.dataset(model, datasetVersion, name), path.join(datasetFolder, name));
  const resolved: ResolvedSpec = JSON.parse(await readFile(path.join(datasetFolder, 'model.resolved.json'), 'utf8'));
  // The dataset may be older than a change of the trainer's parameters: those of the run's own revision count.
  const { specRevision } = await registry.getRun(runId);
  const { spec } = await registry.getSpec(model, specRevision);
  const { seed } = spec.trainer;
  await trainer.train({ runId, spec: { ...resolved, spec }, datasetFolder, artifactFolder, seed, timeoutSeconds }, (progress) =>
    onProgress({ ...progress, model, runId }),
  );
  const bytes = await readFile(path.join(artifactFolder, 'model.onnx'));
  const artifactSha256 = createHash('sha256').update(bytes).digest('hex');
  for (const name of ['model.onnx', 'signature.json', 'training.json'] as const)
    await putOnce(objects, objectKeys.run(model, runId, name), { filePath: path.join(artifactFolder, name) }, { mustMatch: true });
  await registry.noteRun(runId, { trainer: spec.trainer.kind, parameters: parametersOf(spec.trainer), seed, codeVersion, artifactSha256 });
  return { artifactSha256 };
};

/** Trains on a run's dataset; the same run trained again writes the same bytes, or says that it did not. */
export const run = (input: Input, services: Needs): Promise<Trained> =>
  measured('train', input.runId, services, () => services.withScratchFolder((folder) => train(input, folder, services)));

export const step: Step<typeof Input, Needs, Trained> = { input: Input, run };
