/** The features of all rows as the feature graph computed them, row-major; a missing value is NaN. */
export interface TrainingMatrix {
  readonly rows: number;
  readonly featureCount: number;
  /** rows × featureCount, float32 like the tensor the served model sees: `values[row * featureCount + feature]`. */
  readonly values: Float32Array;
  readonly featureNames: readonly string[];
}

export type TrainingTask = 'binary' | 'multiclass' | 'regression';

/**
 * How the loss moved: mean log loss in nats (of linear models with the penalty, which is what they lower), or mean squared
 * error. Entry 0 is the constant model, before any training.
 */
export interface TrainingCurve {
  readonly loss: 'logLoss' | 'meanSquaredError';
  readonly train: readonly number[];
  /** Empty when there are no validation rows, or the trainer does not look at them. */
  readonly validation: readonly number[];
}

/** Called now and then with the rounds done and the most there can be. */
export type OnTrainingProgress = (done: number, most: number) => void;
