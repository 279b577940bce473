import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import type { ResolvedSpec } from '../../lib/domain/model-spec/index.ts';
import {
  jobTimeoutSeconds,
  planTrainingJob,
  type TrainingJobRequest,
  type TrainingJobs,
  type TrainingSize,
  trainingPlace,
} from '../../lib/domain/training-job/index.ts';
import type { Step } from '../../lib/wire/house.ts';
import { type DatasetObject, objectKeys } from '../../lib/wire/object-keys.ts';
import { measured } from '../measured.ts';
import { missingRunFact } from '../missing-run-fact.ts';
import { putOnce } from '../put-once.ts';
import type { Services } from '../services.ts';
import { requireRoomFor, stageMatrices } from './stage-matrices.ts';

const Input = z.object({ model: z.string(), runId: z.string() });
type Input = z.infer<typeof Input>;
type Needs = Pick<
  Services,
  'objects' | 'registry' | 'clock' | 'withScratchFolder' | 'trainingJobs' | 'signal'
>;

export type Plan =
  | { readonly where: 'here'; readonly because: string }
  | {
      readonly where: 'sagemaker';
      readonly because: string;
      /** The arguments of CreateTrainingJob; the state machine appends the attempt to the name. */
      readonly job: TrainingJobRequest;
      readonly timeoutSeconds: number;
    };

interface Subject extends Input {
  readonly datasetVersion: string;
  readonly resolved: ResolvedSpec;
  readonly size: TrainingSize;
  readonly validationRows: number;
}

const parts: readonly DatasetObject[] = ['train.parquet', 'validation.parquet'];

/** The dataset as the run's own revision of the spec sees it, and how large it is. */
const subjectOf = async (input: Input, { objects, registry }: Needs): Promise<Subject> => {
  const { model, runId } = input;
  const run = await registry.getRun(runId);
  const { datasetVersion = missingRunFact(runId, 'datasetVersion'), specRevision } = run;
  const key = (name: DatasetObject) => objectKeys.dataset(model, datasetVersion, name);
  const stored: ResolvedSpec = JSON.parse(
    new TextDecoder().decode(await objects.get(key('model.resolved.json'))),
  );
  const { spec } = await registry.getSpec(model, specRevision);
  const rows = (await registry.findDataset(model, datasetVersion))?.rows ?? missingRunFact(runId, 'dataset');
  const heads = await Promise.all(parts.map((name) => objects.head(key(name))));
  const { classes } = stored;
  return {
    ...input,
    datasetVersion,
    resolved: { ...stored, spec },
    validationRows: rows.validation,
    size: {
      rows: rows.train + rows.validation,
      columns: stored.columns.filter(({ role }) => role === 'feature' || role === 'source').length,
      outputs: classes === undefined || classes.length === 2 ? 1 : classes.length,
      datasetBytes: heads.reduce((sum, head) => sum + (head?.sizeBytes ?? 0), 0),
    },
  };
};

/** What the job reads, where it does not read the dataset itself. */
const stageInputs = async (subject: Subject, services: Needs): Promise<void> => {
  const { model, runId, datasetVersion, resolved, size } = subject;
  const { trainer } = resolved.spec;
  if (trainer.kind !== 'xgboost') {
    const key = `${objectKeys.jobFolder(model, runId, 'spec')}model.resolved.json`;
    return putOnce(services.objects, key, JSON.stringify(resolved), { mustMatch: true });
  }
  requireRoomFor(size.rows, size.columns);
  await services.withScratchFolder(async (folder) => {
    const datasetFolder = path.join(folder, 'dataset');
    await mkdir(datasetFolder);
    for (const name of parts)
      await services.objects.download(
        objectKeys.dataset(model, datasetVersion, name),
        path.join(datasetFolder, name),
        { signal: services.signal },
      );
    const machines = trainer.sagemaker.instanceCount;
    await stageMatrices({ model, runId }, { resolved, datasetFolder, machines }, services);
  });
};

const jobOf = (subject: Subject, jobs: TrainingJobs): TrainingJobRequest => {
  const { resolved, validationRows } = subject;
  const { classes } = resolved;
  const task = classes === undefined ? 'regression' : classes.length === 2 ? 'binary' : 'multiclass';
  const target = { task, classes: classes?.length, hasValidation: validationRows > 0 } as const;
  return planTrainingJob({ ...subject, trainer: resolved.spec.trainer, target }, jobs);
};

const plan = async (input: Input, services: Needs): Promise<Plan> => {
  const { trainingJobs: jobs } = services;
  const subject = await subjectOf(input, services);
  const { trainer } = subject.resolved.spec;
  const { where, because } = trainingPlace({ trainer, size: subject.size, jobs });
  if (where === 'here' || jobs === undefined) return { where: 'here', because };
  const job = jobOf(subject, jobs);
  await stageInputs(subject, services);
  return { where, because, job, timeoutSeconds: jobTimeoutSeconds(trainer) };
};

/** Decides where a run trains; for a training job, stores what it reads and gives the arguments that create it. */
export const run = (input: Input, services: Needs): Promise<Plan> =>
  measured('plan', input.runId, services, () => plan(input, services));

export const step: Step<typeof Input, Needs, Plan> = { input: Input, run };
