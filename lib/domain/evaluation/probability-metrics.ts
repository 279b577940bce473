/**
 * Probabilities are clipped to [ε, 1 − ε] before the logarithm. ε = 2⁻²³, the step of float32 at 1: a served model
 * answers in float32 and cannot claim to be surer. One certain and wrong answer costs 15.9.
 */
export const logLossEpsilon = 2 ** -23;

/** −ln of the clipped probability given to what happened. */
export const surprise = (probability: number): number =>
  -Math.log(Math.min(1 - logLossEpsilon, Math.max(logLossEpsilon, probability)));

/** Mean surprise of a binary model. */
export const binaryLogLoss = (isPositive: Uint8Array, probability: Float64Array | Float32Array): number => {
  let sum = 0;
  for (let row = 0; row < isPositive.length; row++) {
    const value = probability[row] as number;
    sum += surprise(isPositive[row] === 0 ? 1 - value : value);
  }
  return sum / isPositive.length;
};

/** Mean squared distance between probability and outcome, 0 to 1. */
export const binaryBrier = (isPositive: Uint8Array, probability: Float64Array | Float32Array): number => {
  let sum = 0;
  for (let row = 0; row < isPositive.length; row++)
    sum += ((probability[row] as number) - (isPositive[row] === 0 ? 0 : 1)) ** 2;
  return sum / isPositive.length;
};

/** Mean surprise over classes; probabilities are row-major [rows, classes]. */
export const multiclassLogLoss = (
  truth: Int32Array,
  probabilities: Float64Array | Float32Array,
  classes: number,
): number => {
  let sum = 0;
  for (let row = 0; row < truth.length; row++)
    sum += surprise(probabilities[row * classes + (truth[row] as number)] as number);
  return sum / truth.length;
};

/** Mean over rows of Σ_k (p_k − y_k)², 0 to 2: Brier's own definition, not halved. */
export const multiclassBrier = (
  truth: Int32Array,
  probabilities: Float64Array | Float32Array,
  classes: number,
): number => {
  let sum = 0;
  for (let row = 0; row < truth.length; row++) {
    for (let index = 0; index < classes; index++) {
      const outcome = truth[row] === index ? 1 : 0;
      sum += ((probabilities[row * classes + index] as number) - outcome) ** 2;
    }
  }
  return sum / truth.length;
};
