import { mkdir, mkdtemp, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as z from 'zod';
import type { ResolvedSpec } from '../../domain/model-spec/index.ts';
import type { Trainer, TrainingJob } from '../../ports/trainer.ts';
import { MillraceError } from '../../wire/errors.ts';
import { workerTrainer } from '../local/worker-trainer.ts';

export interface ContainerJob {
  /** `/opt/ml`, as SageMaker lays it out: https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-training-algo.html */
  readonly root: string;
  /** Aborts when SageMaker sends SIGTERM. */
  readonly signal: AbortSignal;
  /** A line of the job's log; metrics are read off it. */
  readonly log: (line: string) => void;
  /** @default - in a thread, so that a signal is heard while it computes */
  readonly trainer?: Trainer;
}

/** SageMaker shows so much of /opt/ml/output/failure. */
const maxFailureCharacters = 1024;

/** SageMaker keeps the time: this must never come first. */
const timeoutSeconds = 28 * 86_400;

/** The one file a channel delivered; SageMaker may lay it into folders of its key. */
const fileOf = async (root: string, channel: string, ending: string): Promise<string> => {
  const folder = path.join(root, 'input/data', channel);
  const names = await readdir(folder, { recursive: true }).catch((): string[] => []);
  const [name, ...more] = names.filter((each) => each.endsWith(ending));
  if (name === undefined || more.length > 0)
    throw new MillraceError(
      'TRAINING_FAILED',
      `the channel "${channel}" has ${more.length + Number(name !== undefined)} files ending in ${ending}, expected 1`,
      { channel },
    );
  return path.join(folder, name);
};

/** The parts side by side in one folder, as a trainer wants them; links, as the volume need not hold the data twice. */
const datasetIn = async (root: string): Promise<string> => {
  const folder = await mkdtemp(path.join(tmpdir(), 'millrace-dataset-'));
  for (const part of ['train', 'validation'])
    await symlink(await fileOf(root, part, '.parquet'), path.join(folder, `${part}.parquet`));
  return folder;
};

const Machines = z.object({ current_host: z.string(), hosts: z.array(z.string()).min(1) });

/** Our trainers run on one machine: a second one would train the same model and write it over the first. */
const requireOneMachine = async (root: string): Promise<void> => {
  const text = await readFile(path.join(root, 'input/config/resourceconfig.json'), 'utf8').catch(
    () => undefined,
  );
  if (text === undefined) return;
  const { hosts } = Machines.parse(JSON.parse(text));
  if (hosts.length > 1)
    throw new MillraceError('TRAINING_FAILED', `the job has ${hosts.length} machines, expected 1`, { hosts });
};

const jobIn = async (root: string): Promise<TrainingJob> => {
  await requireOneMachine(root);
  const spec: ResolvedSpec = JSON.parse(await readFile(await fileOf(root, 'spec', '.json'), 'utf8'));
  const artifactFolder = path.join(root, 'model');
  await mkdir(artifactFolder, { recursive: true });
  return {
    runId: process.env.MILLRACE_RUN_ID ?? 'job',
    spec,
    datasetFolder: await datasetIn(root),
    artifactFolder,
    seed: spec.spec.trainer.seed,
    timeoutSeconds,
  };
};

const Curve = z.object({
  bestRound: z.number(),
  curve: z.object({
    points: z.array(z.object({ round: z.number(), train: z.number(), validation: z.number().nullable() })),
  }),
});

/** The losses of the round that was kept, as the job's metric definitions expect them. */
const metricsOf = async (artifactFolder: string): Promise<readonly string[]> => {
  const text = await readFile(path.join(artifactFolder, 'training.json'), 'utf8');
  const { bestRound, curve } = Curve.parse(JSON.parse(text));
  const kept = curve.points.findLast(({ round }) => round <= bestRound);
  return Object.entries({ train: kept?.train, validation: kept?.validation }).flatMap(([part, loss]) =>
    typeof loss === 'number' ? [`${part}:loss=${loss}`] : [],
  );
};

const wordsOf = (error: unknown): string =>
  error instanceof MillraceError
    ? `${error.name}: ${error.message}`
    : `TRAINING_FAILED: ${error instanceof Error ? error.message : String(error)}`;

/**
 * Trains what SageMaker laid into the folder and gives the exit code: 0 with the three files of a trainer in `model`, 1
 * with the reason in `output/failure`. There are no checkpoints: a job that lost its spot machine begins anew and, as the
 * same data give the same bytes, ends where it would have.
 */
export const trainInContainer = async (container: ContainerJob): Promise<number> => {
  const { root, signal, log, trainer = workerTrainer() } = container;
  try {
    const job = await jobIn(root);
    let last = '';
    await trainer.train(
      job,
      ({ phase, message = '' }) => {
        if (phase !== last) log(`${phase} ${message}`.trim());
        last = phase;
      },
      signal,
    );
    for (const line of await metricsOf(job.artifactFolder)) log(line);
    return 0;
  } catch (error) {
    const words = wordsOf(error);
    log(words);
    await mkdir(path.join(root, 'output'), { recursive: true });
    await writeFile(path.join(root, 'output/failure'), words.slice(0, maxFailureCharacters));
    return 1;
  }
};
