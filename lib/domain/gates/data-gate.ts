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
  /**
   * Absent for values. `usualRows`: what the usual rate was counted on, without it it is taken for exact. `usualSd` is that
   * of the usual windows' rates.
   */
  readonly labelRate?:
    | {
        readonly value: number | null;
        readonly rows: number;
        readonly usual: number | null;
        readonly usualRows?: number | null;
        readonly usualSd: number | null;
      }
    | undefined;
  /** The drift score of every monitored column; null where the window was too short for one. */
  readonly driftScores: Readonly<Record<string, number | null>>;
}

/** From here a person decides about the data before anything is trained on them. */
export const quarantineScore = 5;
export const quarantineSubject = 'drift score';
/** Five points: a rate that changes by more is no usual week, however much weeks vary. */
const maxRateChange = 0.05;

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

/**
 * How far a rate may lie from the usual one, and from where on that is too far; between the two nobody can say.
 *
 *     c      √(u(1−u)(1/n + 1/m))     what chance alone does: u the usual rate of n rows, m rows now
 *     limit  max(3c, min(3s, .05))    s the sd of the usual windows' rates, never below c; unknown: .05 at most, 3c at least
 */
const rateLimits = (usual: number, usualRows: number | null, usualSd: number | null, rows: number) => {
  const chance = Math.sqrt(usual * (1 - usual) * ((usualRows ? 1 / usualRows : 0) + 1 / rows));
  const most = Math.max(3 * chance, maxRateChange);
  if (usualSd === null) return { chance, pass: 3 * chance, fail: most };
  const limit = Math.max(3 * chance, Math.min(3 * Math.max(usualSd, chance), maxRateChange));
  return { chance, pass: limit, fail: limit };
};

const labelRow = (rate: NonNullable<DataInput['labelRate']>): GateRow => {
  const { value, usual, usualRows = null, usualSd, rows } = rate;
  const subject = 'change of label rate';
  const base = { gate: 'G0', subject } as const;
  if (value === null || usual === null || rows === 0 || !Number.isFinite(value))
    return limitRow({ ...base, value: null, limit: maxRateChange, numbers: { rate: value, usual, rows } });
  const limits = rateLimits(usual, usualRows, usualSd, rows);
  const sigma = usualSd === null ? null : Math.max(usualSd, limits.chance);
  const change = Math.abs(value - usual);
  const numbers = { rate: value, usual, sigma, rows };
  if (isAtMost(change, limits.pass) || !isAtMost(change, limits.fail))
    return limitRow({ ...base, value: change, limit: limits.fail, numbers });
  return {
    ...base,
    numbers: { value: change, ...numbers },
    limit: limits.fail,
    verdict: 'unknown',
    because: `${subject} is ${readable(change)}, more than chance makes of it (${readable(limits.pass)}); how much it usually varies is unknown`,
  };
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
