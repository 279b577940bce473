import { type Compared, goldenRows, recentRow, sanityRows } from '../../lib/domain/evaluation/index.ts';
import {
  type ChallengerGate,
  type ChallengerVerdict,
  type DataGateReport,
  type GateRow,
  judgeChallenger,
} from '../../lib/domain/gates/index.ts';
import { seededRandom } from '../../lib/domain/random/index.ts';
import { readDataGate } from '../data-gate.ts';
import { parityTolerance, type Replay } from '../golden-rows.ts';
import type { Services } from '../services.ts';
import type { OpenChampion } from './champion-answers.ts';
import type { EvaluationCase } from './load-case.ts';
import { measuredWithin, measureLatency } from './measure-latency.ts';
import { askBoth, goldenTable, recentTable, type Same } from './same-rows.ts';

interface Run {
  readonly model: string;
  readonly runId: string;
}
type Needs = Pick<Services, 'objects' | 'registry' | 'dataEngine' | 'signal'>;

const unknownRow = (gate: ChallengerGate, subject: string, because: string): GateRow => ({
  gate,
  subject,
  numbers: {},
  limit: null,
  verdict: 'unknown',
  because,
});

/** What was said of the new rows before they were trained on. */
const dataRows = (said: DataGateReport | undefined): readonly GateRow[] =>
  said?.rows ?? [unknownRow('G0', 'new rows', 'no new rows were judged before training')];

const budgets = async (
  { model, resolved, test, artifactBytes }: EvaluationCase,
  { maxDifference }: Replay,
) => {
  const { maxLatencyMs, maxSizeMb } = resolved.spec.gates;
  return {
    latencyMs: {
      value: await measuredWithin(maxLatencyMs, () => measureLatency(model, test.table)),
      budget: maxLatencyMs,
    },
    sizeBytes: { value: artifactBytes, budget: maxSizeMb * 1e6 },
    parity: { maxDifference, tolerance: parityTolerance },
  };
};

const isCompared = (same: Same<Compared>): same is Compared => !('because' in same);

/** G0 to G3 of a challenger against the champion, on rows that both are asked. */
export const challenge = async (
  run: Run,
  folder: string,
  subject: EvaluationCase,
  against: { readonly champion: OpenChampion; readonly replay: Replay },
  services: Needs,
): Promise<ChallengerVerdict> => {
  const { champion, replay } = against;
  const { task, trainer } = subject.resolved.spec;
  const said = await readDataGate(run, subject.datasetVersion, services);
  const golden = await goldenTable(run.model, folder, subject, said?.goldenRevision, services);
  const onGolden = await askBoth(golden, 'golden rows', subject, champion);
  services.signal?.throwIfAborted();
  const recent = await recentTable(run.model, folder, subject, services);
  const onRecent = await askBoth(recent, 'recent rows', subject, champion);
  services.signal?.throwIfAborted();
  return judgeChallenger([
    ...dataRows(said),
    ...(isCompared(onGolden) ? goldenRows(onGolden) : [unknownRow('G1', 'all rows', onGolden.because)]),
    isCompared(onRecent)
      ? recentRow(onRecent, seededRandom(trainer.seed))
      : unknownRow('G2', 'all rows', onRecent.because),
    ...sanityRows(isCompared(onRecent) ? onRecent : undefined, task, await budgets(subject, replay)),
  ]);
};
