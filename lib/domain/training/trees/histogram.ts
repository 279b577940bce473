/**
 * Histograms of one node, all features in one array.
 *
 * | symbol    | meaning                                                                  | type         |
 * | --------- | ------------------------------------------------------------------------ | ------------ |
 * | histogram | for each bin of each feature: Σ gradients, Σ hessians, number of rows     | Float64Array |
 * | offsets   | where a feature's bins begin in it; one entry more than there are features | Int32Array  |
 *
 * Sums are exact: gradients and hessians lie on a grid coarse enough for float64 (see gradient-grid.ts). So the order of
 * rows does not matter, and parent − child is precisely the other child.
 */
export const sumsPerBin = 3;

export const histogramOffsets = (thresholds: readonly Float32Array[]): Int32Array => {
  const offsets = new Int32Array(thresholds.length + 1);
  // length + 1 bins of values and one of missing values
  for (const [feature, { length }] of thresholds.entries())
    offsets[feature + 1] = (offsets[feature] as number) + (length + 2) * sumsPerBin;
  return offsets;
};

export interface CountedRows {
  /** rowIndices[begin … end) are the rows of the node, ascending. */
  readonly rowIndices: Int32Array;
  readonly begin: number;
  readonly end: number;
}

/** What histograms are made of; buffers have room for every row. */
export interface HistogramSource {
  readonly columns: readonly Uint8Array[];
  readonly offsets: Int32Array;
  readonly gradients: Float64Array;
  readonly hessians: Float64Array;
  readonly gatheredGradients: Float64Array;
  readonly gatheredHessians: Float64Array;
}

const countOne = (
  histogram: Float64Array,
  rows: Int32Array,
  gradients: Float64Array,
  hessians: Float64Array,
  column: Uint8Array,
  offset: number,
): void => {
  for (let index = 0; index < rows.length; index += 1) {
    const at = offset + (column[rows[index] as number] as number) * sumsPerBin;
    (histogram[at] as number) += gradients[index] as number;
    (histogram[at + 1] as number) += hessians[index] as number;
    (histogram[at + 2] as number) += 1;
  }
};

/** Two features at a time: a third faster than one, as the additions to the two histograms do not wait for each other. */
const countTwo = (
  histogram: Float64Array,
  rows: Int32Array,
  gradients: Float64Array,
  hessians: Float64Array,
  columnA: Uint8Array,
  offsetA: number,
  columnB: Uint8Array,
  offsetB: number,
): void => {
  for (let index = 0; index < rows.length; index += 1) {
    const row = rows[index] as number;
    const gradient = gradients[index] as number;
    const hessian = hessians[index] as number;
    const atA = offsetA + (columnA[row] as number) * sumsPerBin;
    const atB = offsetB + (columnB[row] as number) * sumsPerBin;
    (histogram[atA] as number) += gradient;
    (histogram[atA + 1] as number) += hessian;
    (histogram[atA + 2] as number) += 1;
    (histogram[atB] as number) += gradient;
    (histogram[atB + 1] as number) += hessian;
    (histogram[atB + 2] as number) += 1;
  }
};

/** Fills `histogram` with the sums over the rows of a node, for the features drawn; bins of others stay 0. */
export const countHistogram = (
  histogram: Float64Array,
  counted: CountedRows,
  features: Int32Array,
  source: HistogramSource,
): void => {
  const { columns, offsets, gradients, hessians, gatheredGradients, gatheredHessians } = source;
  const rows = counted.rowIndices.subarray(counted.begin, counted.end);
  for (let index = 0; index < rows.length; index += 1) {
    gatheredGradients[index] = gradients[rows[index] as number] as number;
    gatheredHessians[index] = hessians[rows[index] as number] as number;
  }
  histogram.fill(0);
  for (let at = 0; at < features.length; at += 2) {
    const a = features[at] as number;
    const b = features[at + 1];
    const column = columns[a] as Uint8Array;
    const offset = offsets[a] as number;
    if (b === undefined) countOne(histogram, rows, gatheredGradients, gatheredHessians, column, offset);
    else
      countTwo(
        histogram,
        rows,
        gatheredGradients,
        gatheredHessians,
        column,
        offset,
        columns[b] as Uint8Array,
        offsets[b] as number,
      );
  }
};

/** Turns a parent's histogram into that of one child by taking the other child's away. */
export const subtractHistogram = (parent: Float64Array, child: Float64Array): void => {
  for (let at = 0; at < parent.length; at += 1) (parent[at] as number) -= child[at] as number;
};
