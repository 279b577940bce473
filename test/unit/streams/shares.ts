import { expect } from 'vitest';
import type { ConceptStream } from '../../support/streams/index.ts';

export const rows = 40_000;

/** Four standard errors of a share: a right generator fails this once in 16,000 seeds, and seeds are fixed. */
const fourErrors = (share: number) => 4 * Math.sqrt((share * (1 - share)) / rows);

/** The share of rows of which the claim holds; the label comes with the cells. */
export const shareWhere = (
  stream: ConceptStream,
  claim: (cells: Float64Array, label: number) => boolean,
): number => {
  const cells = new Float64Array(stream.columns.length);
  let count = 0;
  for (let row = 0; row < rows; row += 1) if (claim(cells, stream.next(cells))) count += 1;
  return count / rows;
};

/** Holds a share of so many rows to its exact value. */
export const expectShare = (found: number, exact: number) =>
  expect(Math.abs(found - exact)).toBeLessThan(fourErrors(exact));
