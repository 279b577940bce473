import { sumsPerBin } from './histogram.ts';

/** Σ gradients, Σ hessians and the number of rows of a node. */
export interface NodeSums {
  readonly gradients: number;
  readonly hessians: number;
  readonly rows: number;
}

export interface Split {
  readonly feature: number;
  /** Bins ≤ this one go left. */
  readonly bin: number;
  readonly isMissingLeft: boolean;
  readonly gain: number;
  readonly left: NodeSums;
  readonly right: NodeSums;
}

export interface SplitRules {
  readonly minRowsPerLeaf: number;
  readonly l2: number;
}

/** Below this a leaf's weight −G / (H + λ) would be noise divided by nothing; the same bound as LightGBM's default. */
const minHessians = 1e-3;

/** A gain this small beside the scores it is the difference of is rounding. */
const minRelativeGain = 1e-9;

/** Half of it is how much the best constant for the node lowers the loss: G² / (H + λ). */
const scoreOf = (gradients: number, hessians: number, l2: number): number =>
  (gradients * gradients) / (hessians + l2);

/** The best cut of one feature found so far; reused from scan to scan, so that scanning allocates nothing. */
interface BestCut {
  score: number;
  feature: number;
  bin: number;
  isMissingLeft: boolean;
  gradients: number;
  hessians: number;
  rows: number;
}

const scanFeature = (
  best: BestCut,
  histogram: Float64Array,
  begin: number,
  end: number,
  node: NodeSums,
  rules: SplitRules,
  feature: number,
  isMissingLeft: boolean,
): void => {
  const { minRowsPerLeaf, l2 } = rules;
  let gradients = isMissingLeft ? (histogram[begin] as number) : 0;
  let hessians = isMissingLeft ? (histogram[begin + 1] as number) : 0;
  let rows = isMissingLeft ? (histogram[begin + 2] as number) : 0;
  for (let at = begin + sumsPerBin, bin = 1; at < end; at += sumsPerBin, bin += 1) {
    const rowsInBin = histogram[at + 2] as number;
    if (rowsInBin === 0) continue;
    gradients += histogram[at] as number;
    hessians += histogram[at + 1] as number;
    rows += rowsInBin;
    if (rows < minRowsPerLeaf || hessians < minHessians) continue;
    const hessiansRight = node.hessians - hessians;
    if (node.rows - rows < minRowsPerLeaf || hessiansRight < minHessians) return;
    const gradientsRight = node.gradients - gradients;
    const score = scoreOf(gradients, hessians, l2) + scoreOf(gradientsRight, hessiansRight, l2);
    if (score <= best.score) continue;
    best.score = score;
    best.feature = feature;
    best.bin = bin;
    best.isMissingLeft = isMissingLeft;
    best.gradients = gradients;
    best.hessians = hessians;
    best.rows = rows;
  }
};

/**
 * The split with the largest gain, or undefined when none lowers the loss within the rules. Equal gains: the first
 * feature, missing values right before left, the lowest bin. Where no row of the node misses the feature, missing values
 * will follow the larger child.
 */
export const findSplit = (
  histogram: Float64Array,
  offsets: Int32Array,
  features: Int32Array,
  node: NodeSums,
  rules: SplitRules,
): Split | undefined => {
  const nodeScore = scoreOf(node.gradients, node.hessians, rules.l2);
  const best: BestCut = {
    score: nodeScore,
    feature: -1,
    bin: 0,
    isMissingLeft: false,
    gradients: 0,
    hessians: 0,
    rows: 0,
  };
  let bestMisses = false;
  for (const feature of features) {
    const begin = offsets[feature] as number;
    const end = offsets[feature + 1] as number;
    const misses = (histogram[begin + 2] as number) > 0;
    scanFeature(best, histogram, begin, end, node, rules, feature, false);
    if (misses) scanFeature(best, histogram, begin, end, node, rules, feature, true);
    if (best.feature === feature) bestMisses = misses;
  }
  const gain = (best.score - nodeScore) / 2;
  if (best.feature < 0 || !(gain > minRelativeGain * best.score)) return undefined;
  const { gradients, hessians, rows } = best;
  const left = { gradients, hessians, rows };
  const right = {
    gradients: node.gradients - gradients,
    hessians: node.hessians - hessians,
    rows: node.rows - rows,
  };
  const isMissingLeft = bestMisses ? best.isMissingLeft : left.rows >= right.rows;
  return { feature: best.feature, bin: best.bin, isMissingLeft, gain, left, right };
};
