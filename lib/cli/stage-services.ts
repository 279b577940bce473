import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Services } from '../../lambdas/services.ts';
import { workerTrainer } from '../adapters/local/worker-trainer.ts';
import type { Stage } from '../cloud/open-stage.ts';

const withScratchFolder: Services['withScratchFolder'] = async (work) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'millrace-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/** A stage's data worked on by this machine: to train a run again, or to hold a file against a model. */
export const stageServices = ({
  objects,
  registry,
}: Pick<Stage, 'objects' | 'registry'>): Pick<
  Services,
  'objects' | 'registry' | 'trainer' | 'onProgress' | 'withScratchFolder'
> => ({ objects, registry, trainer: workerTrainer(), onProgress: () => undefined, withScratchFolder });
