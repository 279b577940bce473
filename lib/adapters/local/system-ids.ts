import { randomBytes } from 'node:crypto';
import type { Clock } from '../../ports/clock.ts';
import type { Ids } from '../../ports/ids.ts';

/** Crockford's base 32: no i, l, o, u, so that an id read aloud is the id typed. */
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
const randomBits = 80n;

const crockford = (value: bigint, characters: number): string => {
  let text = '';
  for (let rest = value; text.length < characters; rest >>= 5n)
    text = `${alphabet.charAt(Number(rest & 31n))}${text}`;
  return text;
};

/**
 * Real identifiers: 48 bits of time, then 80 random bits (a ULID in lower case). Within one process each is greater
 * than the last, also within one millisecond or after the clock was set back: then the last one is counted up.
 */
export const systemIds = (options: { readonly clock: Clock }): Ids => {
  let last = 0n;
  const next = () => {
    const random = BigInt(`0x${randomBytes(10).toString('hex')}`);
    const fresh = (BigInt(options.clock.now()) << randomBits) | random;
    const isLaterMillisecond = fresh >> randomBits > last >> randomBits;
    last = isLaterMillisecond ? fresh : last + 1n;
    return crockford(last, 26);
  };
  return { next, secret: () => randomBytes(32).toString('base64url') };
};
