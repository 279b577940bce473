const lastCodePoint = 0x10ffff;

/**
 * The smallest text above every text that starts with `prefix`, in UTF-8 byte order (which is code point order);
 * `undefined` when nothing lies above. It turns "starts with" into a range that an index can answer.
 */
export const prefixEnd = (prefix: string): string | undefined => {
  const points = Array.from(prefix);
  while (points.length > 0) {
    const point = points.pop()?.codePointAt(0) ?? lastCodePoint;
    // Surrogates (U+D800 to U+DFFF) are not text.
    if (point < lastCodePoint)
      return points.join('') + String.fromCodePoint(point === 0xd7ff ? 0xe000 : point + 1);
  }
  return undefined;
};

/** UTF-16 units renumbered so that surrogates (characters above U+FFFF) come after all others, as in UTF-8. */
const utf8Rank = (unit: number): number => {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
};

/** Compares by UTF-8 bytes without encoding; JavaScript's `<` would put U+1F600 before U+FFFD. */
export const compareUtf8 = (a: string, b: string): number => {
  const shared = Math.min(a.length, b.length);
  for (let at = 0; at < shared; at += 1) {
    const difference = utf8Rank(a.charCodeAt(at)) - utf8Rank(b.charCodeAt(at));
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
};
