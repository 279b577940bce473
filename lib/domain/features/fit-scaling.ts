import type { Scaling } from './fitted-features.ts';

/**
 * Learns how a column of numbers is filled and standardised. Not finite is missing.
 * Two passes in float64: the sum of squares around a known mean does not cancel for large means, such as years.
 */
export const fitScaling = (values: Float64Array): Scaling => {
  const present = values.filter(Number.isFinite);
  const fill = median(present);
  const missing = values.length - present.length;
  const rows = Math.max(values.length, 1);
  const mean = (sum(present) + missing * fill) / rows;
  const squares = sum(present.map((x) => (x - mean) ** 2)) + missing * (fill - mean) ** 2;
  const deviation = Math.sqrt(squares / rows);
  const isConstant = !(deviation > Number.EPSILON * Math.abs(mean));
  return { fill, hasIndicator: missing > 0, mean, scale: isConstant ? 1 : deviation };
};

/** 0 for no values at all. */
const median = (values: Float64Array): number => {
  if (values.length === 0) return 0;
  const sorted = values.toSorted();
  const middle = sorted.length >> 1;
  const upper = sorted[middle] as number;
  return sorted.length % 2 === 1 ? upper : (sorted[middle - 1] as number) / 2 + upper / 2;
};

const sum = (values: Float64Array): number => values.reduce((total, x) => total + x, 0);
