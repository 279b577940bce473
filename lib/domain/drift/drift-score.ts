/**
 * One calibrated statistic for every column, whatever its kind and however many rows there are.
 *
 *     a, b   counts in the same bins: baseline, window        n, m   their totals
 *     p, q   a/n, b/m                                         h      1/n + 1/m
 *     r      (a + b) / (n + m)                                d      columns watched together
 *
 *     TV    = ½ Σ|p − q|                share of the traffic that moved
 *     E0    = ½ √(2/π) Σ √(r(1−r)h)     what no drift would show: E|X| of a normal variable is √(2/π) σ
 *     N     = √(h · ln(d/α) / 2)        noise bound: McDiarmid's inequality, the union over d columns
 *     score = (TV − E0) / max(τ, N)     drift at 1, major at 2, quarantine at 5
 *
 * A p-value screams on large windows, an effect size without a noise term on small ones; this does neither.
 */

/** α: how often one of the d columns may pass N in a window without any drift. */
export const noiseLevel = 0.01;
/** τ: the share of the traffic that must move before it matters to anybody. */
export const tolerance = 0.1;

export interface ColumnDrift {
  readonly score: number;
  /** TV, 0 to 1. */
  readonly movedShare: number;
  /** E0, the part of it that chance alone would show. */
  readonly expectedShare: number;
  /** N. */
  readonly noiseBound: number;
  /** Population stability index with half a row added to each bin, for people used to it. Decides nothing. */
  readonly psi: number;
  /** Largest distance of the cumulative shares, in the order of the bins: means something for numbers only. */
  readonly ks: number;
  /** Jensen–Shannon distance in bits, 0 to 1. Decides nothing. */
  readonly js: number;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** x·log₂(x/y), which is 0 where x is: an empty bin has nothing to tell. */
const bitsOf = (x: number, y: number): number => (x === 0 ? 0 : x * Math.log2(x / y));

/** What people used to other measures ask for, bin by bin. */
interface KnownMeasures {
  readonly psi: number;
  readonly ks: number;
  readonly js: number;
}

/**
 *     PSI   Σ (p' − q') ln(p'/q'), p' and q' smoothed by half a row
 *     KS    max |Σ_{i ≤ k} (p − q)|
 *     JS    √(½ Σ p log₂(p/µ) + ½ Σ q log₂(q/µ)), µ = (p + q)/2
 *
 * The last is the root of Lin's divergence (1991), a metric; as SciPy's `jensenshannon` with base 2.
 */
const knownMeasures = (a: readonly number[], b: readonly number[], n: number, m: number): KnownMeasures => {
  const half = 0.5 * a.length;
  let [psi, gap, ks, bits] = [0, 0, 0, 0];
  for (let place = 0; place < a.length; place += 1) {
    const [before, now] = [a[place] as number, b[place] as number];
    const [smoothP, smoothQ] = [(before + 0.5) / (n + half), (now + 0.5) / (m + half)];
    psi += (smoothP - smoothQ) * Math.log(smoothP / smoothQ);
    const [p, q] = [before / n, now / m];
    gap += p - q;
    ks = Math.max(ks, Math.abs(gap));
    const middle = (p + q) / 2;
    bits += (bitsOf(p, middle) + bitsOf(q, middle)) / 2;
  }
  // Rounding may leave equal shares a hair below none.
  return { psi, ks, js: Math.sqrt(Math.min(1, Math.max(0, bits))) };
};

/**
 * How far a window has moved from the baseline. `undefined` when either has no rows: unknown is not fine, and not drift.
 * One pass without a list: a simulation judges tens of thousands of columns.
 */
export const columnDrift = (
  baseline: readonly number[],
  window: readonly number[],
  columns: number,
): ColumnDrift | undefined => {
  const n = sum(baseline);
  const m = sum(window);
  if (n === 0 || m === 0) return undefined;
  const h = 1 / n + 1 / m;
  let [moved, spread] = [0, 0];
  for (let place = 0; place < baseline.length; place += 1) {
    const [before, now] = [baseline[place] as number, window[place] as number];
    moved += Math.abs(before / n - now / m);
    const r = (before + now) / (n + m);
    spread += Math.sqrt(r * (1 - r) * h);
  }
  const movedShare = 0.5 * moved;
  const expectedShare = 0.5 * Math.sqrt(2 / Math.PI) * spread;
  const noiseBound = Math.sqrt((h * Math.log(columns / noiseLevel)) / 2);
  const score = (movedShare - expectedShare) / Math.max(tolerance, noiseBound);
  return { score, movedShare, expectedShare, noiseBound, ...knownMeasures(baseline, window, n, m) };
};

/**
 * Rows a window needs so that the noise bound is no more than the tolerance: m ≥ 1 / (2τ²/ln(d/α) − 1/n), and never
 * fewer than `minRows`. Near a small baseline the formula grows without bound; there the score widens by N itself, and
 * four times `minRows` is as long as anybody waits.
 */
export const requiredRows = (baselineRows: number, columns: number, minRows: number): number => {
  const room = (2 * tolerance ** 2) / Math.log(columns / noiseLevel) - 1 / baselineRows;
  const needed = room > 0 ? Math.ceil(1 / room) : 0;
  return Math.max(minRows, Math.min(needed, 4 * minRows));
};
