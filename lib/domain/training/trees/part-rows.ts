import { missingBin } from './boosted-tree.ts';
import type { Split } from './find-split.ts';
import type { CountedRows } from './histogram.ts';

/** 1 for the bins that go left. */
const leftBins = ({ bin, isMissingLeft }: Split): Uint8Array => {
  const isLeft = new Uint8Array(256).fill(1, 0, bin + 1);
  isLeft[missingBin] = Number(isMissingLeft);
  return isLeft;
};

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
  const isLeft = leftBins(split);
  let left = begin;
  let right = 0;
  for (let at = begin; at < end; at += 1) {
    const row = rowIndices[at] as number;
    const goesLeft = isLeft[column[row] as number] as number;
    // Written to both sides, kept on one: a branch here would be guessed wrong every other time. left ≤ at, so no row is lost.
    rowIndices[left] = row;
    scratchRows[right] = row;
    left += goesLeft;
    right += 1 - goesLeft;
  }
  rowIndices.set(scratchRows.subarray(0, right), left);
  return left;
};
