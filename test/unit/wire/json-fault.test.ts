import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findJsonFault } from '../../../lib/wire/json-fault.ts';

const isJson = (text: string) => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

describe('the place where JSON breaks', () => {
  it.each([
    ['', 1, 1, 'a value'],
    ['{"a":abc}', 1, 6, 'a value'],
    ['{"a":1,}', 1, 8, 'a key in double quotes'],
    ['{"a":1\n "b":2}', 2, 2, 'a comma or the closing bracket'],
    ['[1 2]', 1, 4, 'a comma or the closing bracket'],
    ['{a:1}', 1, 2, 'a key in double quotes or }'],
    ['{"a" 1}', 1, 6, 'a colon'],
    ['[1]]', 1, 4, 'nothing after the value'],
    ['"abc', 1, 5, 'a closing double quote'],
    ['"a\\x"', 1, 3, 'a valid escape'],
    ['[01]', 1, 2, 'a value or ]'],
    ['{"a":NaN}', 1, 6, 'NaN and Infinity are not JSON: send null'],
    ["{'a':1}", 1, 2, 'double quotes only'],
  ])('of %j is line %i, column %i', (text, line, column, expected) => {
    const fault = findJsonFault(text);

    expect(fault).toMatchObject({ line, column });
    expect(fault?.expected).toContain(expected);
  });

  it('is none in anything JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(0, 2), (value, indent) => {
        expect(findJsonFault(JSON.stringify(value, null, indent))).toBeUndefined();
      }),
    );
  });

  it('is found exactly when JSON.parse refuses the text', () => {
    const piece = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ':',
      ',',
      '"a"',
      '1',
      '-0.5e3',
      'true',
      'nul',
      ' ',
      '"',
      '\\',
      '\n',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 9 }), (pieces) => {
        const text = pieces.join('');

        expect(findJsonFault(text) === undefined).toBe(isJson(text));
      }),
      { numRuns: 2000 },
    );
  });

  it('survives a body of a million opening brackets', () => {
    expect(findJsonFault('['.repeat(1_000_000))?.offset).toBe(1_000_000);
  });
});
