import type { TensorType } from '../signature/index.ts';

export type { TensorType };

export type AttributeValue =
  | { readonly int: number }
  | { readonly ints: readonly number[] | BigInt64Array }
  | { readonly float: number }
  | { readonly floats: readonly number[] | Float32Array }
  | { readonly string: string }
  | { readonly strings: readonly string[] }
  | { readonly tensor: OnnxTensor };

export interface OnnxTensor {
  readonly name: string;
  /** uint8 occurs in constants only: the modes of a tree's nodes. */
  readonly type: TensorType | 'uint8';
  readonly dims: readonly number[];
  readonly data: Float32Array | Float64Array | BigInt64Array | Int32Array | Uint8Array | readonly string[];
}

export interface OnnxNode {
  readonly name: string;
  readonly domain: '' | 'ai.onnx.ml' | 'com.microsoft';
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, AttributeValue>>;
}

export interface OnnxValue {
  readonly name: string;
  readonly type: TensorType;
  /** Numbers are fixed sizes, strings are symbols such as 'N'. */
  readonly shape: readonly (number | string)[];
}
