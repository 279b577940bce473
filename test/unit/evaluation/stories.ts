import fc from 'fast-check';

/** Rows of both kinds with probabilities that often tie. */
export const rankedRows = fc
  .array(fc.record({ positive: fc.boolean(), probability: fc.integer({ min: 0, max: 20 }) }), {
    minLength: 2,
    maxLength: 60,
  })
  .map((rows) => [{ positive: true, probability: 7 }, { positive: false, probability: 12 }, ...rows])
  .map((rows) => ({
    isPositive: Uint8Array.from(rows, ({ positive }) => (positive ? 1 : 0)),
    probability: Float64Array.from(rows, ({ probability }) => probability / 20),
    threshold: 0.5,
  }));
