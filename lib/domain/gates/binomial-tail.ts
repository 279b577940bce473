/*
 * P(X ≥ k) for X ~ Bin(m, ½), without log-gamma's cancellation: Catherine Loader, "Fast and Accurate Computation of
 * Binomial Probabilities" (2000). With k = m/2·(1 + t),
 *
 *   D    = m/2·((1+t)·ln(1+t) + (1−t)·ln(1−t))            deviance from the middle
 *   δ(n) = ln n! − ((n+½)·ln n − n + ½·ln 2π)             what Stirling's formula misses
 *   P(X = k) = √(m / (2π·k·(m−k))) · exp(δ(m) − δ(k) − δ(m−k) − D)
 *
 * and the tail is summed outwards by P(X = i+1) = P(X = i)·(m−i)/(i+1), all terms positive.
 */

/** δ(n), n ≥ 1: by its definition up to 15, then by four terms of its series (error below 1e−13). */
const stirlingError = (n: number): number => {
  if (n > 15) return (1 / 12 - (1 / 360 - (1 / 1260 - 1 / (1680 * n * n)) / (n * n)) / (n * n)) / n;
  let logFactorial = 0;
  for (let i = 2; i <= n; i += 1) logFactorial += Math.log(i);
  return logFactorial - ((n + 0.5) * Math.log(n) - n + 0.5 * Math.log(2 * Math.PI));
};

/** P(X = k), m/2 ≤ k ≤ m. */
const pointProbability = (m: number, k: number): number => {
  if (k === m) return 0.5 ** m;
  const t = (2 * k - m) / m;
  const deviance = (m / 2) * ((1 + t) * Math.log1p(t) + (1 - t) * Math.log1p(-t));
  const error = stirlingError(m) - stirlingError(k) - stirlingError(m - k);
  return Math.sqrt(m / (2 * Math.PI * k * (m - k))) * Math.exp(error - deviance);
};

/** P(X ≥ k), k > m/2: the terms fall from the first on, so the sum stops where they no longer count. */
const upperHalf = (m: number, k: number): number => {
  let term = pointProbability(m, k);
  let sum = 0;
  for (let i = k; i <= m && term > sum * 1e-17; i += 1) {
    sum += term;
    term *= (m - i) / (i + 1);
  }
  return sum;
};

/** The chance of `atLeast` heads or more in `tosses` fair tosses; no tosses give 1. Exact to about 1e−10 up to 1e6. */
export const fairBinomialTail = (tosses: number, atLeast: number): number => {
  if (atLeast <= 0) return 1;
  if (atLeast > tosses) return 0;
  return atLeast > tosses / 2 ? upperHalf(tosses, atLeast) : 1 - upperHalf(tosses, tosses - atLeast + 1);
};
