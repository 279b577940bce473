import * as z from 'zod';
import type { QualityReport } from '../../lib/domain/dataset/index.ts';
import type { ResolvedSpec } from '../../lib/domain/model-spec/index.ts';
import type { ReportFacts, TrainingCurve } from '../../lib/domain/report/index.ts';
import { objectKeys } from '../../lib/wire/object-keys.ts';
import type { Services } from '../services.ts';

/** The part of training.json that a report draws. */
const Training = z.object({
  bestRound: z.number().exactOptional(),
  curve: z
    .object({
      metric: z.string(),
      points: z.array(
        z.object({ round: z.number(), train: z.number().nullable(), validation: z.number().nullable() }),
      ),
    })
    .exactOptional(),
});

const trainingCurve = async (
  key: string,
  { objects }: Pick<Services, 'objects'>,
): Promise<TrainingCurve | undefined> => {
  if ((await objects.head(key)) === undefined) return undefined;
  const { curve, bestRound } = Training.parse(JSON.parse(new TextDecoder().decode(await objects.get(key))));
  return curve && { ...curve, ...(bestRound !== undefined && { bestRound }) };
};

/** What the report tells beside the numbers. */
export const reportFacts = async (
  { model, runId }: { readonly model: string; readonly runId: string },
  { resolved, quality }: { readonly resolved: ResolvedSpec; readonly quality: QualityReport },
  services: Pick<Services, 'objects' | 'registry' | 'clock'>,
): Promise<ReportFacts> => {
  const run = await services.registry.getRun(runId);
  // Reserved now so that the page can name it; registering the run takes the same number.
  const version = await services.registry.reserveVersion({ model, runId });
  const training = await trainingCurve(objectKeys.run(model, runId, 'training.json'), services);
  const { datasetVersion = '', artifactSha256 = '', codeVersion = '' } = run;
  return {
    model,
    version,
    ...(resolved.spec.description !== undefined && { description: resolved.spec.description }),
    target: resolved.targetName,
    createdAt: run.startedAt,
    columns: resolved.columns,
    quarantine: quality.reasons,
    ...(training && { training }),
    lineage: {
      run: runId,
      dataset: datasetVersion,
      'model sha256': artifactSha256,
      code: codeVersion,
      trainer: run.trainer ?? 'brought',
      seed: String(run.seed ?? 'none'),
      'spec revision': String(run.specRevision ?? 'none'),
    },
  };
};
