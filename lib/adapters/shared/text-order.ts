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

/** Compares by UTF-8 bytes; JavaScript's `<` compares UTF-16 units, which puts U+1F600 before U+FFFD. */
export const compareUtf8 = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
