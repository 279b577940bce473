/** What a model answered for some rows, in their order. */
export type Predictions =
  | {
      readonly kind: 'classes';
      /** Row-major [rows, classes]. */
      readonly probabilities: Float32Array | Float64Array;
      /** The class answered, an index into `classes`. */
      readonly labels: Int32Array;
    }
  | { readonly kind: 'values'; readonly values: Float64Array };
