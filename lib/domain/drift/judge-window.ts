import type { BaselineColumn, ComparedRows } from './baseline-column.ts';
import { columnDrift, noiseLevel } from './drift-score.ts';
import { type ColumnCounts, missingOf, type Profile } from './profile.ts';

/** One number a lane, where 1 is its limit, and what it was measured on. */
export interface LaneJudgement {
  readonly score: number;
  readonly because: string;
}

/** How one column has moved since the baseline. */
export interface ColumnMovement {
  readonly name: string;
  readonly of: BaselineColumn['of'];
  readonly score: number;
  readonly movedShare: number;
  readonly psi: number;
  /** Numbers only: the bins of a category have no order. */
  readonly ks?: number;
  readonly js: number;
  readonly missingShare: number;
  readonly missingShareBefore: number;
  /** Of the values that are there: beyond the baseline's range, or none of its values. */
  readonly outsideShare: number;
}

export interface JudgedWindow {
  readonly dataQuality: LaneJudgement;
  /** The larger of the next two. Absent when no column could be compared: that is unknown, not well. */
  readonly drift?: LaneJudgement;
  /** Of the features, and of what was predicted: as measured, whatever the lane is widened by. */
  readonly featureDrift?: LaneJudgement;
  readonly predictionDrift?: LaneJudgement;
  /** Share of the columns that score 1 or more. */
  readonly driftedShare?: number;
  /** Σ importance · max(0, score) over the features; absent where the baseline holds no importance. */
  readonly weightedDrift?: number;
  /** Largest score first. */
  readonly columns: readonly ColumnMovement[];
}

/** Limits of the data-quality lane, before what chance may do to them. */
export const maxOutsideShare = 0.01;
export const maxMissingChange = 0.05;

/** Rows of the baseline and of the window, and the columns watched together. */
interface Sizes {
  readonly n: number;
  readonly m: number;
  readonly columns: number;
}

const shareOf = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);

const presentIn = (counts: ColumnCounts, rows: number): number => rows - missingOf(counts);

/**
 * How much of a window may lie outside of what a baseline saw, though nothing has changed, n and m being the values that are
 * there: of a column that is mostly missing they are few.
 *
 *     L   ln(d/α)                                 d columns watched together
 *     t   L + ln(1 + L + ln(1 + L))               solves (1 + t)e^(−t) = α/d to two digits
 *     f   values the baseline had once            Good and Turing: f/n is what it did not see, give or take √f/n
 *     u   (t + f + √(2Lf)) / n                    both ends of a range, or rare categories, that it never saw
 *     limit = u + max(0.01, √(2uL/m) + L/3m)      and what m values make of that by chance: Bernstein's inequality
 */
const outsideLimit = ({ bins }: BaselineColumn, { n, m, columns }: Sizes): number => {
  if (n === 0) return Infinity;
  const depth = Math.log(columns / noiseLevel);
  const tail = depth + Math.log(1 + depth + Math.log(1 + depth));
  const once = bins.kind === 'category' ? bins.singletons : 0;
  const unseen = (tail + once + Math.sqrt(2 * depth * once)) / n;
  return unseen + Math.max(maxOutsideShare, Math.sqrt((2 * unseen * depth) / m) + depth / (3 * m));
};

/** By how much two shares of the same world may differ, by Bernstein's inequality for all d columns at once. */
const shareNoise = (a: number, n: number, b: number, m: number, columns: number): number => {
  const h = 1 / n + 1 / m;
  const r = (a + b) / (n + m);
  const depth = Math.log((2 * columns) / noiseLevel);
  return Math.sqrt(2 * r * (1 - r) * h * depth) + (h * depth) / 3;
};

/** A lane that would ring too often by chance is divided by what keeps its promise, and says so. */
export const widened = (judgement: LaneJudgement, by: number): LaneJudgement =>
  by === 1
    ? judgement
    : {
        score: judgement.score / by,
        because: `${judgement.because}; widened ${by} times to keep its promise`,
      };

/** So few values allow for any share. */
const percent = (share: number): string => `${(100 * Math.min(1, share)).toFixed(1)} %`;

interface Finding extends LaneJudgement {
  readonly column: string;
}

