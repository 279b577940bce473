interface TextItem {
  readonly fontSize?: number;
  readonly limit?: number;
}

// Scripts with square characters (CJK, Hangul, full width, emoji) start about here; Latin letters average 0.58 em in
// the wider system fonts.
const firstWideCodePoint = 0x2e80;

/** The width of a text in pixels as most system fonts draw it, at most the item's limit: there is no canvas to ask. */
export const textWidth = (item: TextItem, text: unknown): number => {
  let ems = 0;
  for (const character of String(text ?? ''))
    ems += (character.codePointAt(0) ?? 0) >= firstWideCodePoint ? 1.05 : 0.58;
  const width = ems * (item.fontSize ?? 11);
  return item.limit !== undefined && item.limit > 0 ? Math.min(width, item.limit) : width;
};
