/** Where a text stops being JSON, counted as editors do, and what could have stood there. */
export interface JsonFault {
  readonly line: number;
  readonly column: number;
  readonly came: string;
  readonly expected: string;
}

const space = /[ \t\r\n]*/y;
const word = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const string = /"(?:[^"\\\p{Cc}]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/uy;

class Fault extends Error {
  readonly position: number;
  constructor(position: number, expected: string) {
    super(expected);
    this.position = position;
  }
}

const after = (pattern: RegExp, text: string, position: number): number => {
  pattern.lastIndex = position;
  return pattern.test(text) ? pattern.lastIndex : -1;
};

const skip = (text: string, position: number): number => after(space, text, position);

const need = (pattern: RegExp, text: string, position: number, expected: string): number => {
  const end = after(pattern, text, position);
  if (end < 0) throw new Fault(position, expected);
  return end;
};

/** The members of an object or the items of an array, up to the closing bracket. */
const list = (text: string, start: number, close: string, item: (position: number) => number): number => {
  let position = skip(text, start);
  if (text[position] === close) return position + 1;
  for (;;) {
    position = skip(text, item(position));
    if (text[position] === close) return position + 1;
    if (text[position] !== ',') throw new Fault(position, `"," or "${close}"`);
    position = skip(text, position + 1);
  }
};

const member = (text: string, position: number): number => {
  const colon = skip(text, need(string, text, position, 'a name in double quotes'));
  if (text[colon] !== ':') throw new Fault(colon, '":"');
  return value(text, colon + 1);
};

const value = (text: string, start: number): number => {
  const position = skip(text, start);
  if (text[position] === '{') return list(text, position + 1, '}', (place) => member(text, place));
  if (text[position] === '[') return list(text, position + 1, ']', (place) => value(text, place));
  if (text[position] === '"') return need(string, text, position, 'a string that ends on its line');
  return need(word, text, position, 'a value');
};

/** Finds the first fault of a text that `JSON.parse` refuses; engines do not always say where it is. */
export const jsonFaultOf = (text: string): JsonFault | undefined => {
  try {
    const end = skip(text, value(text, 0));
    if (end < text.length) throw new Fault(end, 'the end of the file');
    return undefined;
  } catch (fault) {
    if (!(fault instanceof Fault)) throw fault;
    const before = text.slice(0, fault.position).split('\n');
    const rest = text.slice(fault.position, fault.position + 20).split(/[\r\n]/, 1)[0] ?? '';
    return {
      line: before.length,
      column: (before.at(-1)?.length ?? 0) + 1,
      came: fault.position >= text.length ? 'the end of the file' : JSON.stringify(rest),
      expected: fault.message,
    };
  }
};
