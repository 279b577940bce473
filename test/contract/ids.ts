import { describe, expect, it } from 'vitest';
import type { Ids } from '../../lib/ports/ids.ts';

/** What every Ids promises; each adapter runs it. */
export const idsContract = (name: string, makeIds: () => Ids): void => {
  describe(`${name} keep the promises of ids`, () => {
    it('are 26 lower-case characters of Crockford, which people do not misread', () => {
      expect(makeIds().next()).toMatch(/^[0-9a-hjkmnp-tv-z]{26}$/u);
    });

    it('are unique and sort in the order they were made, many in one millisecond', () => {
      const ids = makeIds();

      const made = Array.from({ length: 5000 }, () => ids.next());

      expect(new Set(made).size).toBe(made.length);
      expect(made.toSorted()).toEqual(made);
    });

    it('give secrets of 256 bits in base64url, each another', () => {
      const ids = makeIds();

      const secrets = Array.from({ length: 100 }, () => ids.secret());

      expect(new Set(secrets).size).toBe(100);
      for (const secret of secrets) expect(secret).toMatch(/^[\w-]{43}$/u);
      expect(Buffer.from(secrets[0] ?? '', 'base64url')).toHaveLength(32);
    });
  });
};
