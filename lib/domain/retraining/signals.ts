import type { Batch, BatchJudgement, Run } from '../registry/index.ts';
import type { Signal } from './records.ts';

/** A transaction has 100 items at most; what else asks waits for the next run. */
export const maxAnswered = 90;

/**
 * New data comes first: a person dropped it, so that neither cool-down nor budget holds its run. Then a person's request,
 * then what was measured, and last what was estimated.
 */
const ranks: Readonly<Record<Signal['kind'], number>> = { 'new-data': 0, manual: 1, quality: 2, drift: 3 };

const inOrder = (signals: readonly Signal[]): readonly Signal[] =>
  signals.toSorted((a, b) => ranks[a.kind] - ranks[b.kind] || (a.at < b.at ? -1 : Number(a.at > b.at)));

export const isNewData = ({ kind }: Signal): boolean => kind === 'new-data';

/**
 * The signals that a run started now answers, the one it is named after first: all of them. A batch that is to have a run
 * without others has it once no other batch waits, before anything else that asks.
 */
export const answeredNow = (signals: readonly Signal[]): readonly Signal[] => {
  const ordered = inOrder(signals);
  const together = ordered.filter(({ isAlone }) => isAlone !== true);
  const alone = ordered.find(({ isAlone }) => isAlone === true);
  return alone !== undefined && !together.some(isNewData) ? [alone] : together.slice(0, maxAnswered);
};

/** The batches these signals are about, oldest first, where their ids sort by time. */
export const batchesAsked = (signals: readonly Signal[]): readonly string[] =>
  [...new Set(signals.flatMap(({ batchId }) => batchId ?? []))].toSorted();

/** Files of a batch have been dropped where a model serves. Twice for the same batch is one signal. */
export const newDataSignal = (
  { model, batchId }: Pick<Batch, 'model' | 'batchId'>,
  why: string,
  at: string,
): Signal => ({ model, signalId: `new-data-${batchId}`, kind: 'new-data', batchId, why, by: 'drop', at });

/**
 * Batches taken in together whose run was refused: one of them may be unfit, and the others not to blame. Each gets a run
 * of its own, those in quarantine excepted.
 */
export const raiseAlone = ({
  known,
  runs,
  judgements,
  at,
}: {
  readonly known: readonly Signal[];
  readonly runs: readonly Run[];
  readonly judgements: readonly Pick<BatchJudgement, 'batchId' | 'state'>[];
  readonly at: string;
}): readonly Signal[] => {
  const refused = new Map(
    runs.flatMap((run) =>
      run.status === 'refused' && (run.otherBatchIds ?? []).length > 0 ? [[run.runId, run]] : [],
    ),
  );
  const isHeld = (batchId: string): boolean =>
    judgements.some((judgement) => judgement.batchId === batchId && judgement.state === 'quarantined');
  return known.flatMap(({ model, signalId, kind, batchId, why, by, answeredBy }): readonly Signal[] =>
    batchId === undefined || !refused.has(answeredBy ?? '') || isHeld(batchId)
      ? []
      : [{ model, signalId: `${signalId}-alone`, kind, batchId, isAlone: true, why, by, at }],
  );
};
