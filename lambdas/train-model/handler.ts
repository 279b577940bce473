import path from 'node:path';
import * as z from 'zod';
import { learningParameters } from '../../lib/domain/model-spec/index.ts';
import type { Step } from '../../lib/wire/house.ts';
import { objectKeys } from '../../lib/wire/object-keys.ts';
import { measured } from '../measured.ts';
import { putOnce } from '../put-once.ts';
import type { Services } from '../services.ts';
import { trainRun } from './train-run.ts';

const Input = z.object({ model: z.string(), runId: z.string() });
type Input = z.infer<typeof Input>;
type Needs = Pick<
  Services,
  'objects' | 'registry' | 'clock' | 'trainer' | 'withScratchFolder' | 'codeVersion' | 'onProgress' | 'signal'
>;

export interface Trained {
  readonly artifactSha256: string;
}

const train = async (input: Input, folder: string, services: Needs): Promise<Trained> => {
  const { objects, registry, codeVersion } = services;
  const { model, runId } = input;
  const { artifactFolder, artifactSha256, resolved } = await trainRun(input, folder, services);
  for (const name of ['model.onnx', 'signature.json', 'training.json'] as const)
    await putOnce(
      objects,
      objectKeys.run(model, runId, name),
      { filePath: path.join(artifactFolder, name) },
      { mustMatch: true },
    );
  const { trainer } = resolved.spec;
  await registry.noteRun(runId, {
    trainer: trainer.kind,
    parameters: learningParameters(trainer),
    seed: trainer.seed,
    codeVersion,
    artifactSha256,
  });
  return { artifactSha256 };
};

/** Trains on a run's dataset; the same run trained again writes the same bytes, or says that it did not. */
export const run = (input: Input, services: Needs): Promise<Trained> =>
  measured('train', input.runId, services, () =>
    services.withScratchFolder((folder) => train(input, folder, services)),
  );

export const step: Step<typeof Input, Needs, Trained> = { input: Input, run };
