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

/** Σ (p' − q') ln(p'/q') with p' and q' smoothed by half a row. */
const psiOf = (a: readonly number[], b: readonly number[], n: number, m: number): number => {
  const bins = a.length;
  return sum(
    a.map((count, place) => {
      const p = (count + 0.5) / (n + 0.5 * bins);
      const q = ((b[place] as number) + 0.5) / (m + 0.5 * bins);
      return (p - q) * Math.log(p / q);
    }),
  );
};

const ksOf = (p: readonly number[], q: readonly number[]): number => {
  let gap = 0;
  let largest = 0;
  for (let place = 0; place < p.length; place += 1) {
    gap += (p[place] as number) - (q[place] as number);
    largest = Math.max(largest, Math.abs(gap));
  }
  return largest;
};

/** x·log₂(x/y), which is 0 where x is: an empty bin has nothing to tell. */
const bitsOf = (x: number, y: number): number => (x === 0 ? 0 : x * Math.log2(x / y));

/**
 * √(½ Σ p log₂(p/µ) + ½ Σ q log₂(q/µ)), µ = (p + q)/2: Lin, "Divergence measures based on the Shannon entropy" (1991), and
 * its root, which is a metric. As SciPy's `jensenshannon` with base 2.
 */
const jsOf = (p: readonly number[], q: readonly number[]): number => {
  const bits = p.map((share, place) => {
    const other = q[place] as number;
    const middle = (share + other) / 2;
    return (bitsOf(share, middle) + bitsOf(other, middle)) / 2;
  });
  // Rounding may leave equal shares a hair below none.
  return Math.sqrt(Math.min(1, Math.max(0, sum(bits))));
};

/**
 * How far a window has moved from the baseline. `undefined` when either has no rows: unknown is not fine, and not drift.
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
  const p = baseline.map((count) => count / n);
  const q = window.map((count) => count / m);
  const movedShare = 0.5 * sum(p.map((share, place) => Math.abs(share - (q[place] as number))));
  const spread = baseline.map((count, place) => {
    const r = (count + (window[place] as number)) / (n + m);
    return Math.sqrt(r * (1 - r) * h);
  });
  const expectedShare = 0.5 * Math.sqrt(2 / Math.PI) * sum(spread);
  const noiseBound = Math.sqrt((h * Math.log(columns / noiseLevel)) / 2);
  const score = (movedShare - expectedShare) / Math.max(tolerance, noiseBound);
  const psi = psiOf(baseline, window, n, m);
  return { score, movedShare, expectedShare, noiseBound, psi, ks: ksOf(p, q), js: jsOf(p, q) };
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
