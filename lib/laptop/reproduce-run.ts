import { missingRunFact } from '../../lambdas/missing-run-fact.ts';
import { trainRun } from '../../lambdas/train-model/train-run.ts';
import type { Laptop } from './open-laptop.ts';

export interface Reproduction {
  readonly isSame: boolean;
  readonly expectedSha256: string;
  readonly actualSha256: string;
}

/** Trains a run again from its record, and compares the bytes of the model. Changes nothing. Throws RUN_UNKNOWN, RUN_INCOMPLETE. */
export const reproduceRun = async (laptop: Laptop, runId: string): Promise<Reproduction> => {
  const { model, artifactSha256: expectedSha256 = missingRunFact(runId, 'artifactSha256') } =
    await laptop.registry.getRun(runId);
  const { artifactSha256: actualSha256 } = await laptop.withScratchFolder((folder) =>
    trainRun({ model, runId }, folder, laptop),
  );
  return { isSame: actualSha256 === expectedSha256, expectedSha256, actualSha256 };
};
