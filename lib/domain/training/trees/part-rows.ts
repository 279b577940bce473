import { missingBin } from './boosted-tree.ts';
import type { Split } from './find-split.ts';
import type { CountedRows } from './histogram.ts';

/**
 * Reorders the node's rows in place, those that go left first, both sides still ascending (which keeps reads of columns
 * moving forward in memory). Returns where the right side begins.
 */
export const partRows = (
  rows: CountedRows,
  column: Uint8Array,
  split: Split,
  scratchRows: Int32Array,
): number => {
  const { rowIndices, begin, end } = rows;
  const { bin: splitBin, isMissingLeft } = split;
  let left = begin;
  let right = 0;
  for (let at = begin; at < end; at += 1) {
    const row = rowIndices[at] as number;
    const bin = column[row] as number;
    if (bin === missingBin ? isMissingLeft : bin <= splitBin) {
      rowIndices[left] = row;
      left += 1;
    } else {
      scratchRows[right] = row;
      right += 1;
    }
  }
  rowIndices.set(scratchRows.subarray(0, right), left);
  return left;
};
