import type { RandomStream } from '../../../lib/domain/random/index.ts';

/*
 * SEA (Street and Kim, KDD 2001; MOA's semantics): x1, x2, x3 ~ U(0, 10), class 1 iff x1 + x2 > θ, 10 % of labels turned.
 * The models are the rules that training would find: a threshold, or its inversion.
 */
export interface Row {
  readonly sum: number;
  readonly label: number;
}
export type Model = (row: Row) => number;

export const above =
  (theta: number): Model =>
  ({ sum }) =>
    sum > theta ? 1 : 0;
export const inverted =
  (theta: number): Model =>
  (row) =>
    1 - above(theta)(row);
export const turned = (rows: readonly Row[]) => rows.map(({ sum, label }) => ({ sum, label: 1 - label }));

export const sea = (random: RandomStream, theta: number, count: number): Row[] =>
  Array.from({ length: count }, () => {
    const [x1, x2] = [random.next() * 10, random.next() * 10];
    random.next(); // x3 decides nothing
    const truth = x1 + x2 > theta ? 1 : 0;
    return { sum: x1 + x2, label: random.next() < 0.1 ? 1 - truth : truth };
  });
