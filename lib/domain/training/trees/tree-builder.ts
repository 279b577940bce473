import type { BoostedTree } from './boosted-tree.ts';
import type { Split } from './find-split.ts';

/** Where a leaf hangs: the child of a node that will change when the leaf is split. */
export interface Attachment {
  readonly node: number;
  readonly isLeft: boolean;
}

/** Collects the nodes of a tree while its leaves are split one by one. */
export interface TreeBuilder {
  /** Turns the leaf that hangs there (`undefined`: the root) into an interior node; returns the node's number. */
  addNode(attachment: Attachment | undefined, split: Split, threshold: number): number;
  /** Gives the leaf that hangs there its weight. Each place must get a leaf or a node in the end. */
  addLeaf(attachment: Attachment | undefined, weight: number): number;
  build(): BoostedTree;
}

export const treeBuilder = (): TreeBuilder => {
  const splits: Split[] = [];
  const thresholds: number[] = [];
  const lefts: number[] = [];
  const rights: number[] = [];
  const leafWeights: number[] = [];
  const attach = (attachment: Attachment | undefined, child: number): void => {
    if (attachment === undefined) return;
    if (attachment.isLeft) lefts[attachment.node] = child;
    else rights[attachment.node] = child;
  };
  return {
    addNode: (attachment, split, threshold) => {
      const node = splits.push(split) - 1;
      thresholds.push(threshold);
      attach(attachment, node);
      return node;
    },
    addLeaf: (attachment, weight) => {
      const leaf = leafWeights.push(weight) - 1;
      attach(attachment, -1 - leaf);
      return leaf;
    },
    build: () => ({
      features: Int32Array.from(splits, ({ feature }) => feature),
      thresholds: Float32Array.from(thresholds),
      thresholdBins: Uint8Array.from(splits, ({ bin }) => bin),
      missingLeft: Uint8Array.from(splits, ({ isMissingLeft }) => Number(isMissingLeft)),
      lefts: Int32Array.from(lefts),
      rights: Int32Array.from(rights),
      gains: Float64Array.from(splits, ({ gain }) => gain),
      leafWeights: Float32Array.from(leafWeights),
    }),
  };
};
