import type { AttributeValue } from '../../onnx/index.ts';
import type { RootedTree } from '../trees/boosted-tree.ts';

/** Trees whose leaf weights add up to the margins of the outputs. */
export interface TreeEnsemble {
  readonly outputs: number;
  readonly trees: readonly { readonly tree: RootedTree; readonly output: number }[];
  /** When a row goes left. */
  readonly leftWhen: 'value ≤ threshold' | 'value < threshold';
}

/**
 * The arrays of TreeEnsemble (https://onnx.ai/onnx/operators/onnx_aionnxml_TreeEnsemble.html). Interior nodes of all trees
 * stand in one list, leaves in another; a child's number counts in the list its leaf flag names.
 */
export interface EnsembleArrays {
  readonly roots: number[];
  readonly features: number[];
  readonly thresholds: number[];
  readonly missingLeft: number[];
  readonly lefts: number[];
  readonly isLeftLeaf: number[];
  readonly rights: number[];
  readonly isRightLeaf: number[];
  readonly leafOutputs: number[];
  readonly leafWeights: number[];
}

/** A tree of one leaf has no interior node to be its root: it gets one that leads to the leaf either way. */
const withRoot = (tree: RootedTree): RootedTree =>
  tree.features.length > 0
    ? tree
    : {
        features: Int32Array.of(0),
        thresholds: Float32Array.of(0),
        missingLeft: Uint8Array.of(1),
        lefts: Int32Array.of(-1),
        rights: Int32Array.of(-1),
        leafWeights: tree.leafWeights,
      };

/**
 * The order in which the leaves of a tree are listed. Some releases of ONNX Runtime take a root whose children have the same
 * number for a tree of one leaf, though one number may count interior nodes and the other leaves. A leaf that hangs on the
 * root beside an interior node comes last, where its number is above that of any interior node of the tree.
 */
const leafOrder = ({ lefts, rights, leafWeights }: RootedTree): number[] => {
  const order = Array.from(leafWeights, (_, leaf) => leaf);
  const [left = -1] = lefts;
  const [right = -1] = rights;
  const lowest = Math.min(left, right);
  if (lowest >= 0 || Math.max(left, right) < 0) return order;
  const onRoot = -1 - lowest;
  return [...order.filter((leaf) => leaf !== onRoot), onRoot];
};

const appendTree = (arrays: EnsembleArrays, tree: RootedTree, output: number): void => {
  const rooted = withRoot(tree);
  const firstNode = arrays.features.length;
  const firstLeaf = arrays.leafWeights.length;
  const order = leafOrder(rooted);
  const places = new Map(order.map((leaf, place) => [leaf, place]));
  const numberOf = (child: number): number =>
    child >= 0 ? firstNode + child : firstLeaf + (places.get(-1 - child) ?? 0);
  arrays.roots.push(firstNode);
  arrays.features.push(...rooted.features);
  arrays.thresholds.push(...rooted.thresholds);
  arrays.missingLeft.push(...rooted.missingLeft);
  arrays.lefts.push(...Array.from(rooted.lefts, numberOf));
  arrays.isLeftLeaf.push(...Array.from(rooted.lefts, (child) => Number(child < 0)));
  arrays.rights.push(...Array.from(rooted.rights, numberOf));
  arrays.isRightLeaf.push(...Array.from(rooted.rights, (child) => Number(child < 0)));
  arrays.leafOutputs.push(...order.map(() => output));
  arrays.leafWeights.push(...order.map((leaf) => rooted.leafWeights[leaf] as number));
};

/** Where no tree was kept: one leaf of weight 0, as the operator needs a tree. */
const noTree: RootedTree = {
  features: new Int32Array(),
  thresholds: new Float32Array(),
  missingLeft: new Uint8Array(),
  lefts: new Int32Array(),
  rights: new Int32Array(),
  leafWeights: Float32Array.of(0),
};

const ensembleArrays = ({ trees }: TreeEnsemble): EnsembleArrays => {
  const arrays: EnsembleArrays = {
    roots: [],
    features: [],
    thresholds: [],
    missingLeft: [],
    lefts: [],
    isLeftLeaf: [],
    rights: [],
    isRightLeaf: [],
    leafOutputs: [],
    leafWeights: [],
  };
  for (const { tree, output } of trees) appendTree(arrays, tree, output);
  if (trees.length === 0) appendTree(arrays, noTree, 0);
  return arrays;
};

const float32Tensor = (name: string, values: readonly number[]): AttributeValue => ({
  tensor: { name, type: 'float32', dims: [values.length], data: Float32Array.from(values) },
});

/** BRANCH_LEQ and BRANCH_LT: left is the true branch. */
const modeOf: Readonly<Record<TreeEnsemble['leftWhen'], number>> = {
  'value ≤ threshold': 0,
  'value < threshold': 1,
};
const sum = 1;
const noTransform = 0;

/** The attributes of TreeEnsemble, version 5 of ai.onnx.ml, for these trees. */
export const treeAttributes = (ensemble: TreeEnsemble): Record<string, AttributeValue> => {
  const arrays = ensembleArrays(ensemble);
  const nodes = arrays.features.length;
  const modes = new Uint8Array(nodes).fill(modeOf[ensemble.leftWhen]);
  return {
    aggregate_function: { int: sum },
    leaf_targetids: { ints: arrays.leafOutputs },
    leaf_weights: float32Tensor('leaf_weights', arrays.leafWeights),
    n_targets: { int: ensemble.outputs },
    nodes_falseleafs: { ints: arrays.isRightLeaf },
    nodes_falsenodeids: { ints: arrays.rights },
    nodes_featureids: { ints: arrays.features },
    nodes_missing_value_tracks_true: { ints: arrays.missingLeft },
    nodes_modes: { tensor: { name: 'nodes_modes', type: 'uint8', dims: [nodes], data: modes } },
    nodes_splits: float32Tensor('nodes_splits', arrays.thresholds),
    nodes_trueleafs: { ints: arrays.isLeftLeaf },
    nodes_truenodeids: { ints: arrays.lefts },
    post_transform: { int: noTransform },
    tree_roots: { ints: arrays.roots },
  };
};
