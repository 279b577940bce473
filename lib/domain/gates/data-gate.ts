import type { LaneJudgement } from '../drift/index.ts';
import { readable } from './gate-result.ts';
import { type GateRow, isAtMost } from './gate-row.ts';
import { limitRow } from './limit-row.ts';

/** What is known of the rows to train on; null where it is not known, which is no pass. */
export interface DataInput {
  /** The data-quality lane of these rows, as the drift monitor judges it. */
  readonly quality: LaneJudgement | null;
  readonly rows: number;
  readonly usualRows: number | null;
  /** Absent for values. `usualSd` is that of the usual windows' rates. */
  readonly labelRate?:
    | {
        readonly value: number | null;
        readonly rows: number;
        readonly usual: number | null;
        readonly usualSd: number | null;
      }
    | undefined;
  /** The drift score of every monitored column; null where the window was too short for one. */
  readonly driftScores: Readonly<Record<string, number | null>>;
}

/** From here a person decides about the data before anything is trained on them. */
export const quarantineScore = 5;
export const quarantineSubject = 'drift score';

/** The lane is in breach at 1 or more. */
const qualityRow = ({ quality }: DataInput): GateRow => {
  const score = quality !== null && Number.isFinite(quality.score) ? quality.score : null;
  const base = { gate: 'G0', subject: 'data quality', numbers: { value: score }, limit: 1 } as const;
  if (quality === null || score === null)
    return { ...base, verdict: 'unknown', because: 'the data quality is unknown' };
  return { ...base, verdict: score < 1 ? 'pass' : 'fail', because: quality.because };
};

const rowsRow = ({ rows, usualRows }: DataInput): GateRow => {
  const share = usualRows !== null && usualRows > 0 ? rows / usualRows : null;
  const base = { gate: 'G0', subject: 'rows', numbers: { rows, usualRows, share }, limit: 2 } as const;
  if (share === null) return { ...base, verdict: 'unknown', because: 'the usual number of rows is unknown' };
  const isUsual = isAtMost(0.5, share) && isAtMost(share, 2);
  const because = `${rows} rows are ${readable(share)} times the usual ${usualRows}, 0.5 to 2 times is asked`;
  return { ...base, verdict: isUsual ? 'pass' : 'fail', because };
};

/** |rate − usual| ≤ min(3σ, .05), σ = max(sd of the usual windows, √(usual·(1 − usual)/rows)): never below chance. */
const labelRow = (rate: NonNullable<DataInput['labelRate']>): GateRow => {
  const { value, usual, usualSd, rows } = rate;
  const isKnown = value !== null && usual !== null && usualSd !== null && rows > 0;
  const sigma = isKnown ? Math.max(usualSd, Math.sqrt((usual * (1 - usual)) / rows)) : null;
  return limitRow({
    gate: 'G0',
    subject: 'change of label rate',
    value: isKnown ? Math.abs(value - usual) : null,
    limit: Math.min(3 * (sigma ?? Number.NaN), 0.05),
    numbers: { rate: value, usual, sigma, rows },
  });
};

/** The largest score; a column without one makes the whole unknown, unless another is past the limit already. */
const driftRow = (scores: DataInput['driftScores']): GateRow => {
  const known = Object.entries(scores).filter((entry): entry is [string, number] =>
    Number.isFinite(entry[1]),
  );
  const [column, score] = known.reduce<[string, number | null]>(
    (worst, entry) => (worst[1] === null || entry[1] > worst[1] ? entry : worst),
    ['', null],
  );
  const numbers = { value: score, columns: Object.keys(scores).length, scored: known.length };
  const base = { gate: 'G0', subject: quarantineSubject, numbers, limit: quarantineScore } as const;
  if (score !== null && score >= quarantineScore) {
    const because = `${column} scores ${readable(score)}, less than ${quarantineScore} is asked: quarantined, a person decides`;
    return { ...base, verdict: 'fail', because };
  }
  if (score === null || known.length < numbers.columns)
    return {
      ...base,
      verdict: 'unknown',
      because: `${known.length} of ${numbers.columns} columns have a score`,
    };
  const because = `the largest score is ${readable(score)} (${column}), less than ${quarantineScore} is asked`;
  return { ...base, verdict: 'pass', because };
};

/** G0: data quality, number of rows, label rate, drift. */
export const dataGate = (input: DataInput): GateRow[] => {
  return [
    qualityRow(input),
    rowsRow(input),
    ...(input.labelRate === undefined ? [] : [labelRow(input.labelRate)]),
    driftRow(input.driftScores),
  ];
};
