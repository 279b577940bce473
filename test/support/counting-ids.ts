import type { Ids } from '../../lib/ports/ids.ts';

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

const crockford = (count: number): string =>
  Array.from({ length: 26 }, (_, place) => alphabet[Math.floor(count / 32 ** (25 - place)) % 32] ?? '0').join(
    '',
  );

/** Ids 00…01, 00…02, …, and secrets that only look secret: the same in every run. */
export const countingIds = (): Ids => {
  let ids = 0;
  let secrets = 0;
  return {
    next: () => {
      ids += 1;
      return crockford(ids);
    },
    secret: () => {
      secrets += 1;
      const bytes = Buffer.alloc(32);
      bytes.writeUInt32BE(secrets, 28);
      return bytes.toString('base64url');
    },
  };
};
