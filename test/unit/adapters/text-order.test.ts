import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareUtf8, prefixEnd } from '../../../lib/adapters/shared/text-order.ts';

const text = fc.string({
  unit: fc.constantFrom('a', 'b', '\u007f', 'é', '\ud7ff', '\ue000', '\uffff', '😀', '\u{10ffff}'),
  maxLength: 5,
});
const bytewise = (a: string, b: string) => Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b)));

describe('the order of text', () => {
  it('is that of UTF-8 bytes', () => {
    fc.assert(
      fc.property(text, text, (a, b) => Math.sign(compareUtf8(a, b)) === bytewise(a, b)),
      { seed: 1, numRuns: 500 },
    );
  });

  it('turns a prefix into a range that holds exactly what starts with it', () => {
    const isInRange = (prefix: string, candidate: string) => {
      const end = prefixEnd(prefix);
      return bytewise(candidate, prefix) >= 0 && (end === undefined || bytewise(candidate, end) < 0);
    };

    fc.assert(
      fc.property(text, text, (prefix, other) => {
        for (const candidate of [other, prefix + other]) {
          expect(isInRange(prefix, candidate)).toBe(candidate.startsWith(prefix));
        }
      }),
      { seed: 1, numRuns: 500 },
    );
  });
});
