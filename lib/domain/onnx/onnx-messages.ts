/**
 * The shapes `modelProto` reads and writes, as TypeScript: what the schema text in onnx-schema.ts guarantees after
 * decoding with `arrays: true` and `longs: Number`. Scalars that equal their default may be absent.
 */
export interface ModelMessage {
  readonly ir_version?: number;
  readonly producer_name?: string;
  readonly graph?: GraphMessage;
  readonly opset_import: readonly { readonly domain?: string; readonly version?: number }[];
  readonly metadata_props: readonly EntryMessage[];
  readonly functions?: readonly FunctionMessage[];
}

export interface EntryMessage {
  readonly key?: string;
  readonly value?: string;
}

export interface FunctionMessage {
  readonly name?: string;
  readonly domain?: string;
  readonly node: readonly NodeMessage[];
}

export interface GraphMessage {
  readonly name?: string;
  readonly node: readonly NodeMessage[];
  readonly initializer: readonly TensorMessage[];
  readonly input: readonly ValueMessage[];
  readonly output: readonly ValueMessage[];
  readonly sparse_initializer?: readonly SparseTensorMessage[];
}

export interface NodeMessage {
  readonly input: readonly string[];
  readonly output: readonly string[];
  readonly name?: string;
  readonly op_type?: string;
  readonly attribute: readonly AttributeMessage[];
  readonly domain?: string;
}

export interface AttributeMessage {
  readonly name?: string;
  readonly type?: number;
  readonly f?: number;
  readonly i?: number | Int64Message;
  readonly s?: Uint8Array;
  readonly t?: TensorMessage;
  readonly g?: GraphMessage;
  readonly floats?: readonly number[] | Float32Array;
  readonly ints?: readonly (number | Int64Message)[];
  readonly strings?: readonly Uint8Array[];
  readonly tensors?: readonly TensorMessage[];
  readonly graphs?: readonly GraphMessage[];
  readonly sparse_tensor?: SparseTensorMessage;
  readonly sparse_tensors?: readonly SparseTensorMessage[];
}

/** An int64 beyond 2^53 on its way out. */
export interface Int64Message {
  readonly low: number;
  readonly high: number;
  readonly unsigned: boolean;
}

export interface TensorMessage {
  readonly dims: readonly number[];
  readonly data_type?: number;
  readonly name?: string;
  readonly raw_data?: Uint8Array;
  readonly string_data?: readonly Uint8Array[];
  readonly float_data?: readonly number[];
  readonly int32_data?: readonly number[];
  readonly int64_data?: readonly number[];
  readonly double_data?: readonly number[];
  readonly external_data?: readonly EntryMessage[];
  readonly data_location?: number;
}

export interface SparseTensorMessage {
  readonly values?: TensorMessage;
  readonly indices?: TensorMessage;
}

export interface ValueMessage {
  readonly name?: string;
  readonly type?: TypeMessage;
}

export interface TypeMessage {
  readonly tensor_type?: {
    readonly elem_type?: number;
    readonly shape?: {
      readonly dim: readonly { readonly dim_value?: number; readonly dim_param?: string }[];
    };
  };
  readonly sequence_type?: { readonly elem_type?: TypeMessage };
  readonly map_type?: { readonly key_type?: number; readonly value_type?: TypeMessage };
  readonly optional_type?: { readonly elem_type?: TypeMessage };
}
