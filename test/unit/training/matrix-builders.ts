import type { Target } from '../../../lib/domain/dataset/index.ts';
import { seededRandom } from '../../../lib/domain/random/index.ts';
import type { BoostedTreesParams, TrainingMatrix } from '../../../lib/domain/training/index.ts';

/** A matrix from rows of numbers; null is a missing value. */
export const matrixOf = (rows: readonly (readonly (number | null)[])[]): TrainingMatrix => {
  const featureCount = rows[0]?.length ?? 0;
  return {
    rows: rows.length,
    featureCount,
    values: Float32Array.from(rows.flat(), (value) => value ?? Number.NaN),
    featureNames: Array.from({ length: featureCount }, (_, feature) => `f${feature}`),
  };
};

/** Class indices as a target; classes are named a, b, c. */
export const classesOf = (indices: readonly number[], count = 2): Target => ({
  kind: 'classes',
  classes: ['a', 'b', 'c', 'd'].slice(0, count),
  indices: Int32Array.from(indices),
});

export const valuesOf = (values: readonly number[]): Target => ({
  kind: 'values',
  values: Float64Array.from(values),
});

/** Parameters under which a handful of rows can be split and nothing is shrunk. */
export const plainTrees = (changes: Partial<BoostedTreesParams> = {}): BoostedTreesParams => ({
  rounds: 1,
  learningRate: 1,
  maxLeaves: 31,
  maxDepth: 8,
  minRowsPerLeaf: 1,
  l2: 0,
  maxBins: 255,
  earlyStoppingRounds: 20,
  rowShare: 1,
  columnShare: 1,
  ...changes,
});

/**
 * Rows with 5 features of which three matter, a tenth of one missing; the class or value depends on them with noise.
 * Made from a seed, so that every test sees the same ones.
 */
export const noisyRows = (rows: number, seed = 1, classes = 2) => {
  const random = seededRandom(seed);
  const cells: (number | null)[][] = [];
  const values: number[] = [];
  for (let row = 0; row < rows; row += 1) {
    const [a, b, c, d, e] = [random.next(), random.next(), random.next(), random.next(), random.next()];
    cells.push([a * 10, b < 0.1 ? null : b * 1e4, Math.floor(c * 7), d, e]);
    values.push(3 * a + (b < 0.1 ? 1 : 2 * b) + (c > 0.5 ? 1 : 0) + random.next());
  }
  const sorted = values.toSorted((one, other) => one - other);
  const cuts = Array.from(
    { length: classes - 1 },
    (_, cut) => sorted[Math.floor(((cut + 1) * rows) / classes)] ?? 0,
  );
  const indices = values.map((value) => cuts.filter((cut) => value >= cut).length);
  return { matrix: matrixOf(cells), classes: classesOf(indices, classes), values: valuesOf(values) };
};
