import type {
  BesideChampion,
  CountedBatch,
  NewBatch,
  PreparedDataset,
} from '../../lib/adapters/duckdb/prepare-dataset.ts';
import { type GateRow, judgeBatch, standingOf, type UsualRows } from '../../lib/domain/gates/index.ts';
import type { GoldenSet } from '../../lib/domain/golden/index.ts';
import type { ModelSpec } from '../../lib/domain/model-spec/index.ts';
import type { BatchJudgement, BatchKind } from '../../lib/domain/registry/index.ts';
import type { NewBatchJudgement } from '../../lib/registry/index.ts';
import { fromLabelsFolder, parseIncomingKey } from '../../lib/wire/object-keys.ts';
import type { RunSource } from '../run-sources.ts';
import { type Champion, usualLabels } from './champion.ts';

const kindOf = (sources: readonly Pick<RunSource, 'droppedAs'>[]): BatchKind =>
  sources.every(({ droppedAs }) => parseIncomingKey(droppedAs)?.path.startsWith(fromLabelsFolder))
    ? 'from-labels'
    : 'dropped';

const sourcesOf = (batchId: string, sources: readonly RunSource[]): readonly RunSource[] =>
  sources.filter((source) => source.batchId === batchId);

const idsOf = (sources: readonly RunSource[]): readonly string[] => [
  ...new Set(sources.map(({ batchId }) => batchId)),
];

const judgementOf = (batchId: string, judgements: readonly BatchJudgement[]): BatchJudgement | undefined =>
  judgements.find((judgement) => judgement.batchId === batchId);

/**
 * The batches with content that the champion was not made of. One is judged once: held to what was usual when it came, it
 * does not become unusual because the world has moved on since.
 */
export const newBatchesOf = (
  sources: readonly RunSource[],
  champion: Champion,
  judgements: readonly BatchJudgement[],
): readonly NewBatch[] => {
  const unseen = sources.filter(({ sha256 }) => !champion.seen.has(sha256));
  return idsOf(unseen).map((batchId) => ({
    batchId,
    sources: sourcesOf(batchId, unseen).map(({ sha256 }) => sha256),
    isToJudge: (judgementOf(batchId, judgements)?.state ?? 'unjudged') === 'unjudged',
  }));
};

export interface JudgeFacts {
  readonly spec: ModelSpec;
  readonly sources: readonly RunSource[];
  readonly champion: Champion;
  readonly golden: GoldenSet | undefined;
  readonly judgements: readonly BatchJudgement[];
}

/** The champion's raw features: what it predicts and the labels are no columns of raw data. */
const featuresOf = ({ baseline }: Champion) => baseline?.columns.filter(({ of }) => of === 'feature') ?? [];

/**
 * Batches that tell what is usual: those let in beside a champion. Before there are two of them, all that were taken in, at
 * least three: the first may be years at once, and among three it is not the median.
 */
const earlierOf = (kind: BatchKind, batchId: string, judgements: readonly BatchJudgement[]) => {
  const taken = judgements.filter(
    (one) => one.kind === kind && one.batchId !== batchId && one.state !== 'quarantined',
  );
  const letIn = taken.filter(({ state }) => state !== 'unjudged');
  const telling = letIn.length >= 2 || taken.length < 3 ? letIn : taken;
  return telling.map(({ rows, labels }) => ({ rows, ...(labels && { labels }) }));
};

const usualOf = (
  kind: BatchKind,
  batchId: string,
  { spec, champion, golden, judgements }: JudgeFacts,
): UsualRows => {
  const labels = usualLabels(champion, golden);
  const { baseline } = champion;
  return {
    ...(baseline && { baseline: { rows: baseline.rows, columns: featuresOf(champion) } }),
    ...(labels && { labels }),
    earlier: earlierOf(kind, batchId, judgements),
    minRows: spec.monitor.minRows,
  };
};

/** What G0 said of each batch judged now. */
export type Judged = Map<string, readonly GateRow[]>;

/** Has new batches counted and judged; what is said of each is put into `judged`. Only a failure holds a batch. */
export const besideChampion = (facts: JudgeFacts, judged: Judged): BesideChampion => {
  const { sources, champion, judgements } = facts;
  const judge = (batch: CountedBatch): boolean => {
    const { batchId } = batch;
    const rows = judgeBatch(batch, usualOf(kindOf(sourcesOf(batchId, sources)), batchId, facts));
    judged.set(batchId, rows);
    return standingOf(rows) === 'fail';
  };
  return {
    newBatches: newBatchesOf(sources, champion, judgements),
    columns: featuresOf(champion),
    hold: (batches) => batches.flatMap((batch) => (judge(batch) ? [batch.batchId] : [])),
  };
};

const addLabels = (all: PreparedDataset['sourceRows']): NewBatchJudgement['labels'] => {
  if (all.some(({ labels }) => labels === undefined)) return undefined;
  const labels: Record<string, number> = {};
  for (const one of all)
    for (const [name, count] of Object.entries(one.labels ?? {})) labels[name] = (labels[name] ?? 0) + count;
  return labels;
};

/** What is to be remembered of the batches of a prepared dataset that nobody has judged before. */
export const judgementsToKeep = (
  prepared: Pick<PreparedDataset, 'sourceRows' | 'held'>,
  {
    model,
    runId,
    version,
  }: { readonly model: string; readonly runId: string; readonly version: number | undefined },
  sources: readonly RunSource[],
  judged: Judged,
): readonly NewBatchJudgement[] =>
  idsOf(sources).map((batchId) => {
    const own = prepared.sourceRows.filter((_, place) => sources[place]?.batchId === batchId);
    const gate = judged.get(batchId);
    const labels = addLabels(own);
    const judgedState = prepared.held.includes(batchId) ? ('quarantined' as const) : ('passed' as const);
    return {
      model,
      batchId,
      kind: kindOf(sourcesOf(batchId, sources)),
      state: gate === undefined ? 'unjudged' : judgedState,
      rows: own.reduce((sum, { rows }) => sum + rows, 0),
      ...(labels && { labels }),
      gate: [...(gate ?? [])],
      ...(gate !== undefined && version !== undefined && { version }),
      runId,
    };
  });