/** Values of the wrong kind are no chance: that finding is never widened. */
const qualityFindings = (
  column: BaselineColumn,
  counts: ColumnCounts,
  sizes: Sizes,
  by: number,
): readonly Finding[] => {
  const { n, m, columns } = sizes;
  const wrong = counts.wrong === 0 ? 0 : 1 + shareOf(counts.wrong, m);
  const there = { n: presentIn(column.counts, n), m: presentIn(counts, m), columns };
  const outside = shareOf(counts.outside, there.m);
  const limit = outsideLimit(column, there);
  const [before, now] = [missingOf(column.counts), missingOf(counts)];
  const change = Math.abs(shareOf(now, m) - shareOf(before, n));
  const changeLimit = Math.max(maxMissingChange, shareNoise(before, n, now, m, columns));
  const { name } = column;
  return [
    { column: name, score: wrong, because: `${counts.wrong} value(s) of "${name}" are of the wrong kind` },
    {
      column: name,
      ...widened(
        {
          score: outside / limit,
          because: `${percent(outside)} of the values of "${name}" lie outside of what validation saw, allowed ${percent(limit)}`,
        },
        by,
      ),
    },
    {
      column: name,
      ...widened(
        {
          score: change / changeLimit,
          because: `the missing share of "${name}" went from ${percent(shareOf(before, n))} to ${percent(shareOf(now, m))}, allowed a change of ${percent(changeLimit)}`,
        },
        by,
      ),
    },
  ];
};

/** The finding furthest towards its limit; the first of equals. */
const worstOf = (findings: readonly LaneJudgement[], otherwise: string): LaneJudgement =>
  findings.reduce((worst, next) => (next.score > worst.score ? next : worst), {
    score: 0,
    because: otherwise,
  });

const movementOf = (
  column: BaselineColumn,
  counts: ColumnCounts,
  columns: number,
): ColumnMovement | undefined => {
  const drift = columnDrift(column.counts.counts, counts.counts, columns);
  if (drift === undefined) return undefined;
  const total = (of: ColumnCounts) => of.counts.reduce((sum, count) => sum + count, 0);
  const present = total(counts) - missingOf(counts);
  return {
    name: column.name,
    of: column.of,
    score: drift.score,
    movedShare: drift.movedShare,
    psi: drift.psi,
    js: drift.js,
    ...(column.bins.kind === 'number' && { ks: drift.ks }),
    missingShare: shareOf(missingOf(counts), total(counts)),
    missingShareBefore: shareOf(missingOf(column.counts), total(column.counts)),
    outsideShare: shareOf(counts.outside, present),
  };
};

/** The largest mover of some columns, which are sorted; `undefined` without any. */
const largestOf = (moved: readonly ColumnMovement[]): LaneJudgement | undefined => {
  const [first] = moved;
  return (
    first && {
      score: first.score,
      because: `${percent(first.movedShare)} of the traffic moved in "${first.name}"`,
    }
  );
};

const driftOf = (
  moved: readonly ColumnMovement[],
  { importance, widening }: ComparedRows,
): Omit<JudgedWindow, 'dataQuality' | 'columns'> => {
  const largest = largestOf(moved);
  if (largest === undefined) return {};
  const featureDrift = largestOf(moved.filter(({ of }) => of === 'feature'));
  const predictionDrift = largestOf(moved.filter(({ of }) => of === 'prediction'));
  const weigh = (sum: number, { name, score }: ColumnMovement) =>
    sum + (importance?.[name] ?? 0) * Math.max(0, score);
  return {
    drift: widened(largest, widening?.drift ?? 1),
    ...(featureDrift && { featureDrift }),
    ...(predictionDrift && { predictionDrift }),
    driftedShare: moved.filter(({ score }) => score >= 1).length / moved.length,
    ...(importance && { weightedDrift: moved.filter(({ of }) => of === 'feature').reduce(weigh, 0) }),
  };
};

/**
 * Compares a window with the baseline of the version that answered it, or with the rows of its weekday. Both need rows;
 * whether they are enough is the caller's to ask (`requiredRows`).
 */
export const judgeWindow = (baseline: ComparedRows, window: Profile): JudgedWindow => {
  const columns = baseline.columns.length;
  const pairs = baseline.columns.flatMap((column, index) => {
    const counts = window.columns[index];
    return counts === undefined ? [] : [{ column, counts }];
  });
  const sizes = { n: baseline.rows, m: window.rows, columns };
  const moved = pairs
    .flatMap(({ column, counts }) => movementOf(column, counts, columns) ?? [])
    .toSorted((a, b) => b.score - a.score);
  const by = baseline.widening?.dataQuality ?? 1;
  const findings = pairs
    .filter(({ column }) => column.of === 'feature')
    .flatMap(({ column, counts }) => qualityFindings(column, counts, sizes, by));
  return {
    dataQuality: worstOf(findings, 'every value is of its kind and none is missing'),
    ...driftOf(moved, baseline),
    columns: moved,
  };
};
