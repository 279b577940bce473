import { run as decideRetraining } from '../lambdas/decide-retraining/handler.ts';
import { freezeGoldenSet } from '../lambdas/freeze-golden-set.ts';
import { ChallengerVerdict } from '../lib/domain/gates/index.ts';
import type { Run } from '../lib/domain/registry/index.ts';
import { objectKeys } from '../lib/wire/object-keys.ts';
import { eventually } from './house.ts';
import { model, type World } from './world.ts';

/** What people do and look at, as the command line does it for them. */
export const desk = ({ house }: Pick<World, 'house'>) => {
  const { laptop } = house;
  const { registry } = laptop;

  const ended = (runId: string): Promise<Run> =>
    eventually(`run ${runId} to end`, async () => {
      const run = await registry.getRun(runId);
      return run.status === 'running' ? undefined : run;
    });

  const quarantined = async () =>
    (await registry.listBatchJudgements(model)).filter(({ state }) => state === 'quarantined');

  const verdictOf = async (version: number): Promise<ChallengerVerdict> => {
    const key = objectKeys.version(model, version, 'metrics.json');
    const metrics = JSON.parse(new TextDecoder().decode(await laptop.objects.get(key)));
    return ChallengerVerdict.parse(metrics.challenger);
  };

  return {
    registry,
    ended,
    champion: async (): Promise<number | undefined> => (await registry.getRoute(model)).champion,
    /** Runs of the controller and of people's requests, oldest first. */
    retrains: async (): Promise<readonly Run[]> =>
      (await registry.listRuns(model)).filter(({ runId }) => runId.startsWith('retrain-')).toReversed(),
    /** What the newest run asks, once it does; throws when it ends without a question. */
    question: () =>
      eventually('a run to ask', async () => {
        const [newest] = await registry.listRuns(model);
        if (newest !== undefined && newest.status !== 'running')
          throw new Error(`the run ended without a question: ${newest.status}, ${newest.outcome}`);
        const pending = await registry.listPendingApprovals({ model });
        return pending.find(({ runId }) => runId === newest?.runId);
      }),
    /** What waits for a person now. */
    pending: async () => (await registry.listPendingApprovals({ model }))[0],
    decide: async (
      approval: { readonly approvalId: string; readonly runId: string },
      decision: 'approved' | 'rejected',
      reason: string,
    ): Promise<Run> => {
      await laptop.decideApproval({ approvalId: approval.approvalId, decision, by: 'Ada', reason });
      return ended(approval.runId);
    },
    /** `millrace golden refresh early-flights --file … --why …` */
    refreshGoldenSet: (filePath: string, why: string) =>
      freezeGoldenSet({ model, action: 'refresh', filePath, by: 'Ada', why }, laptop),
    /** `millrace batches accept early-flights <batch> --why …` for every batch in quarantine. */
    acceptQuarantined: async (why: string): Promise<readonly string[]> => {
      const held = await quarantined();
      for (const { batchId } of held) await registry.acceptBatch({ model, batchId, by: 'Ada', why });
      return held.map(({ batchId }) => batchId);
    },
    quarantined,
    /** `millrace pause early-flights --why …` */
    pause: (reason: string) => registry.setPause({ model, isPaused: true, by: 'Ada', reason }),
    /** `millrace retrain early-flights --why …` */
    retrain: async (why: string) => {
      const { decisions } = await decideRetraining({ model, why, by: 'Bob' }, laptop);
      return decisions[0];
    },
    /** What the gates said of a version. */
    verdictOf,
    /** Why a run changed nothing: the gates that failed first, where a version came to be judged. */
    whyNot: async ({ modelVersion: version, outcome = '' }: Run): Promise<string> => {
      const rows = version === undefined ? [] : (await verdictOf(version)).rows;
      const failed = rows.filter(({ verdict }) => verdict === 'fail');
      return failed.length === 0
        ? outcome
        : failed.map(({ gate, because }) => `${gate}: ${because}`).join('; ');
    },
  };
};
export type Desk = ReturnType<typeof desk>;
