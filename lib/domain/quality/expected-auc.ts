import type { Measure } from './known.ts';

/**
 * The area under the ROC curve to be expected when row i is positive with probability p_i: sort by raw score, cumulate p and
 * 1 − p, trapezoid. Groups g of equal score, from the highest down, with P_g = Σ p and N_g = Σ (1 − p):
 *
 *     AUROC = Σ_g N_g · (P_above + P_g / 2) / (P · N)
 *
 * It counts pairs as Mann and Whitney do, a tie half, each row being a little of both kinds. A row is paired with itself
 * too, which is worth about one part in n. Rows whose probability or score is not a number are left out.
 */
export const expectedAuc = (probability: Float64Array, score: Float64Array | Float32Array): Measure => {
  const at = (values: Float64Array | Float32Array, row: number) => values[row] as number;
  const order = Uint32Array.from(probability.keys())
    .filter((row) => !Number.isNaN(at(probability, row)) && !Number.isNaN(at(score, row)))
    .sort((a, b) => at(score, b) - at(score, a) || at(probability, a) - at(probability, b));
  if (order.length < 2) return { unknown: `${order.length} row(s) cannot be ranked` };
  let [positivesAbove, negativesAbove, pairs] = [0, 0, 0];
  for (let next = 0; next < order.length; ) {
    const level = at(score, order[next] as number);
    let [positives, negatives] = [0, 0];
    for (; next < order.length && at(score, order[next] as number) === level; next++) {
      const p = at(probability, order[next] as number);
      positives += p;
      negatives += 1 - p;
    }
    pairs += negatives * (positivesAbove + positives / 2);
    positivesAbove += positives;
    negativesAbove += negatives;
  }
  if (positivesAbove === 0) return { unknown: 'no positive row is expected' };
  if (negativesAbove === 0) return { unknown: 'no negative row is expected' };
  return pairs / (positivesAbove * negativesAbove);
};
