import { jsonString } from '../../wire/json.ts';

/** Strings, and what opens, closes and parts: enough to tell which strings are names of the outermost object. */
const token = /"(?:[^"\\]|\\.)*"|[{}[\],:]/g;

const hasRepeatedName = (line: string): boolean => {
  const names = new Set<string>();
  let [depth, last] = [0, ''];
  for (const [text] of line.matchAll(token)) {
    if (text === '{' || text === '[') depth += 1;
    else if (text === '}' || text === ']') depth -= 1;
    else if (text === ':' && depth === 1) {
      const name = jsonString(last) ?? last;
      if (names.has(name)) return true;
      names.add(name);
    }
    last = text;
  }
  return false;
};

/** Half of a character beyond the first 65,536, written as an escape: no text in UTF-8 can hold it. */
const hasHalfCharacter = (line: string): boolean => {
  const escapes = line.matchAll(/\\(?:u([0-9a-fA-F]{4})|.)/g);
  let open = -1;
  for (const { 1: code, index } of escapes) {
    const unit = code === undefined ? 0 : Number.parseInt(code, 16);
    const isSecond = unit >= 0xdc00 && unit <= 0xdfff;
    if (open >= 0 && !(isSecond && index === open + 6)) return true;
    if (isSecond && open < 0) return true;
    open = unit >= 0xd800 && unit <= 0xdbff ? index : -1;
  }
  return open >= 0;
};

/** Why DuckDB reads no record that JavaScript reads: it then reads nothing of the file. */
export const jsonRecordFault = (line: string): string | undefined => {
  if (hasRepeatedName(line)) return 'a name that is there twice';
  return hasHalfCharacter(line)
    ? 'half a character: an escape \\ud800–\\udfff without its other half'
    : undefined;
};
