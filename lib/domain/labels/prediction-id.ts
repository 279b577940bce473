/** Crockford's base 32 in lower case: a digit is worth its place. */
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

/** 48 bits of milliseconds, then 80 random ones; the first letter cannot be worth more than 7. */
const shape = /^[0-7][0-9a-hjkmnp-tv-z]{25}$/;

/** When a prediction was made, milliseconds since 1970: its id says so. `undefined` for what is no id of a prediction. */
export const predictedAtOf = (predictionId: string): number | undefined => {
  if (!shape.test(predictionId)) return undefined;
  // 10 letters of 5 bits: 2⁵⁰ at most, which a double holds.
  return [...predictionId.slice(0, 10)].reduce((sum, letter) => sum * 32 + alphabet.indexOf(letter), 0);
};
