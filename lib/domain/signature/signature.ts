import type { ColumnKind } from '../dataset/column-table.ts';

export type TensorType = 'float32' | 'float64' | 'int64' | 'int32' | 'string' | 'bool';

/** One column a client sends. */
export interface SignatureColumn {
  readonly name: string;
  readonly kind: ColumnKind;
  /** Training saw missing values here (or the graph imputes them), so a client may leave it out or send null. */
  readonly isNullable: boolean;
}

/** One input of the ONNX graph and the columns it is filled from, in order: [n,1] for one column, [n,k] for k. */
export interface SignatureInput {
  readonly tensor: string;
  readonly type: TensorType;
  readonly columns: readonly string[];
  /** 2 for [n,k], 1 for [n]. */
  readonly rank: 1 | 2;
}

/** What a model takes and gives: the contract every request is checked against before the runtime sees a tensor. */
export interface Signature {
  readonly schemaVersion: 1;
  readonly task: 'binary' | 'multiclass' | 'regression';
  readonly target: string;
  readonly columns: readonly SignatureColumn[];
  readonly inputs: readonly SignatureInput[];
  /** Names of the graph's output tensors. Classification has probabilities [n,K] (label optional), regression value [n] or [n,1]. */
  readonly outputs: { readonly label?: string; readonly probabilities?: string; readonly value?: string };
  /** Class names in the order of the probability columns; absent for regression. */
  readonly classes?: readonly string[];
  /**
   * For each of `classes` its column among the model's probabilities, where a model trained elsewhere has another order.
   * @default - the same order
   */
  readonly probabilityColumns?: readonly number[];
  /** Binary only: the class whose probability is reported and compared with `threshold`. */
  readonly positiveClass?: string;
  /** Binary only: the probability from which the positive class is answered. */
  readonly threshold?: number;
}
