import type { ErrorTree, ValueQuality } from './quality-baseline.ts';

export type ErrorModel = Extract<ValueQuality['errorModel'], { start: number }>;

/** The node a row ends in, by its bin numbers. A value of the wrong kind has bin −1 and goes left. */
export const leafOf = (
  { column, atMost, left, right }: ErrorTree,
  placeOf: (column: number) => number,
): number => {
  let node = 0;
  while ((column[node] as number) >= 0)
    node = (placeOf(column[node] as number) <= (atMost[node] as number) ? left[node] : right[node]) as number;
  return node;
};

/** The columns of the baseline that a model looks at, each once, ascending. */
export const columnsOf = ({ trees }: ErrorModel): readonly number[] =>
  [...new Set(trees.flatMap(({ column }) => column.filter((index) => index >= 0)))].toSorted((a, b) => a - b);
