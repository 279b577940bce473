/** Nothing can be said, and why: never taken for well, never NaN. */
export interface Unknown {
  readonly unknown: string;
}

/** Three standard deviations: one window in 741 by chance alone, and the alarm asks for two of three. */
export const maxDeviations = 3;

/** Smaller losses of quality than this are not worth a retrain, however certain they are. */
export const minQualityLoss = 0.02;

/**
 * One lane score where 1 is the limit, of two conditions that must both hold: the loss is beyond chance, and it matters.
 *
 *     score = min(loss / (3·sd), loss / smallest)       no sd, no chance: the second alone
 *
 * Below zero the window is better than the reference.
 */
export const laneScore = (loss: number, sd: number, smallest: number): number => {
  const size = loss / smallest;
  return sd === 0 ? size : Math.min(loss / (maxDeviations * sd), size);
};

/** A number, or why there is none. */
export type Measure = number | Unknown;

export const isKnown = <T>(answer: T): answer is Exclude<T, Unknown> =>
  !(typeof answer === 'object' && answer !== null && 'unknown' in answer);

/** part / whole, or the reason when there is no whole. */
export const share = (part: number, whole: number, unknown: string): Measure =>
  whole === 0 ? { unknown } : part / whole;
