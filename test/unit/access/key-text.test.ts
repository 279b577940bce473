import { describe, expect, it } from 'vitest';
import { systemIds } from '../../../lib/adapters/local/system-ids.ts';
import { hashSecret, readKeyText, writeKeyText } from '../../../lib/domain/access/index.ts';
import { fixedClock } from '../../support/index.ts';

describe('the text of a key', () => {
  it('is read as it was written, whatever the secret holds', () => {
    const ids = systemIds({ clock: fixedClock() });
    for (let round = 0; round < 200; round += 1) {
      const key = { keyId: ids.next(), secret: ids.secret() };
      expect(readKeyText(writeKeyText(key))).toEqual(key);
    }
  });

  it('is nothing else: neither cut, nor longer, nor of another make', () => {
    const ids = systemIds({ clock: fixedClock() });
    const text = writeKeyText({ keyId: ids.next(), secret: ids.secret() });

    for (const wrong of [
      text.slice(0, -1),
      `${text}A`,
      ` ${text}`,
      `${text}\n`,
      text.replace('mr_', 'sk_'),
      '',
    ])
      expect(readKeyText(wrong)).toBeUndefined();
  });

  it('is hashed by sha256', () => {
    expect(hashSecret('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });
});
