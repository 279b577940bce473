import type { ModelSpec } from '../model-spec/index.ts';
import type { ColumnStatistics } from './column-statistics.ts';
import type { PlannedColumn } from './plan-columns.ts';
import type { NewRows, QualityCheck, QualityDimension, QualityRows, ReasonCount } from './quality-report.ts';

/** What a batch looks like after its rows were checked, before it is judged. */
export interface BatchFacts {
  readonly spec: ModelSpec;
  readonly statistics: readonly ColumnStatistics[];
  readonly columns: readonly PlannedColumn[];
  readonly rows: QualityRows;
  /** Absent when all files are new. */
  readonly newRows?: NewRows;
  readonly reasons: readonly ReasonCount[];
  /** Every reason that was looked for, found or not. */
  readonly looked: readonly {
    readonly dimension: QualityDimension;
    readonly reason: string;
    readonly column?: string;
  }[];
  readonly partRows: Readonly<Record<'train' | 'validation' | 'test', number>>;
  readonly missingColumns: readonly string[];
  readonly newColumns: readonly string[];
  /** Of the rows kept, ISO 8601. */
  readonly newestEvent?: string;
  readonly now: string;
}

/** A share as people read it: two decimals below 10 %. */
export const percent = (share: number): string => `${(share * 100).toFixed(share < 0.1 ? 2 : 1)} %`;

/** A check that refuses the batch when it fails, unless said otherwise. */
export const check = (
  dimension: QualityDimension,
  name: string,
  status: QualityCheck['status'],
  because: string,
  more: Partial<QualityCheck> = {},
): QualityCheck => ({ dimension, name, status, because, refuses: true, ...more });

export const verdict = (passed: boolean): 'passed' | 'failed' => (passed ? 'passed' : 'failed');
