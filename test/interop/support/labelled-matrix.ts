import type { Target } from '../../../lib/domain/dataset/index.ts';
import type { TrainingMatrix } from '../../../lib/domain/training/index.ts';
import type { Draws } from './random-data.ts';

export interface LabelledMatrix {
  readonly matrix: TrainingMatrix;
  readonly target: Target;
}

/** Normal features, each correlated with the one before; the f-th is `scale` to the power f / features as wide. */
export const randomMatrix = (
  random: Draws,
  {
    rows,
    features,
    scale = 1,
  }: { readonly rows: number; readonly features: number; readonly scale?: number },
): TrainingMatrix => {
  const values = new Float32Array(rows * features);
  for (let row = 0; row < rows; row += 1)
    for (let feature = 0, before = 0; feature < features; feature += 1) {
      before = 0.4 * before + random.normal();
      values[row * features + feature] = before * scale ** (feature / features);
    }
  const featureNames = Array.from({ length: features }, (_, feature) => `feature ${feature}`);
  return { rows, featureCount: features, values, featureNames };
};

/** Σ over features of weight × feature, for each row. */
const weighted = ({ rows, featureCount, values }: TrainingMatrix, random: Draws): Float64Array => {
  const weights = Float64Array.from({ length: featureCount }, () => random.normal());
  return Float64Array.from({ length: rows }, (_, row) =>
    weights.reduce((sum, weight, feature) => sum + weight * (values[row * featureCount + feature] ?? 0), 0),
  );
};

/** Classes drawn by the softmax of random weights (as the largest score plus Gumbel noise); `bias` favours the first. */
export const classTarget = (
  matrix: TrainingMatrix,
  random: Draws,
  { classes, bias = 0 }: { readonly classes: number; readonly bias?: number },
): Target => {
  const scores = Array.from({ length: classes }, () => weighted(matrix, random));
  const indices = Int32Array.from({ length: matrix.rows }, (_, row) => {
    const noisy = scores.map((column, index) => {
      const score = (column[row] ?? 0) / 2 + (index === 0 ? bias : 0);
      return score - Math.log(-Math.log(1 - random.next()));
    });
    return noisy.indexOf(Math.max(...noisy));
  });
  return { kind: 'classes', classes: scores.map((_, index) => `class ${index}`), indices };
};

/** A weighted sum plus 100 and normal noise. */
export const valueTarget = (matrix: TrainingMatrix, random: Draws): Target => ({
  kind: 'values',
  values: weighted(matrix, random).map((value) => 100 + value + random.normal()),
});

/** The rows from `from` to before `to`. */
export const rowsBetween = (
  { matrix, target }: LabelledMatrix,
  from: number,
  to: number = matrix.rows,
): LabelledMatrix => {
  const { featureCount, values } = matrix;
  return {
    matrix: { ...matrix, rows: to - from, values: values.slice(from * featureCount, to * featureCount) },
    target:
      target.kind === 'classes'
        ? { ...target, indices: target.indices.slice(from, to) }
        : { ...target, values: target.values.slice(from, to) },
  };
};

/** Class indices or values, as JSON can hold them. */
export const numbersOf = (target: Target): readonly number[] =>
  Array.from(target.kind === 'classes' ? target.indices : target.values);
