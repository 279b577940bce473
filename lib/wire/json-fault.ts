/** Where a text stops being JSON. Lines and columns count from 1, columns in UTF-16 units as editors do. */
export interface JsonFault {
  readonly offset: number;
  readonly line: number;
  readonly column: number;
  /** What stands there, quoted, at most 20 characters. */
  readonly came: string;
  readonly expected: string;
}

type Expecting = 'value' | 'valueOrEnd' | 'key' | 'keyOrEnd' | 'colon' | 'commaOrEnd';

const whiteSpace = /[ \t\n\r]*/y;
const scalar = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.+-])|(?:true|false|null)(?!\w)/y;
/** Anything from the space up, but for the double quote and the backslash. */
const plainText = /[ !#-[\]-\uffff]*/y;
const escapeSequence = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

const skip = (pattern: RegExp, text: string, from: number): number => {
  pattern.lastIndex = from;
  return pattern.test(text) ? pattern.lastIndex : from;
};

/** The offset after the string that opens at `from`, or a fault. */
const endOfString = (text: string, from: number): number | { at: number; expected: string } => {
  let at = from + 1;
  for (;;) {
    at = skip(plainText, text, at);
    if (text[at] === '"') return at + 1;
    if (at >= text.length) return { at, expected: 'a closing double quote' };
    if (text[at] !== '\\') return { at, expected: 'no raw control character inside a string' };
    const next = skip(escapeSequence, text, at);
    if (next === at) return { at, expected: 'a valid escape such as \\n or \\u00e9' };
    at = next;
  }
};

const expectations: Record<Expecting, string> = {
  value: 'a value',
  valueOrEnd: 'a value or ]',
  key: 'a key in double quotes',
  keyOrEnd: 'a key in double quotes or }',
  colon: 'a colon',
  commaOrEnd: 'a comma or the closing bracket',
};

/** What a person meant when they wrote this, where it is a known slip. */
const slip = (text: string, at: number, expected: string): string => {
  if (/^[-+]?(?:NaN|Infinity|nan|inf)/.test(text.slice(at, at + 12)))
    return `${expected} (NaN and Infinity are not JSON: send null)`;
  return text[at] === "'" ? `${expected} (JSON has double quotes only)` : expected;
};

/** Where the scan stands. Mutated from step to step. */
interface Scan {
  at: number;
  expecting: Expecting;
  /** Its own stack, so that deep nesting cannot overflow the call stack. */
  readonly open: ('{' | '[')[];
}

const isValue = (expecting: Expecting) => expecting === 'value' || expecting === 'valueOrEnd';
const isKey = (expecting: Expecting) => expecting === 'key' || expecting === 'keyOrEnd';

const closes = (scan: Scan, character: string | undefined): boolean => {
  const inside = scan.open.at(-1);
  if (character === '}') return inside === '{' && ['keyOrEnd', 'commaOrEnd'].includes(scan.expecting);
  return character === ']' && inside === '[' && ['valueOrEnd', 'commaOrEnd'].includes(scan.expecting);
};

const advance = (scan: Scan, at: number, expecting: Expecting): undefined => {
  scan.at = at;
  scan.expecting = expecting;
};

/** Takes one token; the expectation it breaks, if it does, with `scan.at` on the fault. */
const step = (text: string, scan: Scan): string | undefined => {
  const { at, expecting } = scan;
  const character = text[at];
  if (character === '"' && (isValue(expecting) || isKey(expecting))) {
    const end = endOfString(text, at);
    if (typeof end === 'number') return advance(scan, end, isKey(expecting) ? 'colon' : 'commaOrEnd');
    scan.at = end.at;
    return end.expected;
  }
  if (expecting === 'colon' && character === ':') return advance(scan, at + 1, 'value');
  if (expecting === 'commaOrEnd' && character === ',')
    return advance(scan, at + 1, scan.open.at(-1) === '{' ? 'key' : 'value');
  if (closes(scan, character)) {
    scan.open.pop();
    return advance(scan, at + 1, 'commaOrEnd');
  }
  if (isValue(expecting) && (character === '{' || character === '[')) {
    scan.open.push(character);
    return advance(scan, at + 1, character === '{' ? 'keyOrEnd' : 'valueOrEnd');
  }
  const end = isValue(expecting) ? skip(scalar, text, at) : at;
  return end === at ? expectations[expecting] : advance(scan, end, 'commaOrEnd');
};

const faultAt = (text: string, offset: number, expected: string): JsonFault => {
  const before = text.slice(0, offset);
  const column = offset - (before.lastIndexOf('\n') + 1) + 1;
  const rest = text.slice(offset, offset + 20).split(/[\r\n]/, 1)[0] ?? '';
  const came = offset >= text.length ? 'the end of the text' : JSON.stringify(rest);
  return { offset, line: before.split('\n').length, column, came, expected: slip(text, offset, expected) };
};

/**
 * The first fault of a text that `JSON.parse` refuses, or undefined when it is JSON. V8 names no position for short
 * texts, and a person with a 2 MB body needs one.
 */
export const findJsonFault = (text: string): JsonFault | undefined => {
  const scan: Scan = { at: skip(whiteSpace, text, 0), expecting: 'value', open: [] };
  for (;;) {
    const broken = step(text, scan);
    if (broken !== undefined) return faultAt(text, scan.at, broken);
    scan.at = skip(whiteSpace, text, scan.at);
    const isComplete = scan.expecting === 'commaOrEnd' && scan.open.length === 0;
    if (isComplete)
      return scan.at < text.length ? faultAt(text, scan.at, 'nothing after the value') : undefined;
  }
};
