import { type CentredMatrix, readCentredRow } from './centred-matrix.ts';
import { solvePositive } from './solve-positive.ts';

const meanOf = (values: Float64Array): number => {
  let mean = 0;
  for (const value of values) mean += value / values.length;
  return mean;
};

/** X'X (lower triangle, row-major) and X'y of the centred data. Costs rows × features² / 2 multiplications. */
const normalEquations = (
  matrix: CentredMatrix,
  target: Float64Array,
  mean: number,
): { readonly products: Float64Array; readonly moments: Float64Array } => {
  const { rows, featureCount: size } = matrix;
  const products = new Float64Array(size * size);
  const moments = new Float64Array(size);
  const features = new Float64Array(size);
  for (let row = 0; row < rows; row += 1) {
    readCentredRow(matrix, row, features);
    const residual = (target[row] as number) - mean;
    for (let a = 0; a < size; a += 1) {
      const value = features[a] as number;
      (moments[a] as number) += value * residual;
      for (let b = 0; b <= a; b += 1) (products[a * size + b] as number) += value * (features[b] as number);
    }
  }
  return { products, moments };
};

/**
 * Ridge regression in closed form: minimises Σ (y − x·w − c)² + l2 |w|², like scikit-learn's Ridge, in float64 by the
 * normal equations. Their condition is the square of the data's, which standardised features keep harmless.
 * Returns the coefficients, the mean of the target, and the features left out as combinations of earlier ones.
 */
export const trainRidge = (
  matrix: CentredMatrix,
  target: Float64Array,
  l2: number,
): { readonly coefficients: Float64Array; readonly mean: number; readonly dependent: readonly number[] } => {
  const mean = meanOf(target);
  const { products, moments } = normalEquations(matrix, target, mean);
  const size = matrix.featureCount;
  for (let a = 0; a < size; a += 1) (products[a * size + a] as number) += l2;
  const { solution, dependent } = solvePositive(products, moments);
  return { coefficients: solution, mean, dependent };
};
