import type { ColumnKind } from '../dataset/column-table.ts';
import type { ModelSpec } from './spec.ts';

/** What one raw column turned out to be, and why. */
export interface ResolvedColumn {
  readonly name: string;
  readonly kind: ColumnKind;
  /** `feature` columns enter the model by themselves; `source` ones only through a named transform. */
  readonly role: 'feature' | 'source' | 'target' | 'labelSource' | 'key' | 'ignored';
  /** The reason in a few words: "forced in model.json", "all values are numbers", "9,800 of 10,000 values differ". */
  readonly because: string;
}

/** A spec with everything inferred written out: `model.resolved.json`. Training reads this and nothing else. */
export interface ResolvedSpec {
  readonly spec: ModelSpec;
  readonly columns: readonly ResolvedColumn[];
  /** What is predicted, for reports. */
  readonly targetName: string;
  /** Classification only, in byte order: the order of the probability columns. */
  readonly classes?: readonly string[];
  readonly positiveClass?: string;
}
