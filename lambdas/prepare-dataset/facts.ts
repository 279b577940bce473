import type { ModelSpec } from '../../lib/domain/model-spec/index.ts';
import type { Run } from '../../lib/domain/registry/index.ts';
import { runSources } from '../run-sources.ts';
import type { Services } from '../services.ts';
import { type Champion, findChampion } from './champion.ts';
import { type JudgeFacts, newBatchesOf } from './judge-batches.ts';
import { becauseOf, leftOutOf } from './quarantined.ts';

/** All that a run knows before it reads a row. */
export interface Facts extends Omit<JudgeFacts, 'champion'> {
  readonly run: Run;
  readonly champion: Champion | undefined;
}

/** Why there is nothing to train on, where that is so: all that is new is in quarantine. */
export const nothingRemains = ({
  run,
  sources,
  champion,
  judgements,
}: Facts): readonly string[] | undefined => {
  const leftOut = leftOutOf(run, judgements).map(becauseOf);
  if (sources.length === 0)
    return leftOut.length > 0 ? leftOut : ['there is no data yet: drop a data file beside the model'];
  if (champion === undefined || leftOut.length === 0) return undefined;
  // Under another model.json the same rows make another model; a model trained elsewhere needs rows to be judged on alone.
  const isOtherModel = run.specRevision !== champion.specRevision || run.trigger.kind === 'imported-model';
  const hasNew = newBatchesOf(sources, champion, judgements).length > 0;
  return hasNew || isOtherModel ? undefined : leftOut;
};

export const gatherFacts = async (
  run: Run,
  spec: ModelSpec,
  services: Pick<Services, 'registry' | 'objects'>,
): Promise<Facts> => {
  const { registry } = services;
  return {
    run,
    spec,
    sources: await runSources(spec, run.runId, registry),
    champion: await findChampion(spec, services),
    golden: await registry.latestGoldenSet(spec.name),
    // All of them: a batch whose judgement was not read would be judged once more, and again.
    judgements: await registry.listBatchJudgements(spec.name),
  };
};
