/**
 * The next greater double. Model Monitor's buckets hold [lower, upper), our bins (lower, upper]: a bound moved by one
 * double says the same of every value, also of those that lie on it, as all whole numbers may.
 */
export const nextAbove = (value: number): number => {
  if (value === 0) return Number.MIN_VALUE;
  if (value === Number.MAX_VALUE) return value;
  const doubles = Float64Array.of(value);
  const bits = new BigInt64Array(doubles.buffer);
  bits[0] = (bits[0] as bigint) + (value > 0 ? 1n : -1n);
  return doubles[0] as number;
};

/** The next smaller double. */
export const nextBelow = (value: number): number => -nextAbove(-value);
