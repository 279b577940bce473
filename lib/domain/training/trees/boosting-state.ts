import type { Target } from '../../dataset/index.ts';
import { type BoostedTree, leafOfBinnedRow } from './boosted-tree.ts';
import type { GrownLeaf } from './grow-tree.ts';
import type { Objective } from './objective.ts';

/** Rows with the margins the trees so far give them; margins are output-major. */
export interface MarginedRows {
  readonly rows: number;
  readonly columns: readonly Uint8Array[];
  readonly target: Target;
  readonly margins: Float64Array;
}

/** Rows that stand at the base scores, before any tree. */
export const rowsAtBase = (
  columns: readonly Uint8Array[],
  rows: number,
  target: Target,
  objective: Objective,
): MarginedRows => {
  const margins = new Float64Array(rows * objective.outputs);
  for (let output = 0; output < objective.outputs; output += 1)
    margins.fill(objective.baseScores[output] as number, output * rows, (output + 1) * rows);
  return { rows, columns, target, margins };
};

/** Adds a tree to the margins of the rows it was grown on: their leaves are known. */
export const addGrownLeaves = (state: MarginedRows, output: number, leaves: readonly GrownLeaf[]): void => {
  const { rows, margins } = state;
  for (const { rowIndices, begin, end, weight } of leaves)
    for (let at = begin; at < end; at += 1)
      (margins[output * rows + (rowIndices[at] as number)] as number) += weight;
};

/** Adds a tree to the margins of rows it has not seen: all rows, or those named. */
export const addTree = (
  state: MarginedRows,
  output: number,
  tree: BoostedTree,
  rowIndices?: Int32Array,
): void => {
  const { rows, margins, columns } = state;
  const count = rowIndices?.length ?? rows;
  for (let at = 0; at < count; at += 1) {
    const row = rowIndices === undefined ? at : (rowIndices[at] as number);
    const leaf = leafOfBinnedRow(tree, columns, row);
    (margins[output * rows + row] as number) += tree.leafWeights[leaf] as number;
  }
};
