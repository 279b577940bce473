import path from 'node:path';
import { assembleXgboost } from '../../lib/adapters/training/assemble-xgboost.ts';
import { readTarGz } from '../../lib/adapters/training/read-tar.ts';
import { hasErrors } from '../../lib/domain/doctor/index.ts';
import type { ResolvedSpec } from '../../lib/domain/model-spec/index.ts';
import { SignatureSchema } from '../../lib/domain/signature/index.ts';
import { MillraceError } from '../../lib/wire/errors.ts';
import { objectKeys } from '../../lib/wire/object-keys.ts';
import { featuresKey, type StagedFeatures } from '../plan-training/stage-matrices.ts';
import { parseSidecar, rehearseAdoption } from '../rehearse-adoption.ts';
import type { Services } from '../services.ts';

/** The files of a run, as a trainer of our own writes them. */
export interface JobArtifacts {
  readonly 'model.onnx': Uint8Array;
  readonly 'signature.json': string | Uint8Array;
  /** A container of the user's own may leave none. */
  readonly 'training.json'?: string | Uint8Array;
}

export interface CollectedJob {
  readonly model: string;
  readonly runId: string;
  readonly datasetVersion: string;
  readonly resolved: ResolvedSpec;
  /** The local model.tar.gz, alone in a folder. */
  readonly archive: string;
}

type Files = ReadonlyMap<string, Uint8Array>;

const refuse = (what: string, details: Record<string, unknown> = {}): never => {
  throw new MillraceError('TRAINING_OUTPUT_INVALID', what, details);
};

const fileOf = (files: Files, name: string): Uint8Array =>
  files.get(name) ?? refuse(`the training job left no ${name} in model.tar.gz`, { name });

const asJson = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

const fromXgboost = async (
  { model, runId, resolved, archive }: CollectedJob,
  { objects }: Pick<Services, 'objects'>,
): Promise<JobArtifacts> => {
  const files = await readTarGz(archive, ['xgboost-model']);
  const text = new TextDecoder().decode(await objects.get(featuresKey(model, runId)));
  const { fitted, rows }: StagedFeatures = JSON.parse(text);
  const bytes = fileOf(files, 'xgboost-model');
  const { onnx, signature, record } = assembleXgboost({ bytes, resolved, fitted, rows });
  return { 'model.onnx': onnx, 'signature.json': asJson(signature), 'training.json': asJson(record) };
};

/** Our own trainer writes in the container what it writes anywhere. */
const fromOwnTrainer = async ({ archive }: CollectedJob): Promise<JobArtifacts> => {
  const names = ['model.onnx', 'signature.json', 'training.json'] as const;
  const files = await readTarGz(archive, names);
  const [model, signature, training] = names.map((name) => fileOf(files, name)) as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ];
  if (!SignatureSchema.safeParse(parseSidecar(signature)).success)
    refuse('the signature.json of the training job is not one of ours');
  return { 'model.onnx': model, 'signature.json': signature, 'training.json': training };
};

/** A model of somebody else's making is examined like one that was brought along. */
const fromContainer = async (
  { model, datasetVersion, resolved, archive }: CollectedJob,
  { objects }: Pick<Services, 'objects'>,
): Promise<JobArtifacts> => {
  const files = await readTarGz(archive, ['model.onnx', 'signature.json', 'training.json']);
  const bytes = fileOf(files, 'model.onnx');
  const rowsFile = path.join(path.dirname(archive), 'test.parquet');
  await objects.download(objectKeys.dataset(model, datasetVersion, 'test.parquet'), rowsFile);
  const sidecar = parseSidecar(files.get('signature.json'));
  const { signature, findings } = await rehearseAdoption({ bytes, resolved, sidecar, rowsFile });
  const errors = findings.filter(({ severity }) => severity === 'error');
  if (signature === undefined || hasErrors(findings))
    return refuse(
      `the model.onnx of the training job cannot be served: ${errors.map(({ what, fix }) => `${what}: ${fix}`).join('; ')}`,
      { findings },
    );
  const training = files.get('training.json');
  return {
    'model.onnx': bytes,
    'signature.json': asJson(signature),
    ...(training !== undefined && { 'training.json': training }),
  };
};

/** Reads what a job left, by the kind of its trainer. Throws TRAINING_OUTPUT_INVALID. */
export const jobArtifacts = (
  job: CollectedJob,
  services: Pick<Services, 'objects'>,
): Promise<JobArtifacts> => {
  switch (job.resolved.spec.trainer.kind) {
    case 'xgboost':
      return fromXgboost(job, services);
    case 'container':
      return fromContainer(job, services);
    default:
      return fromOwnTrainer(job);
  }
};
