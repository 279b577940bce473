import { missingRunFact } from '../../lambdas/missing-run-fact.ts';
import type { Services } from '../../lambdas/services.ts';
import { trainRun } from '../../lambdas/train-model/train-run.ts';

type Needs = Pick<Services, 'objects' | 'registry' | 'trainer' | 'onProgress' | 'withScratchFolder'>;

export interface Reproduction {
  readonly isSame: boolean;
  readonly expectedSha256: string;
  readonly actualSha256: string;
}

/** Trains a run again from its record, and compares the bytes of the model. Changes nothing. Throws RUN_UNKNOWN, RUN_INCOMPLETE. */
export const reproduceRun = async (services: Needs, runId: string): Promise<Reproduction> => {
  const { model, artifactSha256: expectedSha256 = missingRunFact(runId, 'artifactSha256') } =
    await services.registry.getRun(runId);
  const { artifactSha256: actualSha256 } = await services.withScratchFolder((folder) =>
    trainRun({ model, runId }, folder, services),
  );
  return { isSame: actualSha256 === expectedSha256, expectedSha256, actualSha256 };
};
