/**
 * One tree. Interior nodes are numbered from the root, 0; a child ≥ 0 is an interior node, a child < 0 is leaf −1 − child.
 * A row goes left when its value ≤ threshold, or when the value is missing and `missingLeft` is 1.
 * A tree without interior nodes is the one leaf 0.
 */
export interface BoostedTree {
  readonly features: Int32Array;
  readonly thresholds: Float32Array;
  /** The bin of `thresholds`: a binned value goes left when its bin ≤ this one; see feature-bins.ts. */
  readonly thresholdBins: Uint8Array;
  readonly missingLeft: Uint8Array;
  readonly lefts: Int32Array;
  readonly rights: Int32Array;
  /** How much each split lowers the (second-order) loss, summed over its rows. */
  readonly gains: Float64Array;
  /** Added to the margin of the rows in the leaf; float32, as they are served. */
  readonly leafWeights: Float32Array;
}

/** What predicting needs of a tree; whether a row goes left at the threshold itself is said by whoever holds it. */
export type RootedTree = Omit<BoostedTree, 'gains' | 'thresholdBins'>;

/** The bin of missing values, of every feature. */
export const missingBin = 0;

/** The leaf that a row of a row-major float32 matrix falls into, by the thresholds. */
export const leafOfRow = (tree: BoostedTree, values: Float32Array, rowStart: number): number => {
  if (tree.features.length === 0) return 0;
  let node = 0;
  while (node >= 0) {
    const value = values[rowStart + (tree.features[node] as number)] as number;
    const isLeft =
      value <= (tree.thresholds[node] as number) || (Number.isNaN(value) && tree.missingLeft[node] === 1);
    node = (isLeft ? tree.lefts[node] : tree.rights[node]) as number;
  }
  return -1 - node;
};

/** The leaf that a binned row falls into: the same leaf as by the thresholds. */
export const leafOfBinnedRow = (tree: BoostedTree, columns: readonly Uint8Array[], row: number): number => {
  if (tree.features.length === 0) return 0;
  let node = 0;
  while (node >= 0) {
    const bin = (columns[tree.features[node] as number] as Uint8Array)[row] as number;
    const isLeft =
      bin === missingBin ? tree.missingLeft[node] === 1 : bin <= (tree.thresholdBins[node] as number);
    node = (isLeft ? tree.lefts[node] : tree.rights[node]) as number;
  }
  return -1 - node;
};
