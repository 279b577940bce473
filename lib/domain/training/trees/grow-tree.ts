import type { BoostedTree } from './boosted-tree.ts';
import { findSplit, type NodeSums, type Split, type SplitRules } from './find-split.ts';
import {
  type CountedRows,
  countHistogram,
  type HistogramSource,
  subtractHistogram,
  sumsPerBin,
} from './histogram.ts';
import type { HistogramPool } from './histogram-pool.ts';
import { partRows } from './part-rows.ts';
import { type Attachment, type TreeBuilder, treeBuilder } from './tree-builder.ts';

export interface GrowthRules extends SplitRules {
  readonly maxLeaves: number;
  readonly maxDepth: number;
  readonly learningRate: number;
}

/** What a tree is grown from and in. */
export interface Growth {
  readonly rules: GrowthRules;
  readonly source: HistogramSource;
  readonly thresholds: readonly Float32Array[];
  /** The features this tree may use, ascending. */
  readonly features: Int32Array;
  readonly pool: HistogramPool;
  /** For a node that gets no histogram of its own from the pool. */
  readonly scratchHistogram: Float64Array;
  /** Room for every row while a node's rows are parted. */
  readonly scratchRows: Int32Array;
}

/** A leaf of the finished tree and the rows that fell into it. */
export interface GrownLeaf extends CountedRows {
  readonly weight: number;
}

/** A leaf while the tree grows. It has a split while splitting it would help, and a histogram at most as long. */
interface OpenLeaf extends CountedRows {
  readonly attachment: Attachment | undefined;
  readonly depth: number;
  readonly sums: NodeSums;
  split: Split | undefined;
  histogram: Float64Array | undefined;
}

/** The sums over the rows of a node, read off the bins of any one feature: they hold every row once. */
const sumsOf = (histogram: Float64Array, begin: number, end: number): NodeSums => {
  let gradients = 0;
  let hessians = 0;
  let rows = 0;
  for (let at = begin; at < end; at += sumsPerBin) {
    gradients += histogram[at] as number;
    hessians += histogram[at + 1] as number;
    rows += histogram[at + 2] as number;
  }
  return { gradients, hessians, rows };
};

/** Finds the leaf's split and leaves the histogram with it, unless there is no split or it is the scratch one. */
const settle = (growth: Growth, leaf: OpenLeaf, histogram: Float64Array): void => {
  const { rules, source, features, pool, scratchHistogram } = growth;
  const mayHelp = leaf.depth < rules.maxDepth && leaf.sums.rows >= 2 * rules.minRowsPerLeaf;
  leaf.split = mayHelp ? findSplit(histogram, source.offsets, features, leaf.sums, rules) : undefined;
  if (histogram === scratchHistogram) return;
  if (leaf.split === undefined) pool.giveBack(histogram);
  else leaf.histogram = histogram;
};

const openRoot = (growth: Growth, counted: CountedRows): OpenLeaf => {
  const { source, features, pool, scratchHistogram } = growth;
  const histogram = pool.borrow() ?? scratchHistogram;
  countHistogram(histogram, counted, features, source);
  const first = features[0] ?? 0;
  const sums = sumsOf(histogram, source.offsets[first] as number, source.offsets[first + 1] as number);
  const root: OpenLeaf = {
    ...counted,
    attachment: undefined,
    depth: 0,
    sums,
    split: undefined,
    histogram: undefined,
  };
  settle(growth, root, histogram);
  return root;
};

/** Counts the smaller child; the larger is what the parent has beyond it, where the parent's histogram is still there. */
const openChildren = (growth: Growth, parent: OpenLeaf, smaller: OpenLeaf, larger: OpenLeaf): void => {
  const { rules, source, features, pool, scratchHistogram } = growth;
  if (parent.depth + 1 >= rules.maxDepth || larger.sums.rows < 2 * rules.minRowsPerLeaf) {
    if (parent.histogram !== undefined) pool.giveBack(parent.histogram);
    return;
  }
  const histogram = pool.borrow() ?? scratchHistogram;
  countHistogram(histogram, smaller, features, source);
  if (parent.histogram !== undefined) {
    subtractHistogram(parent.histogram, histogram);
    settle(growth, larger, parent.histogram);
  }
  settle(growth, smaller, histogram);
  if (parent.histogram !== undefined) return;
  const own = pool.borrow() ?? scratchHistogram;
  countHistogram(own, larger, features, source);
  settle(growth, larger, own);
};

const splitLeaf = (
  growth: Growth,
  builder: TreeBuilder,
  leaf: OpenLeaf,
  split: Split,
): [OpenLeaf, OpenLeaf] => {
  const threshold = growth.thresholds[split.feature]?.[split.bin - 1] ?? Number.POSITIVE_INFINITY;
  const node = builder.addNode(leaf.attachment, split, threshold);
  const column = growth.source.columns[split.feature] as Uint8Array;
  const middle = partRows(leaf, column, split, growth.scratchRows);
  const blank = {
    rowIndices: leaf.rowIndices,
    depth: leaf.depth + 1,
    split: undefined,
    histogram: undefined,
  };
  return [
    { ...blank, begin: leaf.begin, end: middle, attachment: { node, isLeft: true }, sums: split.left },
    { ...blank, begin: middle, end: leaf.end, attachment: { node, isLeft: false }, sums: split.right },
  ];
};

const mostPromising = (leaves: readonly OpenLeaf[]): number => {
  let best = -1;
  let bestGain = 0;
  for (const [index, { split }] of leaves.entries()) {
    if (split === undefined || split.gain <= bestGain) continue;
    best = index;
    bestGain = split.gain;
  }
  return best;
};

const closeLeaf = (growth: Growth, builder: TreeBuilder, leaf: OpenLeaf): GrownLeaf => {
  if (leaf.histogram !== undefined) growth.pool.giveBack(leaf.histogram);
  const { gradients, hessians } = leaf.sums;
  const denominator = hessians + growth.rules.l2;
  const weight = denominator > 0 ? Math.fround((-gradients / denominator) * growth.rules.learningRate) : 0;
  builder.addLeaf(leaf.attachment, weight);
  return { rowIndices: leaf.rowIndices, begin: leaf.begin, end: leaf.end, weight };
};

/**
 * Grows one tree leaf by leaf, always splitting the leaf that lowers the loss most. Reorders `counted.rowIndices` so that
 * the rows of each leaf lie together. Costs about rows × features × log₂(leaves) / 2 histogram additions.
 */
export const growTree = (
  growth: Growth,
  counted: CountedRows,
): { readonly tree: BoostedTree; readonly leaves: readonly GrownLeaf[] } => {
  const builder = treeBuilder();
  const leaves = [openRoot(growth, counted)];
  while (leaves.length < growth.rules.maxLeaves) {
    const index = mostPromising(leaves);
    const parent = leaves[index];
    if (parent?.split === undefined) break;
    const [left, right] = splitLeaf(growth, builder, parent, parent.split);
    leaves[index] = left;
    leaves.push(right);
    if (left.sums.rows <= right.sums.rows) openChildren(growth, parent, left, right);
    else openChildren(growth, parent, right, left);
  }
  const grown = leaves.map((leaf) => closeLeaf(growth, builder, leaf));
  return { tree: builder.build(), leaves: grown };
};
