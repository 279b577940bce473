import { MillraceError } from '../../../wire/errors.ts';
import type { RootedTree } from '../trees/boosted-tree.ts';
import type { XgboostTree } from './xgboost-document.ts';

export interface ReadTree {
  /** A row goes left when its value < threshold, in float32, or when the value is missing and `missingLeft` is 1. */
  readonly tree: RootedTree;
  /** By interior node: how much its split lowered the loss. */
  readonly gains: Float64Array;
}

const refuse = (tree: number, what: string): never => {
  throw new MillraceError('TRAINING_OUTPUT_INVALID', `tree ${tree} of the model of XGBoost ${what}`, {
    tree,
  });
};

const requireNumeric = ({ split_type, categories_nodes, tree_param }: XgboostTree, place: number): void => {
  const isCategorical = Array.from(split_type ?? []).some((type) => type !== 0);
  if (isCategorical || (categories_nodes?.length ?? 0) > 0)
    refuse(place, 'splits by category, expected numbers only: categories are encoded by the feature graph');
  if (tree_param.size_leaf_vector > 1)
    refuse(place, `has leaves of ${tree_param.size_leaf_vector} numbers, expected one tree an output`);
};

/** Places of the nodes from the root on, interior ones before the leaves they lead to; refuses a tree that is none. */
const nodesInOrder = (given: XgboostTree, place: number): readonly number[] => {
  const { left_children, right_children } = given;
  const order = [0];
  const seen = new Set(order);
  for (const node of order) {
    const children = [left_children[node] as number, right_children[node] as number];
    if (children.every((child) => child === -1)) continue;
    for (const child of children) {
      if (!(Number.isInteger(child) && child > 0 && child < left_children.length) || seen.has(child))
        refuse(place, `leads from node ${node} to node ${child}, expected another node of its own`);
      seen.add(child);
      order.push(child);
    }
  }
  return order;
};

const requireSameLengths = (given: XgboostTree, place: number): void => {
  const { left_children, right_children, split_indices, split_conditions, default_left, loss_changes } =
    given;
  const lists = [right_children, split_indices, split_conditions, default_left, loss_changes];
  if (left_children.length === 0 || lists.some(({ length }) => length !== left_children.length))
    refuse(place, 'has lists of different lengths, expected an entry a node in each');
};

/** Comparing with NaN sends every row right, and a leaf that is no number answers with none: neither was trained. */
const requireNumbers = (
  { split_conditions }: XgboostTree,
  nodes: { readonly interior: readonly number[]; readonly leaves: readonly number[] },
  place: number,
): void => {
  const split = nodes.interior.find((node) => Number.isNaN(split_conditions[node]));
  if (split !== undefined) refuse(place, `splits at ${split_conditions[split]}, expected a number`);
  const leaf = nodes.leaves.find((node) => !Number.isFinite(Math.fround(split_conditions[node] as number)));
  if (leaf !== undefined) refuse(place, `has a leaf of ${split_conditions[leaf]}, expected a finite number`);
};

/** One tree, nodes that pruning left behind dropped. Throws TRAINING_OUTPUT_INVALID for splits by category and broken trees. */
export const readXgboostTree = (given: XgboostTree, place: number, featureCount: number): ReadTree => {
  requireNumeric(given, place);
  requireSameLengths(given, place);
  const order = nodesInOrder(given, place);
  const isLeaf = (node: number): boolean => given.left_children[node] === -1;
  const interior = order.filter((node) => !isLeaf(node));
  const leaves = order.filter(isLeaf);
  const numbers = new Map([
    ...interior.map((node, number): [number, number] => [node, number]),
    ...leaves.map((node, number): [number, number] => [node, -1 - number]),
  ]);
  const childOf = (children: ArrayLike<number>) => (node: number) =>
    numbers.get(children[node] as number) as number;
  const isFeature = (index: number) => Number.isInteger(index) && index >= 0 && index < featureCount;
  const stray = interior.find((node) => !isFeature(given.split_indices[node] as number));
  if (stray !== undefined)
    refuse(place, `splits on feature ${given.split_indices[stray]}, expected 0 to ${featureCount - 1}`);
  requireNumbers(given, { interior, leaves }, place);
  return {
    tree: {
      features: Int32Array.from(interior, (node) => given.split_indices[node] as number),
      thresholds: Float32Array.from(interior, (node) => given.split_conditions[node] as number),
      missingLeft: Uint8Array.from(interior, (node) => (given.default_left[node] === 0 ? 0 : 1)),
      lefts: Int32Array.from(interior, childOf(given.left_children)),
      rights: Int32Array.from(interior, childOf(given.right_children)),
      // A leaf's weight stands where an interior node has its threshold.
      leafWeights: Float32Array.from(leaves, (node) => given.split_conditions[node] as number),
    },
    gains: Float64Array.from(interior, (node) => given.loss_changes[node] as number),
  };
};
