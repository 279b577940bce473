import { fromLabelsFolder, parseIncomingKey } from '../../wire/object-keys.ts';
import type { Batch, BatchJudgement, Run } from '../registry/index.ts';
import type { RetrainingState } from './decide.ts';
import { isPast } from './is-past.ts';

const retrainKinds: readonly Run['trigger']['kind'][] = ['drift', 'quality', 'manual'];

/** Runs that nobody's new data asked for: held back by restraint, and of every batch that was kept. */
export const isRetrain = ({ trigger }: Pick<Run, 'trigger'>): boolean => retrainKinds.includes(trigger.kind);

/** The batches a run was started for. */
export const batchesOf = ({
  batchId,
  otherBatchIds = [],
}: Pick<Run, 'batchId' | 'otherBatchIds'>): readonly string[] =>
  batchId === undefined ? otherBatchIds : [...otherBatchIds, batchId];

/** Runs whose data a model was made of, or refused: made of the same again, the same comes out. */
const settled: readonly Run['status'][] = ['succeeded', 'rejected', 'refused'];

const isData = ({ key, sha256 }: Batch['arrivals'][number]): boolean =>
  sha256 !== undefined && !/(^|[/.])_SUCCESS$|\.onnx$|(^|\/)signature\.json$/.test(key);

/** Batches with rows in them. */
export const hasRows = (batch: Batch): boolean => batch.arrivals.some(isData);

const isFromLabels = ({ key }: { readonly key: string }): boolean =>
  parseIncomingKey(key)?.path.startsWith(fromLabelsFolder) ?? false;

const isMark = ({ key }: { readonly key: string }): boolean => /(^|[/.])_SUCCESS$/.test(key);

/** Batches of nothing but labelled predictions: they join a retraining, start none and take up no place in its window. */
export const isOnlyFromLabels = (batch: {
  readonly arrivals: readonly { readonly key: string }[];
}): boolean => {
  const files = batch.arrivals.filter((file) => !isMark(file));
  return files.length > 0 && files.every(isFromLabels);
};

/** The rows of batches, where each file of theirs is known by its key; `undefined` where one is not. */
const rowsIn = (batches: readonly Batch[], rowsOfFile: ReadonlyMap<string, number>): number | undefined => {
  const rows = batches.flatMap(({ arrivals }) =>
    arrivals.filter(isData).map(({ key }) => rowsOfFile.get(key)),
  );
  return rows.every((count) => count !== undefined) ? rows.reduce((sum, count) => sum + count, 0) : undefined;
};

type History = Pick<
  RetrainingState,
  'retrainStarts' | 'rejections' | 'runInFlight' | 'hasData' | 'newBatches' | 'newRows'
>;

export interface HistoryFacts {
  /** Newest first. */
  readonly runs: readonly Run[];
  /** Newest first. */
  readonly batches: readonly Batch[];
  readonly judgements?: readonly Pick<BatchJudgement, 'batchId' | 'state' | 'acceptance'>[];
  /** Of the files whose rows are known before anybody reads them, which are those of labelled predictions. */
  readonly rowsOfFile?: ReadonlyMap<string, number>;
  readonly nowMs: number;
}

/**
 * The batches with rows that no trained model has seen: those since a model was last trained, those kept while new data
 * alone was trained on, and those let out of quarantine since. What is in quarantine is in no run.
 */
const unseenOf = ({ runs, batches, judgements = [] }: HistoryFacts): readonly Batch[] => {
  const done = runs.filter(({ status }) => settled.includes(status));
  const trainedAt = done[0]?.startedAt ?? '';
  const keptTakenAt = done.find(isRetrain)?.startedAt ?? '';
  const ofRuns = new Set(runs.flatMap(batchesOf));
  const judgementOf = new Map(judgements.map((judgement) => [judgement.batchId, judgement]));
  return batches.filter(hasRows).filter(({ batchId, closedAt }) => {
    const { state, acceptance } = judgementOf.get(batchId) ?? {};
    if (state === 'quarantined') return false;
    const isKept = !ofRuns.has(batchId) && closedAt > keptTakenAt;
    return closedAt > trainedAt || isKept || (acceptance !== undefined && acceptance.at > trainedAt);
  });
};

/** What the runs and batches of a model mean for the next decision. */
export const readHistory = (facts: HistoryFacts): History => {
  const { batches, nowMs, rowsOfFile = new Map() } = facts;
  const inFlight = facts.runs.find(({ status }) => status === 'running');
  const runs = facts.runs.filter(
    ({ startedAt, finishedAt }) => isPast(startedAt, nowMs) && isPast(finishedAt, nowMs),
  );
  // Runs may overlap: what counts is when they ended.
  const judged = runs
    .filter(({ status }) => status === 'succeeded' || status === 'rejected')
    .toSorted((a, b) => ((a.finishedAt ?? '') > (b.finishedAt ?? '') ? -1 : 1));
  const streak = judged.findIndex(({ status }) => status === 'succeeded');
  const count = streak === -1 ? judged.length : streak;
  const lastAt = judged[0]?.finishedAt;
  const unseen = unseenOf({ ...facts, runs });
  const newRows = rowsIn(unseen, rowsOfFile);
  return {
    retrainStarts: runs.filter(isRetrain).map(({ startedAt }) => startedAt),
    rejections: { count, ...(count > 0 && lastAt !== undefined && { lastAt }) },
    ...(inFlight && { runInFlight: inFlight.runId }),
    hasData: batches.some(hasRows),
    newBatches: unseen.length,
    ...(newRows !== undefined && { newRows }),
  };
};
