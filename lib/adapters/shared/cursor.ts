/** Page cursors: where the last page ended, as text that callers pass back and never read. */
export const encodeCursor = (position: readonly string[]): string =>
  Buffer.from(JSON.stringify(position), 'utf8').toString('base64url');

/** The position in a cursor, or `undefined` when it is not one of ours with that many parts. */
export const decodeCursor = (cursor: string, parts: number): readonly string[] | undefined => {
  try {
    const position: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (!Array.isArray(position) || position.length !== parts) return undefined;
    return position.every((part) => typeof part === 'string') ? position : undefined;
  } catch {
    return undefined;
  }
};
