import type { Batch, Run } from '../registry/index.ts';
import type { RetrainingState } from './decide.ts';
import { signalKinds } from './records.ts';

/** Runs this controller decided on. */
export const isRetrain = ({ trigger }: Run): boolean => signalKinds.some((kind) => kind === trigger.kind);

/** Runs whose data a model was made of, or refused: made of the same again, the same comes out. */
const settled: readonly Run['status'][] = ['succeeded', 'rejected', 'refused'];

const isData = ({ key, sha256 }: Batch['arrivals'][number]): boolean =>
  sha256 !== undefined && !/(^|[/.])_SUCCESS$|\.onnx$|(^|\/)signature\.json$/.test(key);

/** Batches with rows in them. */
export const hasRows = (batch: Batch): boolean => batch.arrivals.some(isData);

type History = Pick<
  RetrainingState,
  'retrainStarts' | 'rejections' | 'runInFlight' | 'hasData' | 'newBatches'
>;

/** What the runs and batches of a model, both newest first, mean for the next decision. */
export const readHistory = (runs: readonly Run[], batches: readonly Batch[]): History => {
  const inFlight = runs.find(({ status }) => status === 'running');
  // Runs may overlap: what counts is when they ended.
  const judged = runs
    .filter(({ status }) => status === 'succeeded' || status === 'rejected')
    .toSorted((a, b) => ((a.finishedAt ?? '') > (b.finishedAt ?? '') ? -1 : 1));
  const streak = judged.findIndex(({ status }) => status === 'succeeded');
  const count = streak === -1 ? judged.length : streak;
  const lastAt = judged[0]?.finishedAt;
  const trainedAt = runs.find(({ status }) => settled.includes(status))?.startedAt ?? '';
  const withRows = batches.filter(hasRows);
  return {
    retrainStarts: runs.filter(isRetrain).map(({ startedAt }) => startedAt),
    rejections: { count, ...(count > 0 && lastAt !== undefined && { lastAt }) },
    ...(inFlight && { runInFlight: inFlight.runId }),
    hasData: withRows.length > 0,
    newBatches: withRows.filter(({ closedAt }) => closedAt > trainedAt).length,
  };
};
