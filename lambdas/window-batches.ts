import type { Batch, BatchJudgement, BatchState, Run } from '../lib/domain/registry/index.ts';
import { batchesOf, isOnlyFromLabels, isRetrain } from '../lib/domain/retraining/index.ts';
import type { Services } from './services.ts';

/** Batches of labelled predictions that lie between those of the window, one a window of the monitor: looked for at first. */
const fromLabelsFirst = 400;
/** And at most: those of two years of hours. */
const batchesAtMost = 20_000;

/** Of the newest batches those that `reached` takes, as many as it needs for so many that were dropped; newest first. */
const newestBatches = async (
  model: string,
  dropped: number,
  reached: (batches: readonly Batch[]) => readonly Batch[],
  registry: Services['registry'],
): Promise<readonly Batch[]> => {
  for (let limit = dropped + fromLabelsFirst; ; limit *= 4) {
    const batches = await registry.listBatches(model, { limit });
    const found = reached(batches);
    const isEnough = found.filter((batch) => !isOnlyFromLabels(batch)).length >= dropped;
    if (isEnough || batches.length < limit || limit > batchesAtMost) return found;
  }
};

/**
 * Batches without a run of their own that a retraining took in, or, where `keptUntil` says so, will: newest first. They
 * are looked for among twice as many as the window holds, for batches that were refused lie between them, and those of
 * labelled predictions.
 */
const keptBatches = async (
  model: string,
  runs: readonly Run[],
  window: { readonly batches: number; readonly keptUntil?: string },
  registry: Services['registry'],
): Promise<readonly string[]> => {
  const takenIn = runs.find((run) => isRetrain(run) && run.datasetVersion !== undefined)?.batchId;
  const { keptUntil } = window;
  if (takenIn === undefined && keptUntil === undefined) return [];
  const ofRuns = new Set(runs.flatMap(batchesOf));
  const reached = (batches: readonly Batch[]): readonly Batch[] => {
    if (keptUntil !== undefined) return batches.filter(({ closedAt }) => closedAt <= keptUntil);
    const from = batches.findIndex(({ batchId }) => batchId === takenIn);
    return batches.slice(from === -1 ? batches.length : from);
  };
  const batches = await newestBatches(model, 2 * window.batches + 1, reached, registry);
  return batches.flatMap(({ batchId }) => (ofRuns.has(batchId) ? [] : [batchId]));
};

/** The ids of the batches in this state. */
export const batchesIn = (state: BatchState, judgements: readonly BatchJudgement[]): ReadonlySet<string> =>
  new Set(judgements.flatMap((judgement) => (judgement.state === state ? [judgement.batchId] : [])));

/**
 * The newest batches that runs have accepted, oldest first: what the data window draws on. Batches whose data was
 * refused never join a later dataset; those in quarantine do once a person has accepted them. Batches of nothing but
 * labelled predictions take up no place: all since the oldest batch of the window are in it. So what is new is what labels
 * told since the last training and the batches kept since: at least 30 % of the rows trained on are older as long as the
 * new rows are no more than 3⅓ times the older ones, three tenths of the new being held out.
 */
export const windowBatches = async (
  model: string,
  window: {
    readonly batches: number;
    readonly notBatch?: string;
    /** @default - every batch takes up a place in the window */
    readonly counts?: (batch: Batch) => boolean;
    /** Also the batches that started no run, closed by this moment, that no retraining took in yet. @default - none */
    readonly keptUntil?: string;
    /** Also these, which waited for the run to begin. @default - none */
    readonly alsoBatches?: readonly string[];
    /** Also those a person has let out of quarantine, which no run may have taken in yet. @default true */
    readonly withAccepted?: boolean;
  },
  registry: Services['registry'],
): Promise<readonly Batch[]> => {
  const { counts = () => true, withAccepted = true, alsoBatches = [] } = window;
  const runs = await registry.listRuns(model, { limit: 1000 });
  const accepted = runs.flatMap((run) =>
    run.datasetVersion === undefined ? [] : batchesOf(run).toReversed(),
  );
  const kept = await keptBatches(model, runs, window, registry);
  const judgements = await registry.listBatchJudgements(model);
  const quarantined = batchesIn('quarantined', judgements);
  const added = [...kept, ...alsoBatches, ...(withAccepted ? batchesIn('accepted', judgements) : [])];
  // Ids of batches sort by time; without added ones the order of the runs stands.
  const order = added.length === 0 ? accepted : [...added, ...accepted].toSorted().reverse();
  const found: Batch[] = [];
  let places = 0;
  for (const batchId of new Set(order)) {
    if (places >= window.batches) break;
    const isLeftOut = batchId === window.notBatch || quarantined.has(batchId);
    const batch = isLeftOut ? undefined : await registry.findBatch(model, batchId);
    if (batch === undefined || !counts(batch)) continue;
    found.push(batch);
    places += isOnlyFromLabels(batch) ? 0 : 1;
  }
  return found.reverse();
};
