/** A pivot this small beside its diagonal means the column is a combination of earlier ones, up to rounding. */
const minRelativePivot = 1e-10;

/** Lower Cholesky factor in place of the lower triangle; a dependent column gets a zero pivot and is left out. */
const factor = (a: Float64Array, size: number): void => {
  for (let column = 0; column < size; column += 1) {
    const diagonal = a[column * size + column] as number;
    let pivot = diagonal;
    for (let k = 0; k < column; k += 1) pivot -= (a[column * size + k] as number) ** 2;
    const isDependent = !(pivot > minRelativePivot * diagonal);
    const root = isDependent ? 0 : Math.sqrt(pivot);
    a[column * size + column] = root;
    for (let row = column + 1; row < size; row += 1) {
      let sum = a[row * size + column] as number;
      for (let k = 0; k < column; k += 1)
        sum -= (a[row * size + k] as number) * (a[column * size + k] as number);
      a[row * size + column] = isDependent ? 0 : sum / root;
    }
  }
};

/**
 * Solves A x = b for a symmetric positive semidefinite A (row-major, lower triangle read) by Cholesky's factorisation.
 * Where columns depend on each other the later ones get 0, which leaves A x unchanged. Destroys `a`.
 */
export const solvePositive = (
  a: Float64Array,
  b: Float64Array,
): { readonly solution: Float64Array; readonly dependent: readonly number[] } => {
  const size = b.length;
  factor(a, size);
  const solution = Float64Array.from(b);
  const dependent: number[] = [];
  for (let row = 0; row < size; row += 1) {
    const root = a[row * size + row] as number;
    if (root === 0) dependent.push(row);
    let sum = solution[row] as number;
    for (let k = 0; k < row; k += 1) sum -= (a[row * size + k] as number) * (solution[k] as number);
    solution[row] = root === 0 ? 0 : sum / root;
  }
  for (let row = size - 1; row >= 0; row -= 1) {
    const root = a[row * size + row] as number;
    let sum = solution[row] as number;
    for (let k = row + 1; k < size; k += 1) sum -= (a[k * size + row] as number) * (solution[k] as number);
    solution[row] = root === 0 ? 0 : sum / root;
  }
  return { solution, dependent };
};
