import { fromLabelsFolder, parseIncomingKey } from '../../wire/object-keys.ts';
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

/**
 * What the runs and batches of a model, both newest first, mean for the next decision. `rowsOfFile`: of the files whose
 * rows are known before anybody reads them, which are those of labelled predictions.
 */
export const readHistory = (
  runs: readonly Run[],
  batches: readonly Batch[],
  rowsOfFile: ReadonlyMap<string, number> = new Map(),
): History => {
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
  const unseen = withRows.filter(({ closedAt }) => closedAt > trainedAt);
  const newRows = rowsIn(unseen, rowsOfFile);
  return {
    retrainStarts: runs.filter(isRetrain).map(({ startedAt }) => startedAt),
    rejections: { count, ...(count > 0 && lastAt !== undefined && { lastAt }) },
    ...(inFlight && { runInFlight: inFlight.runId }),
    hasData: withRows.length > 0,
    newBatches: unseen.length,
    ...(newRows !== undefined && { newRows }),
  };
};
