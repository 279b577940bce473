import type { ColumnTable, Target } from '../../lib/domain/dataset/index.ts';

/** Rows and what is true of them. */
export interface LabelledTable {
  readonly table: ColumnTable;
  readonly target: Target;
}
