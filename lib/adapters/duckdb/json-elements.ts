const [openBracket, closeBracket, openBrace, closeBrace] = [91, 93, 123, 125];
const [quote, backslash, comma] = [34, 92, 44];

const isSpace = (byte: number): boolean => byte === 32 || byte === 10 || byte === 13 || byte === 9;

/**
 * Turns the bytes of one JSON array into one element a line, without building it in memory: a line break between
 * elements, a space for every line break within one. What follows the closing bracket becomes a line of its own.
 */
export async function* arrayElementsAsLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let depth = 0;
  let isInString = false;
  let isEscaped = false;
  for await (const chunk of chunks) {
    const lines = Buffer.from(chunk);
    for (let place = 0; place < lines.length; place += 1) {
      const byte = lines[place] as number;
      if (isInString) {
        if (isEscaped) isEscaped = false;
        else if (byte === backslash) isEscaped = true;
        else if (byte === quote) isInString = false;
        continue;
      }
      if (byte === quote) isInString = true;
      else if (byte === openBracket || byte === openBrace) {
        depth += 1;
        if (depth === 1) lines[place] = 10;
      } else if (byte === closeBracket || byte === closeBrace) {
        depth -= 1;
        if (depth === 0) lines[place] = 10;
      } else if (byte === comma && depth === 1) lines[place] = 10;
      else if (isSpace(byte)) lines[place] = 32;
    }
    yield lines;
  }
}
