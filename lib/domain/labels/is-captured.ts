import { createHash } from 'node:crypto';

/**
 * Whether a prediction is among the share that is captured. The draw is a hash of its id: no kind of row is preferred,
 * and the same id is decided alike wherever and however often it is asked, so that champion and shadow keep the same rows.
 */
export const isCaptured = (predictionId: string, share: number): boolean => {
  if (share >= 1) return true;
  // 48 bits of the hash, evenly spread over [0, 1).
  const drawn = createHash('sha256').update(`capture ${predictionId}`).digest().readUIntBE(0, 6) / 2 ** 48;
  return drawn < share;
};
