import { type ComparedRows, judgeWindow, type Profile, requiredRows } from '../drift/index.ts';
import { type DataInput, dataGate, quarantineScore } from './data-gate.ts';
import type { GateRow } from './gate-row.ts';

/** Rows by class. */
export type ClassCounts = Readonly<Record<string, number>>;

/** The good rows of one batch. */
export interface BatchRows {
  readonly rows: number;
  /** Absent where values are learned: there is no rate then. */
  readonly labels?: ClassCounts;
  /** In the bins of the champion's features; absent where they could not be counted. */
  readonly profile?: Profile;
}

/** What is usual of the batches of a model. */
export interface UsualRows {
  /** The champion's features as validation saw them; absent where it has no baseline. */
  readonly baseline?: ComparedRows;
  /** Shares of the classes, and of how many rows; absent where nothing tells. */
  readonly labels?: { readonly shares: ClassCounts; readonly rows: number };
  /** Earlier batches of the same kind that were let in, in any order. */
  readonly earlier: readonly Pick<BatchRows, 'rows' | 'labels'>[];
  readonly minRows: number;
}

/** Fewer say nothing of what is usual. */
const minEarlier = 2;

const medianOf = (values: readonly number[]): number | null => {
  if (values.length < minEarlier) return null;
  const sorted = values.toSorted((a, b) => a - b);
  const at = (place: number) => sorted[Math.floor(place)] as number;
  return (at((sorted.length - 1) / 2) + at(sorted.length / 2)) / 2;
};

const sdOf = (values: readonly number[]): number | null => {
  if (values.length < minEarlier) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1));
};

const shareOf = (labels: ClassCounts, name: string): number => {
  const rows = Object.values(labels).reduce((sum, count) => sum + count, 0);
  return rows === 0 ? 0 : (labels[name] ?? 0) / rows;
};

/** Of several classes the one whose share has changed most. */
const labelRateOf = ({ rows, labels }: BatchRows, usual: UsualRows): DataInput['labelRate'] => {
  if (labels === undefined) return undefined;
  if (usual.labels === undefined || rows === 0)
    return { value: null, rows, usual: null, usualRows: null, usualSd: null };
  const { shares, rows: usualRows } = usual.labels;
  const names = [...new Set([...Object.keys(shares), ...Object.keys(labels)])].toSorted();
  const changeOf = (name: string) => Math.abs(shareOf(labels, name) - (shares[name] ?? 0));
  const [first = ''] = names;
  const name = names.reduce((most, next) => (changeOf(next) > changeOf(most) ? next : most), first);
  const rates = usual.earlier.flatMap((batch) => (batch.labels ? [shareOf(batch.labels, name)] : []));
  return {
    value: shareOf(labels, name),
    rows,
    usual: shares[name] ?? 0,
    usualRows,
    usualSd: sdOf(rates),
  };
};

/** Scores of a batch too short for them are unknown, unless one is past the limit all the same. */
const comparedWith = (baseline: ComparedRows | undefined, batch: BatchRows, minRows: number) => {
  if (baseline === undefined || batch.profile === undefined || batch.rows === 0 || baseline.rows === 0)
    return { quality: null, driftScores: {} };
  const { dataQuality, columns } = judgeWindow(baseline, batch.profile);
  const isShort = batch.rows < requiredRows(baseline.rows, baseline.columns.length, minRows);
  const scores = columns.map(({ name, score }) => [name, isShort && score < quarantineScore ? null : score]);
  return { quality: dataQuality, driftScores: Object.fromEntries(scores) };
};

/** G0 of one batch: its rows against what the champion was validated on and what batches usually are. */
export const judgeBatch = (batch: BatchRows, usual: UsualRows): readonly GateRow[] => {
  const labelRate = labelRateOf(batch, usual);
  return dataGate({
    ...comparedWith(usual.baseline, batch, usual.minRows),
    rows: batch.rows,
    usualRows: medianOf(usual.earlier.map(({ rows }) => rows)),
    ...(labelRate && { labelRate }),
  });
};

/** The rows of a batch that a person has let in: what failed counts as passed, on their word. */
export const acceptedBy = (
  rows: readonly GateRow[],
  { by, why }: { readonly by: string; readonly why: string },
): readonly GateRow[] =>
  rows.map((row) =>
    row.verdict === 'fail' ? { ...row, verdict: 'pass', because: `accepted by ${by}: ${why}` } : row,
  );
