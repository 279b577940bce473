import { createHash } from 'node:crypto';
import path from 'node:path';
import * as z from 'zod';
import { learningParameters, type ResolvedSpec } from '../../lib/domain/model-spec/index.ts';
import { MillraceError } from '../../lib/wire/errors.ts';
import type { Step } from '../../lib/wire/house.ts';
import { objectKeys } from '../../lib/wire/object-keys.ts';
import { measured } from '../measured.ts';
import { missingRunFact } from '../missing-run-fact.ts';
import { putOnce } from '../put-once.ts';
import type { Services } from '../services.ts';
import { type JobArtifacts, jobArtifacts } from './job-artifacts.ts';

const Input = z.object({
  model: z.string(),
  runId: z.string(),
  jobName: z.string(),
  /** TrainingJobStatus of DescribeTrainingJob. */
  status: z.string(),
  /** `s3://bucket/key` of model.tar.gz. */
  modelArtifact: z.string(),
});
type Input = z.infer<typeof Input>;
type Needs = Pick<
  Services,
  'objects' | 'registry' | 'clock' | 'withScratchFolder' | 'codeVersion' | 'signal'
>;

export interface Collected {
  readonly artifactSha256: string;
}

/** The key of the archive; a job writes under its run's output folder, anything else is not what we asked for. */
const archiveKeyOf = ({ model, runId, jobName, modelArtifact }: Input): string => {
  const key = /^s3:\/\/[^/]+\/(.+)$/.exec(modelArtifact)?.[1] ?? '';
  if (
    key.startsWith(`${objectKeys.jobFolder(model, runId, 'output')}${jobName}/`) &&
    key.endsWith('/model.tar.gz')
  )
    return key;
  throw new MillraceError(
    'TRAINING_OUTPUT_INVALID',
    `the training job ${jobName} names ${modelArtifact} as its output, expected model.tar.gz in the run's own folder`,
    { modelArtifact },
  );
};

const requireCompleted = ({ jobName, status }: Input): void => {
  if (status === 'Completed') return;
  throw new MillraceError('TRAINING_JOB_FAILED', `the training job ${jobName} ended as ${status}`, {
    jobName,
  });
};

const store = async ({ model, runId }: Input, artifacts: JobArtifacts, { objects }: Needs): Promise<void> => {
  for (const name of ['model.onnx', 'signature.json', 'training.json'] as const) {
    const body = artifacts[name];
    if (body !== undefined)
      await putOnce(objects, objectKeys.run(model, runId, name), body, { mustMatch: true });
  }
};

const collect = async (input: Input, folder: string, services: Needs): Promise<Collected> => {
  const { objects, registry, codeVersion } = services;
  const { model, runId } = input;
  requireCompleted(input);
  const run = await registry.getRun(runId);
  const { datasetVersion = missingRunFact(runId, 'datasetVersion'), specRevision } = run;
  const { spec } = await registry.getSpec(model, specRevision);
  const stored: ResolvedSpec = JSON.parse(
    new TextDecoder().decode(
      await objects.get(objectKeys.dataset(model, datasetVersion, 'model.resolved.json')),
    ),
  );
  const archive = path.join(folder, 'model.tar.gz');
  await objects.download(archiveKeyOf(input), archive, { signal: services.signal });
  const resolved = { ...stored, spec };
  const artifacts = await jobArtifacts({ model, runId, datasetVersion, resolved, archive }, services);
  await store(input, artifacts, services);
  const artifactSha256 = createHash('sha256').update(artifacts['model.onnx']).digest('hex');
  await registry.noteRun(runId, {
    trainer: spec.trainer.kind,
    parameters: learningParameters(spec.trainer),
    seed: spec.trainer.seed,
    codeVersion,
    artifactSha256,
  });
  return { artifactSha256 };
};

/** Turns what a training job left into the files a trainer of our own would have written, and notes the same facts. */
export const run = (input: Input, services: Needs): Promise<Collected> =>
  measured('collect', input.runId, services, () =>
    services.withScratchFolder((folder) => collect(input, folder, services)),
  );

export const step: Step<typeof Input, Needs, Collected> = { input: Input, run };
